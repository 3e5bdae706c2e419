using System.Collections.Concurrent;
using CoolChat.Chat.Adapters.Redis;
using CoolChat.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CoolChat.ContractTests.Redis;

/// <summary>Nodes on one real Redis, which is flushed and killed; nodes that stop and nodes that die.</summary>
public sealed class RedisPresenceTests : RedisHost
{
    private static readonly TimeSpan LiveEvery = TimeSpan.FromMilliseconds(300);

    /// <summary>For tests in which nobody dies: a node that this machine holds up must not be taken for dead.</summary>
    private static readonly TimeSpan LongLive = TimeSpan.FromMinutes(1);

    private readonly Guid _person = Guid.CreateVersion7();

    [Fact]
    public async Task Set_HereAndGone_IsToldToTheOtherNode()
    {
        RedisPresenceBoard here = await OpenAsync(LongLive), there = await OpenAsync(LongLive);
        ConcurrentQueue<(Guid Person, DateTimeOffset At)> told = [];
        there.OnChange((person, at) => told.Enqueue((person, at)));

        here.Set(_person, here: true, DateTimeOffset.UnixEpoch);
        await ElsewhereAsync(there, true);
        Assert.False(here.IsElsewhere(_person));

        here.Set(_person, here: false, DateTimeOffset.UnixEpoch.AddHours(1));
        await ElsewhereAsync(there, false);
        await Eventually.TrueAsync(() => told.Contains((_person, DateTimeOffset.UnixEpoch.AddHours(1))), "the time is told");
    }

    [Fact]
    public async Task Set_OnTwoNodes_IsElsewhereUntilBothAreLeft()
    {
        RedisPresenceBoard one = await OpenAsync(LongLive), two = await OpenAsync(LongLive), third = await OpenAsync(LongLive);
        one.Set(_person, here: true, DateTimeOffset.UnixEpoch);
        two.Set(_person, here: true, DateTimeOffset.UnixEpoch);
        await ElsewhereAsync(third, true);
        await ElsewhereAsync(one, true);

        one.Set(_person, here: false, DateTimeOffset.UnixEpoch);
        await ElsewhereAsync(two, false);
        Assert.True(third.IsElsewhere(_person));
        two.Set(_person, here: false, DateTimeOffset.UnixEpoch);
        await ElsewhereAsync(third, false);
    }

    [Fact]
    public async Task Start_PeopleThereBefore_AreKnown()
    {
        RedisPresenceBoard here = await OpenAsync();
        Guid[] people = [.. Enumerable.Range(0, 2_500).Select(_ => Guid.CreateVersion7())];
        foreach (Guid person in people)
            here.Set(person, here: true, DateTimeOffset.UnixEpoch);

        RedisPresenceBoard later = await OpenAsync();
        await Eventually.TrueAsync(() => people.All(later.IsElsewhere), "all are known");
    }

    [Fact]
    public async Task Stop_Node_TakesItsPeopleAlongAtOnce()
    {
        RedisPresenceBoard here = await OpenAsync(LongLive), there = await OpenAsync(LongLive);
        here.Set(_person, here: true, DateTimeOffset.UnixEpoch);
        await ElsewhereAsync(there, true);
        await here.StopAsync(Token);
        await ElsewhereAsync(there, false);
    }

    [Fact]
    public async Task Death_OfANode_ExpiresItsPeople()
    {
        RedisPresenceBoard there = await OpenAsync();
        Engines.Redis.RedisEngine dying = Connect();
        RedisPresenceBoard here = New(dying, LiveEvery);
        await here.StartAsync(Token);
        here.Set(_person, here: true, DateTimeOffset.UnixEpoch);
        await ElsewhereAsync(there, true);

        await dying.DisposeAsync();
        await ElsewhereAsync(there, false);
        await here.StopAsync(Token);
    }

    [Fact]
    public async Task Flush_HealsByTheNextSignOfLife()
    {
        await UseOwnAsync();
        RedisPresenceBoard here = await OpenAsync(), there = await OpenAsync();
        here.Set(_person, here: true, DateTimeOffset.UnixEpoch);
        await ElsewhereAsync(there, true);

        await FlushAsync();

        await Eventually.TrueAsync(async () => (await OpenAsync()) is { } third && await SoonElsewhereAsync(third), "a new node knows again", TimeSpan.FromSeconds(60));
        await ElsewhereAsync(there, true);
    }

    [Fact]
    public async Task Kill_OfRedis_KeepsWhatWasKnown_AndCatchesUpWithWhatChanged()
    {
        await UseOwnAsync();
        Guid came = Guid.CreateVersion7();
        RedisPresenceBoard here = await OpenAsync(), there = await OpenAsync();
        here.Set(_person, here: true, DateTimeOffset.UnixEpoch);
        await ElsewhereAsync(there, true);

        await KillAsync();
        here.Set(came, here: true, DateTimeOffset.UnixEpoch);
        await Task.Delay(4 * LiveEvery, Token);
        Assert.True(there.IsElsewhere(_person));

        await StartAgainAsync();
        await Eventually.TrueAsync(() => there.IsElsewhere(came) && there.IsElsewhere(_person), "what changed meanwhile is known", TimeSpan.FromSeconds(60));
    }

    private Task ElsewhereAsync(RedisPresenceBoard board, bool expected) =>
        Eventually.TrueAsync(() => board.IsElsewhere(_person) == expected, $"elsewhere is {expected}", TimeSpan.FromSeconds(60));

    private async Task<bool> SoonElsewhereAsync(RedisPresenceBoard board)
    {
        try
        {
            await Eventually.TrueAsync(() => board.IsElsewhere(_person), "known", TimeSpan.FromSeconds(1));
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static RedisPresenceBoard New(Engines.Redis.RedisEngine redis, TimeSpan liveEvery) =>
        new(redis, TimeProvider.System, NullLogger<RedisPresenceBoard>.Instance) { LiveEvery = liveEvery };

    private async Task<RedisPresenceBoard> OpenAsync(TimeSpan? liveEvery = null)
    {
        RedisPresenceBoard board = New(Connect(), liveEvery ?? LiveEvery);
        Closing(new Stopping(board));
        await ((IHostedService)board).StartAsync(Token);
        return board;
    }
}
