using System.Collections.Concurrent;
using CoolChat.Contracts.Internal;
using CoolChat.Testing;
using Xunit;

namespace CoolChat.ContractTests.Events;

/// <summary>
/// What every <see cref="IIntegrationEvents"/> does, in one process or between several: told at least once, to all who asked, in the order of one publisher.
/// Each <see cref="OpenAsync"/> is another process on the same backend.
/// </summary>
public abstract class IntegrationEventsContract
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<IIntegrationEvents> OpenAsync();

    /// <summary>Hears what is published from the moment this is returned on.</summary>
    private static ConcurrentQueue<T> Hear<T>(IIntegrationEvents events, out IDisposable subscription)
        where T : class
    {
        ConcurrentQueue<T> heard = [];
        subscription = events.Subscribe<T>((told, _) =>
        {
            heard.Enqueue(told);
            return ValueTask.CompletedTask;
        });
        return heard;
    }

    private static Task UntilAsync(Func<bool> condition, string what) => Eventually.TrueAsync(condition, what, Patience);

    [Fact]
    public async Task Publish_Event_ReachesAllWhoAskedForItsType_AlsoElsewhere()
    {
        IIntegrationEvents here = await OpenAsync(), there = await OpenAsync();
        ConcurrentQueue<SessionRevoked>[] heard = [Hear<SessionRevoked>(here, out _), Hear<SessionRevoked>(here, out _), Hear<SessionRevoked>(there, out _)];
        ConcurrentQueue<AccountDeleted> others = Hear<AccountDeleted>(there, out _);
        SessionRevoked told = new(Guid.CreateVersion7(), Guid.CreateVersion7());
        await here.PublishAsync(told, Token);
        await UntilAsync(() => heard.All(queue => queue.Contains(told)), "everybody hears it");
        Assert.Empty(others);
    }

    [Fact]
    public async Task Publish_OneAfterTheOther_ArrivesInThatOrder()
    {
        IIntegrationEvents here = await OpenAsync(), there = await OpenAsync();
        ConcurrentQueue<BlockChanged> heard = Hear<BlockChanged>(there, out _);
        (Guid blocker, Guid blocked) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        BlockChanged[] told = [.. Enumerable.Range(0, 50).Select(i => new BlockChanged(blocker, blocked, i % 2 == 0))];
        foreach (BlockChanged change in told)
            await here.PublishAsync(change, Token);
        await UntilAsync(() => heard.Count >= told.Length, "all of them are heard");
        Assert.Equal(told, heard.Take(told.Length));
    }

    [Fact]
    public async Task Subscription_Disposed_HearsNoMore_AndTheOthersDo()
    {
        IIntegrationEvents here = await OpenAsync();
        ConcurrentQueue<ProfileChanged> gone = Hear<ProfileChanged>(here, out IDisposable subscription);
        ConcurrentQueue<ProfileChanged> stays = Hear<ProfileChanged>(here, out _);
        subscription.Dispose();
        subscription.Dispose();
        await here.PublishAsync(new ProfileChanged(Guid.CreateVersion7()), Token);
        await UntilAsync(() => stays.Count == 1, "who stayed hears it");
        Assert.Empty(gone);
    }

    [Fact]
    public async Task Publish_ToNobody_IsFine() => await (await OpenAsync()).PublishAsync(new AccountDeleted(Guid.CreateVersion7()), Token);

    [Fact]
    public async Task Subscribe_InsideAHandler_DoesNotHang()
    {
        IIntegrationEvents here = await OpenAsync();
        ConcurrentQueue<AccountDeleted> later = [];
        using IDisposable first = here.Subscribe<AccountDeleted>((_, _) =>
        {
            here.Subscribe<AccountDeleted>((told, _) =>
            {
                later.Enqueue(told);
                return ValueTask.CompletedTask;
            });
            return ValueTask.CompletedTask;
        });
        await here.PublishAsync(new AccountDeleted(Guid.CreateVersion7()), Token);
        await here.PublishAsync(new AccountDeleted(Guid.CreateVersion7()), Token);
        await UntilAsync(() => !later.IsEmpty, "who asked meanwhile hears the next");
    }
}

/// <summary>The suite in one process: all of it shares one instance.</summary>
public sealed class InProcessIntegrationEventsTests : IntegrationEventsContract
{
    private readonly InProcessIntegrationEvents _events = new();

    protected override Task<IIntegrationEvents> OpenAsync() => Task.FromResult<IIntegrationEvents>(_events);
}
