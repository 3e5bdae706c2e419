using System.ComponentModel.DataAnnotations;

namespace CoolChat.Processing.Writing;

/// <summary>Configuration section <c>Processing:Writer</c>.</summary>
public sealed class WriterOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Processing:Writer";

    /// <summary>Operations that may wait; beyond it the answer is busy.</summary>
    [Range(1, 1_000_000)]
    public int QueueCapacity { get; set; } = 20_000;

    /// <summary>Operations in one commit.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 1_000;

    /// <summary>Threads that write side by side, each its share of the partitions: where the log is in MongoDB. RocksDB has one writer.</summary>
    [Range(1, 16)]
    public int Lanes { get; set; } = 4;

    /// <summary>Milliseconds to rest after a commit of more than two operations: fewer, larger commits burn less CPU.</summary>
    [Range(0, 50)]
    public int PaceMs { get; set; } = 2;

    /// <summary>
    /// Whether a batch that the store does not take waits for it, in place, instead of being refused: for commands that lie in a durable queue, which
    /// then keep their order. Set by what makes the queue, not by configuration.
    /// </summary>
    internal bool WaitsForStore { get; set; }

    /// <summary>Conversations and members kept in memory.</summary>
    [Range(1_000, 100_000_000)]
    public long CacheCapacity { get; set; } = 500_000;
}
