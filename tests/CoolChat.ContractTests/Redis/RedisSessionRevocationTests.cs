using System.Collections.Concurrent;
using CoolChat.Contracts.Internal;
using CoolChat.Engines;
using CoolChat.Engines.Redis;
using CoolChat.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CoolChat.ContractTests.Redis;

/// <summary>Two and more processes on one real Redis, which is flushed and killed.</summary>
public sealed class RedisSessionRevocationTests : RedisHost
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(20);

    [Fact]
    public async Task Publish_Ended_IsKnownAndToldEverywhereWithinASecond()
    {
        RedisSessionRevocations here = await OpenAsync();
        RedisSessionRevocations there = await OpenAsync();
        ConcurrentQueue<SessionRevoked> heard = Listen(there);
        SessionRevoked revoked = New();

        await here.PublishAsync(revoked, Token);

        Assert.True(here.IsRevoked(revoked.SessionId));
        await Eventually.TrueAsync(() => there.IsRevoked(revoked.SessionId) && heard.Contains(revoked), "the other process knows", TimeSpan.FromSeconds(30));
        Assert.False(there.IsRevoked(Guid.NewGuid()));
    }

    [Fact]
    public async Task Publish_Repeated_IsToldOnce()
    {
        RedisSessionRevocations here = await OpenAsync();
        RedisSessionRevocations there = await OpenAsync();
        ConcurrentQueue<SessionRevoked> heard = Listen(there);
        SessionRevoked first = New(), last = New();

        await here.PublishAsync(first, Token);
        await here.PublishAsync(first, Token);
        await here.PublishAsync(last, Token);

        await Eventually.TrueAsync(() => heard.Contains(last), "the last is heard");
        Assert.Equal([first, last], heard.Order(Comparer<SessionRevoked>.Create((a, b) => (a == last).CompareTo(b == last))));
    }

    [Fact]
    public async Task Start_EndedBefore_IsKnownAtOnce()
    {
        SessionRevoked revoked = New();
        await (await OpenAsync()).PublishAsync(revoked, Token);

        Assert.True((await OpenAsync()).IsRevoked(revoked.SessionId));
    }

    [Fact]
    public async Task Flush_AnyProcessPutsItBack()
    {
        await UseOwnAsync();
        SessionRevoked revoked = New();
        RedisSessionRevocations here = await OpenAsync();
        await here.PublishAsync(revoked, Token);

        await FlushAsync();

        await Eventually.TrueAsync(async () => (await OpenAsync()).IsRevoked(revoked.SessionId), "a new process knows again", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Publish_RedisKilled_IsToldWhenItIsBack()
    {
        await UseOwnAsync();
        RedisSessionRevocations here = await OpenAsync();
        RedisSessionRevocations there = await OpenAsync();
        SessionRevoked before = New(), during = New();
        await here.PublishAsync(before, Token);
        await Eventually.TrueAsync(() => there.IsRevoked(before.SessionId), "known before");

        await KillAsync();
        await here.PublishAsync(during, Token);
        Assert.True(here.IsRevoked(during.SessionId));
        Assert.True(there.IsRevoked(before.SessionId));
        Assert.False(there.IsRevoked(during.SessionId));

        await StartAgainAsync();
        await Eventually.TrueAsync(() => there.IsRevoked(during.SessionId), "told when Redis is back", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Publish_AnotherEvent_TakesTheInnerWay()
    {
        RedisSessionRevocations here = await OpenAsync();
        List<Guid> heard = [];
        using IDisposable subscription = here.Subscribe<AccountDeleted>((deleted, _) =>
        {
            heard.Add(deleted.UserId);
            return ValueTask.CompletedTask;
        });
        Guid user = Guid.NewGuid();
        await here.PublishAsync(new AccountDeleted(user), Token);
        Assert.Equal([user], heard);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("host:6379,nonsense=1")]
    public void Open_AddressMissingOrWrong_NamesTheKey(string? address)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:redis"] = address }).Build();
        EngineStartException refused = Assert.Throws<EngineStartException>(() => RedisEngine.Open(configuration));
        Assert.StartsWith("ConnectionStrings:redis ", refused.Message, StringComparison.Ordinal);
    }

    private static SessionRevoked New() => new(Guid.CreateVersion7(), Guid.CreateVersion7());

    private static ConcurrentQueue<SessionRevoked> Listen(RedisSessionRevocations events)
    {
        ConcurrentQueue<SessionRevoked> heard = [];
        events.Subscribe<SessionRevoked>((revoked, _) =>
        {
            heard.Enqueue(revoked);
            return ValueTask.CompletedTask;
        });
        return heard;
    }

    private async Task<RedisSessionRevocations> OpenAsync()
    {
        RedisSessionRevocations opened = new(
            Connect(), new InProcessIntegrationEvents(), Memory, TimeProvider.System, NullLogger<RedisSessionRevocations>.Instance);
        Closing(new Stopping(opened));
        await opened.StartAsync(Token);
        return opened;
    }
}
