namespace CoolChat.Processing.Adapters.RabbitMq;

/// <summary>How many partitions a node gives up, so that each has its share.</summary>
internal static class FairShare
{
    /// <summary>Who has more than the share rounded up gives up what is beyond it; the highest numbers, so that nodes that look twice agree with themselves.</summary>
    public static IReadOnlyList<int> Excess(IReadOnlyCollection<int> held, int nodes, int partitions)
    {
        int share = (partitions + nodes - 1) / nodes;
        return [.. held.OrderDescending().Take(Math.Max(0, held.Count - share))];
    }
}
