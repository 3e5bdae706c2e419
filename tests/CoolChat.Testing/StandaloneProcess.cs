using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace CoolChat.Testing;

/// <summary>How a <see cref="StandaloneProcess"/> is started.</summary>
public sealed record StandaloneSettings
{
    /// <summary>Data folder; null: a temporary one, deleted at the end.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Configuration, as keys with colons.</summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();

    /// <summary>Further command line arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>How long it may take until /health answers.</summary>
    public TimeSpan StartWithin { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>
/// The built server as a process of its own, on a free loopback port and a data folder of its own. Can be stopped, killed and started
/// again on the same folder and port. Always gone after <see cref="DisposeAsync"/>, or with the process that started it.
/// </summary>
public sealed partial class StandaloneProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int OutputLines = 2000;
    private readonly StandaloneSettings _settings;
    private readonly bool _ownsFolder;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly EventHandler _onExit;
    private Process? _process;

    private StandaloneProcess(StandaloneSettings settings)
    {
        _settings = settings;
        _ownsFolder = settings.DataFolder is null;
        DataFolder = settings.DataFolder ?? Directory.CreateTempSubdirectory("coolchat-test-").FullName;
        Url = new Uri($"http://127.0.0.1:{FreePort()}/");
        _onExit = (_, _) => Kill();
        AppDomain.CurrentDomain.ProcessExit += _onExit;
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>Its data.</summary>
    public string DataFolder { get; }

    /// <summary>Process id of the running server.</summary>
    public int Id => _process?.Id ?? throw new InvalidOperationException("The server is not running.");

    /// <summary>Whether it runs.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Exit code of the last run.</summary>
    public int? ExitCode => _process is { HasExited: true } ended ? ended.ExitCode : null;

    /// <summary>The last lines that it wrote.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Starts a server and waits until it is healthy.</summary>
    public static async Task<StandaloneProcess> StartAsync(StandaloneSettings? settings = null, CancellationToken cancellationToken = default)
    {
        StandaloneProcess server = new(settings ?? new StandaloneSettings());
        try
        {
            await server.StartAgainAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it after <see cref="Kill"/> or <see cref="StopAsync"/>, on the same folder and port.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        Launch();
        await WaitUntilHealthyAsync(cancellationToken);
    }

    /// <summary>Starts it without waiting for anything.</summary>
    public void Launch()
    {
        if (IsRunning)
            throw new InvalidOperationException("The server runs already.");
        if (!File.Exists(Repository.StandaloneAssembly))
            throw new FileNotFoundException("Build CoolChat.Standalone first.", Repository.StandaloneAssembly);
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Repository.StandaloneAssembly);
        foreach (string argument in (string[])["--urls", Url.GetLeftPart(UriPartial.Authority), "--data", DataFolder, .. _settings.Arguments])
            start.ArgumentList.Add(argument);
        foreach ((string key, string value) in _settings.Configuration)
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        _process?.Dispose();
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Ends it at once, as a crash or a power cut would.</summary>
    public void Kill()
    {
        if (_process is null)
            return;
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Asks it to end (SIGTERM) and waits for it.</summary>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    public async Task StopAsync(TimeSpan? within = null)
    {
        if (!IsRunning)
            return;
        _ = SendSignal(Id, SigTerm);
        await WaitForExitAsync(within);
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public async Task WaitForExitAsync(TimeSpan? within = null)
    {
        using CancellationTokenSource deadline = new(within ?? TimeSpan.FromSeconds(30));
        try
        {
            await _process!.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException("The server did not end in time. It wrote:\n" + Output);
        }
    }

    private async Task WaitUntilHealthyAsync(CancellationToken cancellationToken)
    {
        using HttpClient http = new() { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            await Eventually.TrueAsync(() => IsHealthyAsync(http, cancellationToken), "the server is healthy", _settings.StartWithin);
        }
        catch (TimeoutException timeout)
        {
            throw new TimeoutException($"{timeout.Message}. It wrote:\n{Last(Output)}", timeout);
        }
    }

    private async Task<bool> IsHealthyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!IsRunning)
            throw new InvalidOperationException($"The server ended with {ExitCode}. It wrote:\n{Last(Output)}");
        try
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri("health", UriKind.Relative), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static string Last(string text) => text.Length <= 4000 ? text : "... " + text[^4000..];

    private void Keep(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        while (_output.Count > OutputLines)
            _output.TryDequeue(out _);
    }

    /// <summary>A loopback port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= _onExit;
        if (IsRunning)
            Kill();
        _process?.Dispose();
        _process = null;
        if (_ownsFolder)
            Directory.Delete(DataFolder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
