using CoolChat.Contracts.Internal;

namespace CoolChat.Chat.Adapters.RabbitMq;

/// <summary>An operation on its way to the writer. Settled once, by whoever is first: the reply, a refusal of the broker, or the clock.</summary>
internal sealed class Outgoing(ulong number, ConversationOperation operation, byte[] line, IOutcome outcome, int partition, long since)
{
    private int _settled;

    public ulong Number { get; } = number;

    public byte[] Line { get; } = line;

    public int Partition { get; } = partition;

    /// <summary>Timestamp of when it was handed over.</summary>
    public long Since { get; } = since;

    /// <summary>Whether it left this process: it may then be taken although nobody confirmed it.</summary>
    public volatile bool Sent;

    /// <summary>Whether the broker has it durably.</summary>
    public volatile bool Confirmed;

    public bool IsSettled => Volatile.Read(ref _settled) != 0;

    /// <summary>Whether the caller gives up after a while (and is told so), instead of having been told that it was accepted.</summary>
    public bool IsAwaited { get; } = outcome is AwaitedOutcome;

    /// <summary>Whether doing it twice has the outcome of doing it once; otherwise a lost answer stays lost.</summary>
    public bool IsRepeatable { get; } = operation is LogCommand or CreateConversation or MoveMarks or SetPreferences or EraseBodies;

    public void Accept()
    {
        Confirmed = true;
        if (!IsSettled)
            outcome.Accept();
    }

    /// <summary>Nobody will hear of it any more.</summary>
    public bool TryDrop() => Interlocked.Exchange(ref _settled, 1) == 0;

    public void Settle(Result<OperationResult> result)
    {
        if (TryDrop())
            outcome.Settle(result);
    }
}

/// <summary>An outcome that is awaited; whoever awaits it goes on elsewhere than on the connection's thread.</summary>
internal sealed class AwaitedOutcome() : TaskCompletionSource<Result<OperationResult>>(TaskCreationOptions.RunContinuationsAsynchronously), IOutcome
{
    public void Settle(Result<OperationResult> result) => TrySetResult(result);
}
