namespace CoolChat.Testing;

/// <summary>
/// The server that a suite talks to: the one at COOLCHAT_URL, so that the same suite runs against any deployment, or else a standalone
/// process of its own.
/// </summary>
public sealed class TestServer : IAsyncDisposable
{
    private TestServer(Uri url, StandaloneProcess? process)
    {
        Url = url;
        Process = process;
    }

    /// <summary>Where it is.</summary>
    public Uri Url { get; }

    /// <summary>Its process; null for a deployment.</summary>
    public StandaloneProcess? Process { get; }

    /// <summary>Starts or finds it.</summary>
    public static async Task<TestServer> StartAsync(StandaloneSettings? settings = null)
    {
        if (Environment.GetEnvironmentVariable("COOLCHAT_URL") is { Length: > 0 } url)
            return new TestServer(new Uri(url.EndsWith('/') ? url : url + "/"), null);
        StandaloneProcess process = await StandaloneProcess.StartAsync(settings);
        return new TestServer(process.Url, process);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Process?.DisposeAsync() ?? ValueTask.CompletedTask;
}
