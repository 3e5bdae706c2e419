using CoolChat.Conversations.Log;

namespace CoolChat.Processing.Writing;

/// <summary>
/// A conversation in the writer's memory: authoritative while the writer owns it, thrown away and reloaded whenever a commit failed.
/// Touched only by the writer's thread.
/// </summary>
internal sealed class ConversationState
{
    public required Guid Id { get; init; }
    public required Guid Epoch { get; init; }
    public required ConversationInfo Info { get; set; }
    public long Seq { get; set; }
    public long Ordinal { get; set; }
    public long AtMs { get; set; }
    public long LastMessageSeq { get; set; }
    public ReadOnlyMemory<byte> HeaderHash { get; set; }
    public Dictionary<Guid, MemberState> Members { get; } = [];

    /// <summary>Not in the store yet.</summary>
    public bool IsNew => Seq == 0;

    public ConversationHead ToHead(long stamp) => new()
    {
        Epoch = Epoch,
        Seq = Seq,
        Ordinal = Ordinal,
        AtMs = AtMs,
        Stamp = stamp,
        LastMessageSeq = LastMessageSeq,
        HeaderHash = HeaderHash,
    };
}

/// <summary>A member in the writer's memory.</summary>
internal sealed class MemberState
{
    public required string Role { get; set; }
    public required long FirstSeq { get; init; }
    public required long JoinedSeq { get; init; }

    /// <summary>When this member last sent a message, for slow mode; forgotten when the conversation leaves memory.</summary>
    public long LastSentMs { get; set; }

    /// <summary>Their marks, once they were read: every message they send moves them.</summary>
    public Marks? Marks { get; set; }
}
