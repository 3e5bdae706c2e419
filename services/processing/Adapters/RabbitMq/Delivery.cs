using CoolChat.Contracts.Internal;
using CoolChat.Processing.Writing;

namespace CoolChat.Processing.Adapters.RabbitMq;

/// <summary>A message of the partition's queue on its way through the writer: done when each of its operations has an outcome.</summary>
internal sealed class Delivery(PartitionConsumer partition, ulong tag, string? replyTo)
{
    private int _open = 1;

    public PartitionConsumer Partition { get; } = partition;

    public ulong Tag { get; } = tag;

    /// <summary>Where outcomes go; null for nobody.</summary>
    public string? ReplyTo { get; } = replyTo;

    public List<Delivered> Operations { get; } = [];

    /// <summary>Set by the thread that answers.</summary>
    public bool IsAnswered { get; set; }

    public void Add(Delivered operation)
    {
        Operations.Add(operation);
        Interlocked.Increment(ref _open);
    }

    /// <summary>One operation has its outcome, or all have been handed over.</summary>
    public void CloseOne()
    {
        if (Interlocked.Decrement(ref _open) == 0)
            Partition.Finished(this);
    }
}

/// <summary>An operation of a delivery. What can't be read has its outcome from the beginning.</summary>
internal sealed class Delivered(Delivery delivery, ulong number, ReadOnlyMemory<byte> line) : IRevocableOutcome
{
    public ulong Number { get; } = number;

    /// <summary>As it came.</summary>
    public ReadOnlyMemory<byte> Line { get; } = line;

    public Result<OperationResult> Result { get; private set; }

    public bool IsRevoked => delivery.Partition.IsLost;

    /// <summary>Why it goes to the dead letters, if it does.</summary>
    public string? DeadBecause { get; init; }

    public void Settle(Result<OperationResult> result)
    {
        Result = result;
        delivery.CloseOne();
    }
}
