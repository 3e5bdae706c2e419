using System.Diagnostics;
using System.Globalization;
using CoolChat.Testing;

namespace CoolChat.Load.Targets;

/// <summary>The bare relay, as a process of its own with this program's runtime settings.</summary>
internal sealed class RelayTarget : ITarget
{
    private readonly Process _process;

    private RelayTarget(Uri url, Process process)
    {
        Url = url;
        _process = process;
    }

    public string Name => "relay";

    public Uri Url { get; }

    public int Pid => _process.Id;

    public static async Task<RelayTarget> StartAsync()
    {
        int port = StandaloneProcess.FreePort();
        ProcessStartInfo start = new("dotnet") { RedirectStandardInput = true };
        string assembly = typeof(RelayTarget).Assembly.Location;
        // The server's own runtime settings (garbage collector, thread pool), so that the ratio compares programs and not settings.
        string settings = Path.ChangeExtension(Repository.StandaloneAssembly, ".runtimeconfig.json");
        string[] arguments =
        [
            "exec", "--runtimeconfig", settings, "--depsfile", Path.ChangeExtension(assembly, ".deps.json"), assembly,
            "relay", "--port", port.ToString(CultureInfo.InvariantCulture),
        ];
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        Process process = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => End(process);
        Uri url = new($"http://127.0.0.1:{port}/");
        using HttpClient http = new();
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    return (await http.GetAsync(new Uri(url, "health"))).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the relay answers");
        return new RelayTarget(url, process);
    }

    public Task<IReadOnlyList<Peer>> PrepareAsync(int people, int roomSize, CancellationToken cancellationToken)
    {
        List<Peer> peers = [];
        Guid room = Guid.Empty;
        for (int i = 0; i < people; i++)
        {
            if (i % roomSize == 0)
                room = Guid.NewGuid();
            peers.Add(new Peer($"{i}/{room}", room));
        }
        return Task.FromResult<IReadOnlyList<Peer>>(peers);
    }

    public ValueTask DisposeAsync()
    {
        End(_process);
        return ValueTask.CompletedTask;
    }

    // Not disposed of: an end by Ctrl+C comes here too, at any moment.
    private static void End(Process process)
    {
        if (!process.HasExited)
            process.Kill();
    }
}
