using CoolChat.Processing.Adapters.RabbitMq;
using Xunit;

namespace CoolChat.UnitTests.Processing;

public sealed class FairShareTests
{
    [Theory]
    [InlineData(16, 1, 0)]
    [InlineData(16, 2, 8)]
    [InlineData(16, 3, 10)]
    [InlineData(6, 3, 0)]
    [InlineData(1, 16, 0)]
    [InlineData(2, 40, 1)]
    [InlineData(0, 2, 0)]
    public void Excess_OfANode_IsWhatLiesBeyondTheShareRoundedUp(int held, int nodes, int given) =>
        Assert.Equal(given, FairShare.Excess([.. Enumerable.Range(0, held)], nodes, 16).Count);
}
