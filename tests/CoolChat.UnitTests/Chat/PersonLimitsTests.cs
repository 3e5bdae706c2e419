using CoolChat.Chat.Messages;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CoolChat.UnitTests.Chat;

public sealed class PersonLimitsTests
{
    private static readonly Guid Ann = Guid.CreateVersion7();
    private static readonly Guid Bob = Guid.CreateVersion7();
    private readonly FakeTimeProvider _time = new();
    private readonly PersonLimitOptions _options = new() { Messages = new BucketOptions { PerSecond = 0.5, Burst = 3 } };

    private PersonLimits Limits() => new(Options.Create(_options), _time);

    [Fact]
    public void Take_BeyondTheBurst_IsRefusedUntilThereIsOneAgain()
    {
        PersonLimits limits = Limits();
        for (int i = 0; i < 3; i++)
            Assert.Null(limits.Take(Ann, Allowance.Messages));

        Refusal? refusal = limits.Take(Ann, Allowance.Messages);

        Assert.Equal((ErrorCodes.RateLimited, 2), (refusal?.Code, refusal?.RetryAfter));
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.NotNull(limits.Take(Ann, Allowance.Messages));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Null(limits.Take(Ann, Allowance.Messages));
        Assert.NotNull(limits.Take(Ann, Allowance.Messages));
    }

    [Fact]
    public void Take_OfOthersAndForOtherThings_IsCountedApart()
    {
        PersonLimits limits = Limits();
        for (int i = 0; i < 4; i++)
            limits.Take(Ann, Allowance.Messages);

        Assert.Null(limits.Take(Bob, Allowance.Messages));
        Assert.Null(limits.Take(Ann, Allowance.Actions));
    }

    [Fact]
    public void Take_AfterALongWhile_GivesTheBurstAndNoMore()
    {
        PersonLimits limits = Limits();
        limits.Take(Ann, Allowance.Messages);
        _time.Advance(TimeSpan.FromDays(30));
        limits.Take(Bob, Allowance.Messages);

        int taken = Enumerable.Range(0, 10).Count(_ => limits.Take(Ann, Allowance.Messages) is null);

        Assert.Equal(3, taken);
    }

    [Fact]
    public void Take_Disabled_IsNeverRefused()
    {
        _options.Enabled = false;
        PersonLimits limits = Limits();

        Assert.All(Enumerable.Range(0, 1000), _ => Assert.Null(limits.Take(Ann, Allowance.Messages)));
    }

    [Theory]
    [InlineData(0, 1, "RateLimits:Chat:Messages:PerSecond")]
    [InlineData(double.NaN, 1, "RateLimits:Chat:Messages:PerSecond")]
    [InlineData(1, 0, "RateLimits:Chat:Messages:Burst")]
    public void Options_Wrong_NameTheKey(double perSecond, int burst, string key)
    {
        _options.Messages = new BucketOptions { PerSecond = perSecond, Burst = burst };

        ValidateOptionsResult result = new PersonLimitOptionsValidator().Validate(null, _options);

        Assert.True(result.Failed);
        Assert.StartsWith(key, result.FailureMessage, StringComparison.Ordinal);
    }
}
