using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using Timer = CoolChat.Conversations.Log.Timer;

namespace CoolChat.Processing.Writing;

/// <summary>
/// Where the one writer keeps conversations. Calls come from the writer's thread only and may block it. A commit is atomic and durable
/// when <see cref="ICommit.Commit"/> returns; if it throws, nothing of it may be assumed and all memory must be reloaded.
/// </summary>
internal interface IConversationLog
{
    /// <summary>The conversation as it is durably, or null.</summary>
    ConversationState? Load(Guid conversationId);

    /// <summary>Starts a commit under the next stamp. One at a time.</summary>
    ICommit Begin();

    /// <summary>Timers that are due, soonest first.</summary>
    IReadOnlyList<Timer> DueTimers(long nowMs, int limit);

    /// <summary>Conversations of one partition are written by one thread.</summary>
    int PartitionOf(Guid conversationId) => 0;

    /// <summary>Another over the same store, for another thread that writes other partitions; null where one must write all.</summary>
    IConversationLog? Split() => null;

    /// <summary>Whether there is too little room left to write safely.</summary>
    bool IsFull();
}

/// <summary>One atomic change: reads see what the commit itself wrote.</summary>
internal interface ICommit : IDisposable
{
    /// <summary>Orders commits: 1, 2, 3 ...</summary>
    long Stamp { get; }

    bool IsEmpty { get; }

    /// <summary>A decision rests on what memory holds of this conversation: a store with several writers proves at the commit that it still holds.</summary>
    void Consult(Guid conversationId)
    {
    }

    /// <summary>What is about to be decided: a store across a network reads for all of it at once what it would else read for each.</summary>
    void Prepare(IEnumerable<ConversationOperation> operations)
    {
    }

    CommandRecord? FindCommand(Guid conversationId, Guid commandId);
    StoredEvent? ReadEvent(Guid conversationId, long seq);

    /// <summary>Seqs of events that <paramref name="sender"/> made, ascending; durable ones only.</summary>
    IEnumerable<StoredEvent> ReadEventsOf(Guid conversationId, Guid sender);

    /// <summary>The state of a message that exists; null = untouched.</summary>
    MessageState? ReadMessageState(Guid conversationId, long seq);
    bool HasReaction(Guid conversationId, long seq, string key, Guid user);
    IReadOnlyList<int> ReadVote(Guid conversationId, long seq, Guid user);
    Marks ReadMarks(Guid user, Guid conversationId);
    MembershipRecord? ReadMembership(Guid user, Guid conversationId);
    InviteRecord? ReadInvite(Guid conversationId, Guid inviteId);
    (Guid ConversationId, Guid InviteId)? FindInvite(string code);
    int CountInvites(Guid conversationId);
    ScheduledRecord? ReadScheduled(Guid user, Guid commandId);
    int CountScheduled(Guid user);
    bool HasTimer(Timer timer);

    /// <summary>How many countable messages there are up to <paramref name="seq"/>, removed ones included.</summary>
    long OrdinalAt(Guid conversationId, long seq);

    void PutCommand(Guid conversationId, Guid commandId, CommandRecord record);
    void AppendEvent(StoredEvent stored);
    void EraseEvent(Guid conversationId, long seq);
    void PutMessageState(Guid conversationId, long seq, MessageState state);
    void PutReaction(Guid conversationId, long seq, string key, Guid user, long reactionSeq);
    void DeleteReaction(Guid conversationId, long seq, string key, Guid user);
    void DeleteReactions(Guid conversationId, long seq);
    void PutVote(Guid conversationId, long seq, Guid user, IReadOnlyList<int> options);
    void PutThreadEntry(Guid conversationId, long rootSeq, long seq);
    void PutPin(Guid conversationId, long pinSeq, long messageSeq);
    void DeletePin(Guid conversationId, long pinSeq);
    void PutRemoval(Guid conversationId, long seq);
    void PutMention(Guid user, Guid conversationId, long seq);
    void DeleteMention(Guid user, Guid conversationId, long seq);
    void PutGrant(Guid mediaId, Guid conversationId, long seq);
    void DeleteGrant(Guid mediaId, Guid conversationId, long seq);
    void PutMember(ConversationState state, Guid user, MemberState member);
    void DeleteMember(Guid conversationId, Guid user);
    void PutMembership(Guid user, Guid conversationId, MembershipRecord record);
    void PutMarks(Guid user, Guid conversationId, Marks marks);
    void PutInvite(Guid conversationId, Guid inviteId, InviteRecord record);
    void DeleteInvite(Guid conversationId, Guid inviteId, InviteRecord record);
    void PutScheduled(Guid user, ScheduledRecord record);
    void DeleteScheduled(Guid user, Guid commandId);
    void PutTimer(Timer timer);
    void DeleteTimer(Timer timer);

    /// <summary>Writes what of the conversation changes seldom; <paramref name="before"/> tells what the channel list must forget.</summary>
    void PutInfo(Guid conversationId, ConversationInfo info, ConversationInfo? before);

    /// <summary>Makes everything durable, the heads of <paramref name="touched"/> included.</summary>
    void Commit(IReadOnlyCollection<ConversationState> touched);
}

/// <summary>The store has no room.</summary>
internal sealed class StorageFullException : Exception
{
    public StorageFullException()
        : base(ErrorCodes.StorageFull)
    {
    }

    public StorageFullException(string message)
        : base(message)
    {
    }

    public StorageFullException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
