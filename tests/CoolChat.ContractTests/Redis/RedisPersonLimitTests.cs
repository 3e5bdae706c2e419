using CoolChat.Chat.Messages;
using CoolChat.Engines.Redis;
using CoolChat.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace CoolChat.ContractTests.Redis;

public sealed class RedisPersonLimitTests : RedisHost
{
    private const int Burst = 10;
    private readonly Guid _person = Guid.CreateVersion7();

    [Fact]
    public async Task Take_SpentOnOneNode_IsMissingOnTheOther()
    {
        PersonLimits here = await OpenAsync(perSecond: 0.001);
        PersonLimits there = await OpenAsync(perSecond: 0.001);
        for (int i = 0; i < Burst; i++)
            Assert.Null(here.Take(_person, Allowance.Messages));
        Assert.NotNull(here.Take(_person, Allowance.Messages));

        int more = 0;
        await Eventually.TrueAsync(
            () =>
            {
                if (there.Take(_person, Allowance.Messages) is not null)
                    return true;
                more++;
                return false;
            },
            "the other node refuses too",
            TimeSpan.FromSeconds(30));
        Assert.InRange(more, 1, Burst);
        Assert.Null(there.Take(_person, Allowance.Actions));
        Assert.Null(there.Take(Guid.CreateVersion7(), Allowance.Messages));
    }

    [Fact]
    public async Task Take_TimePasses_GivesAgainOnBothNodes()
    {
        PersonLimits here = await OpenAsync(perSecond: 5);
        PersonLimits there = await OpenAsync(perSecond: 5);
        for (int i = 0; i < Burst; i++)
            here.Take(_person, Allowance.Messages);
        await Eventually.TrueAsync(() => there.Take(_person, Allowance.Messages) is not null, "the other node refuses");

        await Eventually.TrueAsync(() => here.Take(_person, Allowance.Messages) is null, "there is one again here", TimeSpan.FromSeconds(30));
        await Eventually.TrueAsync(() => there.Take(_person, Allowance.Messages) is null, "there is one again there", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Take_RedisKilled_LimitsByWhatTheNodeSees_AndAddsUpAgainLater()
    {
        await UseOwnAsync();
        PersonLimits here = await OpenAsync(perSecond: 0.001);
        PersonLimits there = await OpenAsync(perSecond: 0.001);
        await KillAsync();

        Assert.Equal(Burst, Enumerable.Range(0, 2 * Burst).Count(_ => here.Take(_person, Allowance.Messages) is null));
        Assert.Equal(Burst, Enumerable.Range(0, 2 * Burst).Count(_ => there.Take(_person, Allowance.Messages) is null));

        await StartAgainAsync();
        await Eventually.TrueAsync(
            () =>
            {
                // Somebody new each time: what was given while Redis was away is not added up.
                Guid other = Guid.CreateVersion7();
                for (int i = 0; i < Burst; i++)
                    here.Take(other, Allowance.Messages);
                return SpentAsync(there, other);
            },
            "nodes add up again",
            TimeSpan.FromSeconds(60));
    }

    private static async Task<bool> SpentAsync(PersonLimits limits, Guid person)
    {
        for (int i = 0; i < Burst; i++)
        {
            if (limits.Take(person, Allowance.Messages) is not null)
                return true;
            await Task.Delay(150, Token);
        }

        return false;
    }

    private async Task<PersonLimits> OpenAsync(double perSecond)
    {
        PersonLimits limits = new(
            Options.Create(new PersonLimitOptions { Messages = new BucketOptions { PerSecond = perSecond, Burst = Burst } }), TimeProvider.System);
        RedisSharedBuckets shared = new(Connect(), limits.Shared, TimeProvider.System, NullLogger<RedisSharedBuckets>.Instance);
        Closing(new Stopping(shared));
        await shared.StartAsync(Token);
        return limits;
    }
}
