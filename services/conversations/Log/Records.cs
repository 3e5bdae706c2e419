using CoolChat.Contracts;

namespace CoolChat.Conversations.Log;

/// <summary>What of a conversation changes seldom.</summary>
internal sealed record ConversationInfo
{
    public required string Kind { get; init; }
    public string? Title { get; init; }
    public string? Topic { get; init; }
    public Guid? Picture { get; init; }
    public required string HistoryVisibility { get; init; }
    public bool Listed { get; init; }
    public int ExpiresAfter { get; init; }
    public int SlowMode { get; init; }
    public int MemberCount { get; init; }
    public int PinCount { get; init; }

    /// <summary>Seq that last changed the member list.</summary>
    public long MembershipVersion { get; init; }

    /// <summary>Limits and rights differ for conversations of one's own and with everybody.</summary>
    public bool IsDirect => Kind == ConversationKinds.Direct;
}

/// <summary>The end of a log: changes with each append.</summary>
internal sealed record ConversationHead
{
    public required Guid Epoch { get; init; }
    public long Seq { get; init; }
    public long Ordinal { get; init; }
    public long AtMs { get; init; }

    /// <summary>Commit that last changed the conversation: sync compares it.</summary>
    public long Stamp { get; init; }

    /// <summary>Seq of the latest message, deleted ones included; 0 = none.</summary>
    public long LastMessageSeq { get; init; }

    /// <summary>Hash of the last header, 32 bytes.</summary>
    public required ReadOnlyMemory<byte> HeaderHash { get; init; }
}

/// <summary>A member, stored under the conversation.</summary>
internal sealed record MemberRecord(string Kind, string Role, long FirstSeq, long JoinedSeq);

/// <summary>The same membership, stored under the person, with what they set for themself.</summary>
internal sealed record MembershipRecord
{
    public required string Role { get; init; }
    public long FirstSeq { get; init; }
    public long Stamp { get; init; }
    public bool Removed { get; init; }
    public MemberPreferences? Preferences { get; init; }
}

/// <summary>A person's marks in a conversation. They only advance.</summary>
internal readonly record struct Marks(long ReadSeq, long ReadOrdinal, long DeliveredSeq, long Stamp);

/// <summary>What became of a message after it was sent. Absent for a message that nobody touched.</summary>
internal sealed record MessageState
{
    public IReadOnlyList<long> EditSeqs { get; init; } = [];
    public long EditedAtMs { get; init; }

    /// <summary>author, moderator, expired or erased.</summary>
    public string? Deleted { get; init; }

    public IReadOnlyList<ReactionTally> Reactions { get; init; } = [];

    /// <summary>Seq of the pin; 0 = not pinned.</summary>
    public long PinSeq { get; init; }

    public ThreadTally? Replies { get; init; }

    /// <summary>The thread that a deleted message stood in: its body, which said so, is gone.</summary>
    public Guid? Thread { get; init; }
    public PollTally? Poll { get; init; }
}

internal sealed record ReactionTally(string Key, int Count);

internal sealed record ThreadTally(int Count, long LastSeq, long LastAtMs, IReadOnlyList<Guid> Participants);

internal sealed record PollTally(IReadOnlyList<int> Counts, int Voters, bool Closed);

/// <summary>The outcome of a command, for resends and questions.</summary>
internal sealed record CommandRecord
{
    public required Guid Sender { get; init; }
    public required string Status { get; init; }
    public long Seq { get; init; }
    public long AtMs { get; init; }
    public WireError? Error { get; init; }
}

internal sealed record InviteRecord
{
    public required string Code { get; init; }
    public required Guid CreatedBy { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public int? MaxUses { get; init; }
    public int Uses { get; init; }

    public bool Ended(DateTimeOffset now) => now >= ExpiresAt || Uses >= MaxUses;
}

/// <summary>A message that waits for its time, stored under its sender.</summary>
internal sealed record ScheduledRecord
{
    public required Guid ConversationId { get; init; }
    public required Guid Sender { get; init; }
    public Guid? DeviceId { get; init; }
    public required Command Command { get; init; }
}

/// <summary>What a timer does when it is due.</summary>
internal enum TimerKind : byte
{
    ExpireMessage = 1,
    SendScheduled = 2,
    ClosePoll = 3,
}

/// <summary>Something to do at a time: kept in the store, so that a restart forgets none.</summary>
internal readonly record struct Timer(long DueMs, TimerKind Kind, Guid ConversationId, Guid Subject, Guid Actor);
