using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CoolChat.Testing;

/// <summary>A service of the cluster (gateway, chat, user, processing, media) as a process of its own on a free loopback port. Gone after <see cref="DisposeAsync"/>.</summary>
public sealed partial class ServiceProgram : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int SigStop = 19;
    private const int SigCont = 18;
    private const int OutputLines = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _service;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly EventHandler _onExit;
    private Process? _process;
    private string[] _settings = [];

    /// <param name="service">Its folder below services: gateway.</param>
    public ServiceProgram(string service)
    {
        _service = service;
        Url = new Uri($"http://127.0.0.1:{StandaloneProcess.FreePort()}/");
        _onExit = (_, _) => Kill();
        AppDomain.CurrentDomain.ProcessExit += _onExit;
    }

    /// <summary>Where it listens once it is started.</summary>
    public Uri Url { get; }

    /// <summary>The last lines that it wrote.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Exit code, once it has ended.</summary>
    public int? ExitCode => _process is { HasExited: true } ended ? ended.ExitCode : null;

    /// <summary>Starts it, also again after an end, and waits until it is healthy.</summary>
    /// <param name="settings">Key=value.</param>
    public Task StartAsync(params string[] settings)
    {
        Launch(settings);
        return WaitUntilHealthyAsync();
    }

    /// <summary>Starts it after an end, with the settings that it had, and waits until it is healthy.</summary>
    public Task StartAgainAsync() => StartAsync(_settings);

    /// <summary>Waits until it is healthy.</summary>
    public async Task WaitUntilHealthyAsync()
    {
        using HttpClient http = new() { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(5) };
        await Eventually.TrueAsync(() => IsHealthyAsync(http), $"{_service} is healthy", Patience);
    }

    /// <summary>Starts it without waiting for anything.</summary>
    public void Launch(params string[] settings)
    {
        _settings = settings;
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["exec", Repository.ServiceAssembly(_service), $"--urls={Url.GetLeftPart(UriPartial.Authority)}", .. settings.Select(setting => "--" + setting)])
            start.ArgumentList.Add(argument);
        _process?.Dispose();
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Holds it up (SIGSTOP) until <see cref="Resume"/>: its connections stay open, nothing answers.</summary>
    public void Pause() => _ = SendSignal(_process!.Id, SigStop);

    /// <summary>Lets it go on as if nothing had happened.</summary>
    public void Resume() => _ = SendSignal(_process!.Id, SigCont);

    /// <summary>Asks it to end (SIGTERM) and waits for it.</summary>
    public async Task StopAsync()
    {
        _ = SendSignal(_process!.Id, SigTerm);
        await WaitForExitAsync();
    }

    /// <summary>Waits until it has ended.</summary>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    public async Task WaitForExitAsync()
    {
        using CancellationTokenSource deadline = new(Patience);
        try
        {
            await _process!.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_service} did not end in time. It wrote:\n{Output}");
        }
    }

    private async Task<bool> IsHealthyAsync(HttpClient http)
    {
        if (_process!.HasExited)
            throw new InvalidOperationException($"{_service} ended with {_process.ExitCode}. It wrote:\n{Output}");
        try
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri("health", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    /// <summary>Ends it at once (SIGKILL).</summary>
    public void Kill()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        while (_output.Count > OutputLines)
            _output.TryDequeue(out _);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= _onExit;
        Kill();
        _process?.Dispose();
        _process = null;
        return ValueTask.CompletedTask;
    }
}
