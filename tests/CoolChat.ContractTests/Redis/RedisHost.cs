using CoolChat.Engines.Redis;
using CoolChat.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using Xunit;

namespace CoolChat.ContractTests.Redis;

/// <summary>
/// A Redis for a test class: the shared one under a prefix of its own, or one that the test stops and kills. Everything opened is closed
/// at the end.
/// </summary>
public abstract class RedisHost : IAsyncLifetime
{
    private const string Engine = "redis";
    private readonly List<IAsyncDisposable> _opened = [];
    private readonly string _prefix = $"test:{Guid.NewGuid():N}:";
    private EngineSet? _own;
    private string _address = "";

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _address = await Testing.Engines.RedisAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        for (int i = _opened.Count - 1; i >= 0; i--)
            await _opened[i].DisposeAsync();
        if (_own is not null)
            await _own.DisposeAsync();
    }

    /// <summary>From now on connections go to a Redis of this test's own.</summary>
    protected async Task UseOwnAsync()
    {
        _own = new EngineSet();
        _address = await Testing.Engines.StartInAsync(_own, Engine);
    }

    protected Task KillAsync() => _own!.StopAsync(Engine, kill: true);

    protected Task StartAgainAsync() => _own!.StartAsync(Engine);

    /// <summary>Everything that Redis holds is gone.</summary>
    protected async Task FlushAsync()
    {
        await using ConnectionMultiplexer admin = await AdminAsync();
        await admin.GetServers()[0].FlushAllDatabasesAsync();
    }

    /// <summary>Ends the connections that listen to channels; they come back by themselves.</summary>
    protected async Task CutSubscribersAsync()
    {
        await using ConnectionMultiplexer admin = await AdminAsync();
        await admin.GetServers()[0].ExecuteAsync("CLIENT", "KILL", "TYPE", "pubsub");
    }

    private Task<ConnectionMultiplexer> AdminAsync() => ConnectionMultiplexer.ConnectAsync(_address + ",allowAdmin=true");

    private protected RedisEngine Connect()
    {
        RedisEngine engine = RedisEngine.Open(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            [RedisEngine.ConnectionStringKey] = _address,
            [RedisEngine.PrefixKey] = _prefix,
        }).Build());
        _opened.Add(engine);
        return engine;
    }

    /// <summary>Closed before the connection that it uses.</summary>
    protected T Closing<T>(T opened)
        where T : IAsyncDisposable
    {
        _opened.Add(opened);
        return opened;
    }
}

/// <summary>Stops a hosted service at the end of a test.</summary>
internal sealed class Stopping(IHostedService service) : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await service.StopAsync(CancellationToken.None);
}
