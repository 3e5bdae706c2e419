namespace CoolChat.Contracts;

/// <summary>
/// What a client asks of a conversation; <see cref="Type"/> says which of the other fields count. Sent by the hub's Submit and by
/// POST /chat/conversations/{id}/commands.
/// </summary>
public sealed record Command
{
    /// <summary>UUIDv7 made by the client: idempotency key, unique in the conversation; for message.send also the messageId.</summary>
    public required Guid CommandId { get; init; }

    /// <summary>The conversation.</summary>
    public required Guid ConversationId { get; init; }

    /// <summary>One of <see cref="CommandTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>Refused with seq_conflict unless this is the conversation's last seq.</summary>
    public long? ExpectedSeq { get; init; }

    /// <summary>message.send, message.edit.</summary>
    public Content? Content { get; init; }

    /// <summary>message.send: the messageId that this answers.</summary>
    public Guid? ReplyTo { get; init; }

    /// <summary>message.send: the messageId of the thread's root.</summary>
    public Guid? Thread { get; init; }

    /// <summary>message.send, message.edit: who is mentioned.</summary>
    public Mentions? Mentions { get; init; }

    /// <summary>message.send: where the message came from when it is forwarded.</summary>
    public ForwardedFrom? ForwardedFrom { get; init; }

    /// <summary>message.send: send at this time instead of now; at most a year ahead.</summary>
    public DateTimeOffset? ScheduledFor { get; init; }

    /// <summary>message.send: seconds after which the message is deleted for everyone, 5 to 31,536,000.</summary>
    public int? ExpiresAfter { get; init; }

    /// <summary>The message that an edit, delete, reaction, pin or vote is about.</summary>
    public Guid? MessageId { get; init; }

    /// <summary>reaction.add, reaction.remove: an emoji, at most 64 bytes of UTF-8.</summary>
    public string? Key { get; init; }

    /// <summary>poll.vote: the chosen options, 0-based; empty takes the vote back.</summary>
    public IReadOnlyList<int>? Options { get; init; }

    /// <summary>member.add: userIds (addresses are resolved by the chat service before this reaches the log).</summary>
    public IReadOnlyList<string>? Members { get; init; }

    /// <summary>member.remove, member.role: whom it is about.</summary>
    public Guid? UserId { get; init; }

    /// <summary>member.role, member.add: one of <see cref="Roles"/>.</summary>
    public string? Role { get; init; }

    /// <summary>member.join: the code of an invite link.</summary>
    public string? Invite { get; init; }

    /// <summary>conversation.change.</summary>
    public ConversationChanges? Changes { get; init; }
}

/// <summary>What a message shows.</summary>
public sealed record Content
{
    /// <summary>One of <see cref="ContentTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>Text or caption, at most 16 KiB of UTF-8, no control characters but line feed and tab.</summary>
    public string? Text { get; init; }

    /// <summary>Uploaded media, at most 10.</summary>
    public IReadOnlyList<Attachment>? Attachments { get; init; }

    /// <summary>For type poll.</summary>
    public Poll? Poll { get; init; }

    /// <summary>For type encrypted: name of the scheme, at most 64 characters.</summary>
    public string? Scheme { get; init; }

    /// <summary>For type encrypted: base64, at most 64 KiB.</summary>
    public string? Ciphertext { get; init; }
}

/// <summary>A completed upload shown by a message.</summary>
public sealed record Attachment
{
    /// <summary>The uploadId of a completed upload of the sender's, or of media the sender can see.</summary>
    public required Guid MediaId { get; init; }

    /// <summary>Name to show, at most 255 characters.</summary>
    public string? FileName { get; init; }

    /// <summary>Media type as the media service stored it.</summary>
    public string? ContentType { get; init; }

    /// <summary>Bytes.</summary>
    public long? Size { get; init; }

    /// <summary>Pixels.</summary>
    public int? Width { get; init; }

    /// <summary>Pixels.</summary>
    public int? Height { get; init; }

    /// <summary>Milliseconds, for audio and video.</summary>
    public long? DurationMs { get; init; }

    /// <summary>Description for people who can't see it, at most 1,000 characters.</summary>
    public string? Alt { get; init; }
}

/// <summary>A poll's question and options; the text of the content may introduce it.</summary>
public sealed record Poll
{
    /// <summary>1 to 300 characters.</summary>
    public required string Question { get; init; }

    /// <summary>2 to 20 options of 1 to 100 characters.</summary>
    public required IReadOnlyList<string> Options { get; init; }

    /// <summary>Whether several options may be chosen.</summary>
    public bool? Multiple { get; init; }

    /// <summary>When it closes by itself.</summary>
    public DateTimeOffset? ClosesAt { get; init; }
}

/// <summary>Who a message calls; outside the content so that it can be encrypted.</summary>
public sealed record Mentions
{
    /// <summary>userIds, at most 50.</summary>
    public IReadOnlyList<Guid>? Users { get; init; }

    /// <summary>Everyone in the conversation; needs the right to.</summary>
    public bool? Everyone { get; init; }
}

/// <summary>Origin of a forwarded message.</summary>
public sealed record ForwardedFrom
{
    /// <summary>The original conversation.</summary>
    public required Guid ConversationId { get; init; }

    /// <summary>The original message.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>The original sender; filled by the server.</summary>
    public Guid? Sender { get; init; }
}

/// <summary>Answer to Submit and its REST twin.</summary>
public sealed record CommandResult
{
    /// <summary>Whether the command was taken.</summary>
    public required bool Ok { get; init; }

    /// <summary>appended: in the log under <see cref="Seq"/>. accepted: durable, the outcome follows. scheduled: kept for later.</summary>
    public string? Status { get; init; }

    /// <summary>The command.</summary>
    public Guid? CommandId { get; init; }

    /// <summary>Position in the log.</summary>
    public long? Seq { get; init; }

    /// <summary>Server time of the event.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Why not.</summary>
    public WireError? Error { get; init; }

    /// <summary>Status appended.</summary>
    public const string Appended = "appended";

    /// <summary>Status accepted.</summary>
    public const string Accepted = "accepted";

    /// <summary>Status scheduled.</summary>
    public const string Scheduled = "scheduled";

    /// <summary>Status rejected, in the answer to a question about an earlier command.</summary>
    public const string Rejected = "rejected";
}

/// <summary>A refusal on the hub; over HTTP the same fields are in problem details.</summary>
public sealed record WireError
{
    /// <summary>One of <see cref="ErrorCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Detail { get; init; }

    /// <summary>The field that is wrong, as a path: content.text.</summary>
    public string? Field { get; init; }

    /// <summary>Seconds after which to try again.</summary>
    public int? RetryAfter { get; init; }
}
