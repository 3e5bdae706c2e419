namespace CoolChat.Contracts;

/// <summary>An entry of a conversation's log as clients see it.</summary>
public sealed record ChatEvent
{
    /// <summary>The conversation.</summary>
    public required Guid ConversationId { get; init; }
    /// <summary>The conversation's epoch.</summary>
    public required Guid Epoch { get; init; }
    /// <summary>1, 2, 3 ... without holes.</summary>
    public required long Seq { get; init; }
    /// <summary>One of <see cref="EventTypes"/>, or a newer one.</summary>
    public required string Type { get; init; }
    /// <summary>Server time.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>userId.</summary>
    public required Guid Sender { get; init; }
    /// <summary>The sender's device.</summary>
    public Guid? DeviceId { get; init; }
    /// <summary>Idempotency key of the command.</summary>
    public required Guid CommandId { get; init; }
    /// <summary>The message that this event makes or is about.</summary>
    public Guid? MessageId { get; init; }
    /// <summary>message.sent: how many countable messages the conversation has had, this one included.</summary>
    public long? Ordinal { get; init; }
    /// <summary>SHA-256 of the previous header, base64url without padding.</summary>
    public required string PrevHash { get; init; }
    /// <summary>SHA-256(salt || body), base64url without padding.</summary>
    public required string BodyHash { get; init; }
    /// <summary>16 bytes, base64url; erased with the body.</summary>
    public string? Salt { get; init; }
    /// <summary>Canonical JSON whose shape <see cref="Type"/> tells; absent when erased or not for the viewer.</summary>
    public JsonBody? Body { get; init; }
    /// <summary>True when the body was erased.</summary>
    public bool? Redacted { get; init; }
    /// <summary>A client that doesn't know the type must say that it needs an update.</summary>
    public bool? Critical { get; init; }
}

/// <summary>Body of message.sent and message.edited.</summary>
public sealed record MessageBody
{
    /// <summary>message.edited: which message.</summary>
    public Guid? MessageId { get; init; }
    /// <summary>The content.</summary>
    public required Content Content { get; init; }
    /// <summary>The answered message.</summary>
    public Guid? ReplyTo { get; init; }
    /// <summary>The thread's root.</summary>
    public Guid? Thread { get; init; }
    /// <summary>Who is mentioned.</summary>
    public Mentions? Mentions { get; init; }
    /// <summary>Origin of a forwarded message.</summary>
    public ForwardedFrom? ForwardedFrom { get; init; }
    /// <summary>When it is deleted by itself.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Body of message.deleted, message.pinned, message.unpinned, poll.closed.</summary>
public sealed record MessageRefBody
{
    /// <summary>The message.</summary>
    public required Guid MessageId { get; init; }
    /// <summary>message.deleted: author, moderator or expired.</summary>
    public string? Reason { get; init; }
}

/// <summary>Body of reaction.added and reaction.removed.</summary>
public sealed record ReactionBody
{
    /// <summary>The message.</summary>
    public required Guid MessageId { get; init; }
    /// <summary>The emoji.</summary>
    public required string Key { get; init; }
}

/// <summary>Body of poll.voted.</summary>
public sealed record PollVoteBody
{
    /// <summary>The message with the poll.</summary>
    public required Guid MessageId { get; init; }
    /// <summary>Chosen options, ascending.</summary>
    public required IReadOnlyList<int> Options { get; init; }
}

/// <summary>Body of conversation.created.</summary>
public sealed record ConversationCreatedBody
{
    /// <summary>One of <see cref="ConversationKinds"/>.</summary>
    public required string Kind { get; init; }
    /// <summary>First members.</summary>
    public required IReadOnlyList<MemberEntry> Members { get; init; }
    /// <summary>Title of a group or channel.</summary>
    public string? Title { get; init; }
    /// <summary>Topic of a group or channel.</summary>
    public string? Topic { get; init; }
    /// <summary>One of <see cref="HistoryVisibilities"/>.</summary>
    public required string HistoryVisibility { get; init; }
    /// <summary>channel: found and joined by anybody on this server.</summary>
    public bool? Listed { get; init; }
}

/// <summary>A member and the role.</summary>
public sealed record MemberEntry
{
    /// <summary>userId.</summary>
    public required Guid UserId { get; init; }
    /// <summary>One of <see cref="Roles"/>.</summary>
    public required string Role { get; init; }
}

/// <summary>Body of member.added.</summary>
public sealed record MembersAddedBody
{
    /// <summary>Who.</summary>
    public required IReadOnlyList<MemberEntry> Members { get; init; }
    /// <summary>added, joined (a listed channel) or invite.</summary>
    public required string Via { get; init; }
}

/// <summary>Body of member.removed and member.role.</summary>
public sealed record MemberRefBody
{
    /// <summary>Who.</summary>
    public required Guid UserId { get; init; }
    /// <summary>member.role: the new role.</summary>
    public string? Role { get; init; }
}

/// <summary>What conversation.change sets; null leaves a field as it is, an empty string or 0 clears it.</summary>
public sealed record ConversationChanges
{
    /// <summary>1 to 100 characters.</summary>
    public string? Title { get; init; }
    /// <summary>At most 1,000 characters.</summary>
    public string? Topic { get; init; }
    /// <summary>mediaId of a picture; the nil UUID clears it.</summary>
    public Guid? Picture { get; init; }
    /// <summary>One of <see cref="HistoryVisibilities"/>; applies to those who join from now on.</summary>
    public string? HistoryVisibility { get; init; }
    /// <summary>channel: listed and joinable.</summary>
    public bool? Listed { get; init; }
    /// <summary>Seconds that new messages live; 0 = for ever.</summary>
    public int? ExpiresAfter { get; init; }
    /// <summary>Seconds a member waits between two messages; 0 = none.</summary>
    public int? SlowMode { get; init; }
}
