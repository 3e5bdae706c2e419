using System.Collections.Concurrent;
using CoolChat.Chat.Adapters.Redis;
using CoolChat.Testing;
using Xunit;

namespace CoolChat.ContractTests.Redis;

public sealed class RedisTypingTests : RedisHost
{
    [Fact]
    public async Task Tell_Typing_IsHeardOnOtherNodesOnly()
    {
        (RedisTypingRelay here, ConcurrentQueue<(Guid, Guid)> heardHere) = await OpenAsync();
        (_, ConcurrentQueue<(Guid, Guid)> heardThere) = await OpenAsync();
        Guid conversation = Guid.CreateVersion7(), person = Guid.CreateVersion7();

        here.Tell(conversation, person);

        await Eventually.TrueAsync(() => heardThere.Contains((conversation, person)), "the other node hears it", TimeSpan.FromSeconds(10));
        Assert.Single(heardThere);
        Assert.Empty(heardHere);
    }

    [Fact]
    public async Task Tell_RedisAway_ReturnsAtOnce_AndIsHeardAgainWhenItIsBack()
    {
        await UseOwnAsync();
        (RedisTypingRelay here, _) = await OpenAsync();
        (_, ConcurrentQueue<(Guid, Guid)> heardThere) = await OpenAsync();
        await KillAsync();
        here.Tell(Guid.CreateVersion7(), Guid.CreateVersion7());

        await StartAgainAsync();
        Guid conversation = Guid.CreateVersion7(), person = Guid.CreateVersion7();
        await Eventually.TrueAsync(
            () =>
            {
                here.Tell(conversation, person);
                return heardThere.Contains((conversation, person));
            },
            "heard again",
            TimeSpan.FromSeconds(20));
    }

    private async Task<(RedisTypingRelay Relay, ConcurrentQueue<(Guid, Guid)> Heard)> OpenAsync()
    {
        ConcurrentQueue<(Guid, Guid)> heard = [];
        RedisTypingRelay relay = new(Connect(), TimeProvider.System);
        relay.OnTyping((conversation, person) => heard.Enqueue((conversation, person)));
        Closing(new Stopping(relay));
        await relay.StartAsync(Token);
        await relay.Listening.WaitAsync(TimeSpan.FromSeconds(10), Token);
        return (relay, heard);
    }
}
