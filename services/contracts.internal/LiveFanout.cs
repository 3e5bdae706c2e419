namespace CoolChat.Contracts.Internal;

/// <summary>
/// What the writer tells chat nodes after a commit. A hint: whoever misses it finds out by a jump in seq or by sync. In process: a call;
/// in the cluster: Redis pub/sub.
/// </summary>
public interface ILiveFanout
{
    /// <summary>
    /// Hands over a batch in commit order. Must return at once and never throw: a node that can't keep up resyncs its clients. Outcomes in it are
    /// told all the same.
    /// </summary>
    void Publish(LiveBatch batch);
}

/// <summary>Everything that one commit makes visible.</summary>
public sealed class LiveBatch
{
    /// <summary>Appended events, in log order for each conversation. They go to every member connected.</summary>
    public IReadOnlyList<LiveEvent> Events { get; init; } = [];

    /// <summary>Marks that moved.</summary>
    public IReadOnlyList<LiveMarks> Marks { get; init; } = [];

    /// <summary>Private changes: the person's other devices get the conversation anew (ConversationsChanged).</summary>
    public IReadOnlyList<PrivateChange> PrivateChanges { get; init; } = [];

    /// <summary>Outcomes to tell behind the events, in process only. They are told whatever else is dropped.</summary>
    public IReadOnlyList<LiveOutcome> Outcomes { get; init; } = [];
}

/// <summary>An outcome on its way to whoever waits for it.</summary>
public readonly record struct LiveOutcome(Guid ConversationId, IOutcome Outcome, Result<OperationResult> Result)
{
    /// <summary>Tells it.</summary>
    public void Tell() => Outcome.Settle(Result);
}

/// <summary>An event and what it does to who hears the conversation: applied before the event is delivered (removals after it).</summary>
public sealed record LiveEvent(ChatEvent Event, string Kind, IReadOnlyList<Guid> Joined, IReadOnlyList<Guid> Left);

/// <summary>Marks to tell: delivered in direct conversations, read in direct ones and in groups up to 50.</summary>
public sealed record LiveMarks(Guid ConversationId, ReceiptMark Mark);

/// <summary>A change that only one person sees: read mark, settings, draft.</summary>
public sealed record PrivateChange(Guid UserId, Guid ConversationId);
