using System.Collections.Concurrent;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ContractTests.Messaging;
using CoolChat.ContractTests.Redis;
using CoolChat.Engines.RabbitMq;
using CoolChat.Engines.RabbitMq.Events;
using CoolChat.Engines.Redis;
using CoolChat.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;
using Xunit;

namespace CoolChat.ContractTests.Events;

/// <summary>Nodes on the exchange of one test, on the real broker; some by a network that can be cut.</summary>
public sealed class EventNodes : IAsyncDisposable
{
    private readonly List<RabbitMqIntegrationEvents> _nodes = [];
    private readonly CommandBroker _broker = new();
    private CutProxy? _network;

    public string Prefix { get; } = "test-" + Guid.NewGuid().ToString("N")[..12];

    public CutProxy Network => _network!;

    public async Task<RabbitMqIntegrationEvents> OpenAsync(string? address = null, bool connected = true)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(await _broker.ConfigurationAsync(Prefix, address: address)).Build();
        RabbitMqIntegrationEvents node = new(RabbitMqEngine.Open(configuration), "test", NullLogger<RabbitMqIntegrationEvents>.Instance);
        _nodes.Add(node);
        await node.StartAsync(CancellationToken.None);
        if (connected)
            await Eventually.TrueAsync(() => node.IsConnected, "the node is connected");
        return node;
    }

    public async Task<RabbitMqIntegrationEvents> OpenThroughNetworkAsync()
    {
        Uri broker = new(await Testing.Engines.RabbitMqAsync());
        _network ??= new CutProxy(broker.Host, broker.Port);
        return await OpenAsync(new UriBuilder(broker) { Host = "127.0.0.1", Port = _network.Port }.Uri.AbsoluteUri);
    }

    public Task<IConnection> ConnectAsync() => _broker.ConnectAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (RabbitMqIntegrationEvents node in _nodes)
        {
            await node.StopAsync(CancellationToken.None);
            node.Dispose();
        }
        if (_network is not null)
            await _network.DisposeAsync();
        if (_nodes.Count > 0)
        {
            await using IConnection connection = await _broker.ConnectAsync();
            await using IChannel channel = await connection.CreateChannelAsync();
            await channel.ExchangeDeleteAsync(Prefix + ".events");
        }
        await _broker.DisposeAsync();
    }
}

/// <summary>The suite as processes of a cluster have it: ended sessions by Redis, the others by RabbitMQ.</summary>
public sealed class ClusterIntegrationEventsTests : IntegrationEventsContract, IAsyncLifetime
{
    private readonly Backend _redis = new();
    private readonly EventNodes _nodes = new();

    public ValueTask InitializeAsync() => _redis.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _nodes.DisposeAsync();
    }

    protected override async Task<IIntegrationEvents> OpenAsync() => await _redis.OpenAsync(await _nodes.OpenAsync());

    private sealed class Backend : RedisHost
    {
        public async Task<IIntegrationEvents> OpenAsync(IIntegrationEvents inner)
        {
            RedisSessionRevocations opened = new(Connect(), inner, TimeSpan.FromMinutes(20), TimeProvider.System, NullLogger<RedisSessionRevocations>.Instance);
            Closing(new Stopping(opened));
            await opened.StartAsync(Token);
            return opened;
        }
    }
}

/// <summary>What RabbitMQ adds: a broker that is away, and messages that are none.</summary>
public sealed class RabbitMqIntegrationEventsTests : IAsyncLifetime
{
    private readonly EventNodes _nodes = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _nodes.DisposeAsync();

    private static ConcurrentQueue<T> Hear<T>(RabbitMqIntegrationEvents node)
        where T : class
    {
        ConcurrentQueue<T> heard = [];
        node.Subscribe<T>((told, _) =>
        {
            heard.Enqueue(told);
            return ValueTask.CompletedTask;
        });
        return heard;
    }

    private static BlockChanged SomeBlock() => new(Guid.CreateVersion7(), Guid.CreateVersion7(), true);

    [Fact]
    public async Task Publish_IsHeardByTheOwnProcess_BeforeItReturns_AndOnce()
    {
        RabbitMqIntegrationEvents here = await _nodes.OpenAsync(), there = await _nodes.OpenAsync();
        ConcurrentQueue<BlockChanged> own = Hear<BlockChanged>(here), others = Hear<BlockChanged>(there);
        BlockChanged first = SomeBlock(), second = SomeBlock();
        await here.PublishAsync(first, Token);
        Assert.Equal([first], own);
        // Its own comes back from the broker before the one that follows it.
        await there.PublishAsync(second, Token);
        await Eventually.TrueAsync(() => own.Contains(second) && others.Contains(first), "both hear both");
        Assert.Equal([first, second], own);
    }

    [Fact]
    public async Task Broker_Away_HintsAreLetGo_FactsRefused_AndItComesBack()
    {
        RabbitMqIntegrationEvents here = await _nodes.OpenThroughNetworkAsync(), there = await _nodes.OpenAsync();
        ConcurrentQueue<BlockChanged> own = Hear<BlockChanged>(here), others = Hear<BlockChanged>(there);
        _nodes.Network.Cut();
        BlockChanged alone = SomeBlock(), later = SomeBlock();
        await here.PublishAsync(alone, Token);
        Assert.Equal([alone], own);
        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(async () => await here.PublishAsync(new AccountDeleted(Guid.CreateVersion7()), Token));
        Assert.Equal(ErrorCodes.Unavailable, refused.Refusal.Code);
        _nodes.Network.Mend();
        await Eventually.TrueAsync(
            async () =>
            {
                await here.PublishAsync(later, Token);
                return others.Contains(later);
            },
            "it is heard again");
        await there.PublishAsync(later with { IsBlocked = false }, Token);
        await Eventually.TrueAsync(() => own.Contains(later with { IsBlocked = false }), "it hears again");
    }

    [Fact]
    public async Task Start_WithoutABroker_GoesOn_AndSubscribesLater()
    {
        RabbitMqIntegrationEvents alone = await _nodes.OpenAsync("amqp://127.0.0.1:1", connected: false);
        ConcurrentQueue<ProfileChanged> heard = Hear<ProfileChanged>(alone);
        ProfileChanged changed = new(Guid.CreateVersion7());
        await alone.PublishAsync(changed, Token);
        Assert.Equal([changed], heard);
    }

    [Fact]
    public async Task Message_ThatIsNoEvent_OrWhoseHandlerFails_DoesNotStopTheNext()
    {
        RabbitMqIntegrationEvents node = await _nodes.OpenAsync(), other = await _nodes.OpenAsync();
        ConcurrentQueue<AccountDeleted> heard = Hear<AccountDeleted>(node);
        using IDisposable failing = node.Subscribe<BlockChanged>(static (_, _) => throw new InvalidOperationException("a handler's bug"));
        await using (IConnection connection = await _nodes.ConnectAsync())
        {
            await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Token);
            foreach ((string name, string body) in new[] { ("account.deleted.v1", "no JSON"), ("account.deleted.v1", "null"), ("account.deleted.v1", "{}"), ("of.the.future", "{}") })
                await channel.BasicPublishAsync(_nodes.Prefix + ".events", name, System.Text.Encoding.UTF8.GetBytes(body), Token);
        }
        await other.PublishAsync(SomeBlock(), Token);
        AccountDeleted last = new(Guid.CreateVersion7());
        await other.PublishAsync(last, Token);
        await Eventually.TrueAsync(() => heard.Contains(last), "the next is heard");
        Assert.Equal([last], heard);
    }

    [Fact]
    public async Task Queue_OfANode_GoesWithIt()
    {
        RabbitMqIntegrationEvents node = await _nodes.OpenAsync(), stays = await _nodes.OpenAsync();
        await node.StopAsync(Token);
        // Nobody listens to what goes: the broker takes it all the same.
        await stays.PublishAsync(new AccountDeleted(Guid.CreateVersion7()), Token);
        await stays.StopAsync(Token);
        Assert.False(stays.IsConnected);
        using HttpClient management = await ManagementAsync();
        await Eventually.TrueAsync(
            async () => !(await management.GetStringAsync(new Uri("api/queues", UriKind.Relative), Token)).Contains(_nodes.Prefix + ".events", StringComparison.Ordinal),
            "no queue is left");
    }

    private static async Task<HttpClient> ManagementAsync()
    {
        Uri address = new(await Testing.Engines.RabbitMqManagementAsync());
        string user = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo)));
        return new HttpClient
        {
            BaseAddress = new UriBuilder(address) { UserName = "", Password = "" }.Uri,
            DefaultRequestHeaders = { Authorization = new("Basic", user) },
        };
    }
}
