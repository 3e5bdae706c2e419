namespace CoolChat.Contracts;

/// <summary>Names of the hub's methods (/chat/hub).</summary>
public static class HubMethods
{
    /// <summary>Client to server: <see cref="HelloRequest"/> -> <see cref="HelloReply"/>.</summary>
    public const string Hello = "Hello";
    /// <summary>Client to server: an access token of the same person -> <see cref="HubReply"/>.</summary>
    public const string Authenticate = "Authenticate";
    /// <summary>Client to server: <see cref="Command"/> -> <see cref="CommandResult"/>.</summary>
    public const string Submit = "Submit";
    /// <summary>Client to server: conversationId, seq.</summary>
    public const string MarkRead = "MarkRead";
    /// <summary>Client to server: conversationId, seq.</summary>
    public const string MarkDelivered = "MarkDelivered";
    /// <summary>Client to server: conversationId. Server to client: <see cref="TypingNotice"/>.</summary>
    public const string Typing = "Typing";
    /// <summary>Client to server: userIds, at most 500; replaces the earlier list.</summary>
    public const string WatchPresence = "WatchPresence";
    /// <summary>Server to client: events[].</summary>
    public const string Appended = "Appended";
    /// <summary>Server to client: <see cref="RejectedNotice"/>.</summary>
    public const string Rejected = "Rejected";
    /// <summary>Server to client: <see cref="ConversationView"/>[].</summary>
    public const string ConversationsChanged = "ConversationsChanged";
    /// <summary>Server to client: <see cref="ReceiptsNotice"/>[].</summary>
    public const string Receipts = "Receipts";
    /// <summary>Server to client: <see cref="PresenceNotice"/>[].</summary>
    public const string Presence = "Presence";
    /// <summary>Server to client: <see cref="ResyncNotice"/>.</summary>
    public const string Resync = "Resync";
    /// <summary>Server to client: <see cref="ReconnectNotice"/>.</summary>
    public const string Reconnect = "Reconnect";
    /// <summary>Server to client: <see cref="ClosedNotice"/>.</summary>
    public const string Closed = "Closed";
}

/// <summary>Who connects.</summary>
public sealed record HelloRequest
{
    /// <summary>Name of the client program.</summary>
    public string? Client { get; init; }
    /// <summary>Its version.</summary>
    public string? Version { get; init; }
    /// <summary>What it understands.</summary>
    public IReadOnlyList<string>? Features { get; init; }
}

/// <summary>Answer to a hub call that returns nothing else.</summary>
public record HubReply
{
    /// <summary>Whether it was done.</summary>
    public required bool Ok { get; init; }
    /// <summary>Why not.</summary>
    public WireError? Error { get; init; }
}

/// <summary>Answer to Hello.</summary>
public sealed record HelloReply : HubReply
{
    /// <summary>The server's clock.</summary>
    public DateTimeOffset? ServerTime { get; init; }
    /// <summary>Who I am.</summary>
    public Guid? UserId { get; init; }
    /// <summary>What the server accepts.</summary>
    public Limits? Limits { get; init; }
    /// <summary>What the server offers.</summary>
    public IReadOnlyList<string>? Features { get; init; }
}

/// <summary>Bounds on what clients send.</summary>
public sealed record Limits
{
    /// <summary>Bytes of UTF-8 in a text.</summary>
    public int TextBytes { get; init; } = 16 * 1024;
    /// <summary>Base64 characters of a ciphertext.</summary>
    public int CiphertextChars { get; init; } = 64 * 1024;
    /// <summary>Attachments a message.</summary>
    public int Attachments { get; init; } = 10;
    /// <summary>Characters of a title.</summary>
    public int TitleChars { get; init; } = 100;
    /// <summary>Characters of a topic.</summary>
    public int TopicChars { get; init; } = 1000;
    /// <summary>Members of a group or channel.</summary>
    public int Members { get; init; } = 10_000;
    /// <summary>Members named in one command.</summary>
    public int MembersPerCommand { get; init; } = 100;
    /// <summary>Mentions a message.</summary>
    public int Mentions { get; init; } = 50;
    /// <summary>Bytes of UTF-8 of a reaction.</summary>
    public int ReactionBytes { get; init; } = 64;
    /// <summary>Different reactions a message.</summary>
    public int ReactionsPerMessage { get; init; } = 50;
    /// <summary>Pinned messages a conversation.</summary>
    public int Pins { get; init; } = 100;
    /// <summary>People whose presence one connection may watch.</summary>
    public int WatchPresence { get; init; } = 500;
    /// <summary>Bytes of one hub message.</summary>
    public int HubMessageBytes { get; init; } = 128 * 1024;
    /// <summary>Items a page.</summary>
    public int PageSize { get; init; } = 200;
    /// <summary>Scheduled messages a person.</summary>
    public int Scheduled { get; init; } = 100;
}

/// <summary>A command that was accepted was refused after all.</summary>
public sealed record RejectedNotice
{
    /// <summary>The command.</summary>
    public required Guid CommandId { get; init; }
    /// <summary>The conversation.</summary>
    public required Guid ConversationId { get; init; }
    /// <summary>One of <see cref="ErrorCodes"/>.</summary>
    public required string Code { get; init; }
    /// <summary>A sentence for people.</summary>
    public required string Detail { get; init; }
}

/// <summary>Marks that moved.</summary>
public sealed record ReceiptsNotice
{
    /// <summary>The conversation.</summary>
    public required Guid ConversationId { get; init; }
    /// <summary>The new marks.</summary>
    public required IReadOnlyList<ReceiptMark> Marks { get; init; }
}

/// <summary>Somebody types.</summary>
public sealed record TypingNotice
{
    /// <summary>Where.</summary>
    public required Guid ConversationId { get; init; }
    /// <summary>Who.</summary>
    public required Guid UserId { get; init; }
}

/// <summary>Whether somebody is here.</summary>
public sealed record PresenceNotice
{
    /// <summary>Who.</summary>
    public required Guid UserId { get; init; }
    /// <summary>online or offline.</summary>
    public required string Status { get; init; }
    /// <summary>When last seen, while offline.</summary>
    public DateTimeOffset? LastSeen { get; init; }
}

/// <summary>Events were dropped for this connection: sync.</summary>
public sealed record ResyncNotice
{
    /// <summary>Which conversations; absent = all.</summary>
    public IReadOnlyList<Guid>? ConversationIds { get; init; }
}

/// <summary>The server is about to go: come back later.</summary>
public sealed record ReconnectNotice
{
    /// <summary>Milliseconds to wait.</summary>
    public required int AfterMs { get; init; }
    /// <summary>draining or restarting.</summary>
    public required string Reason { get; init; }
}

/// <summary>The connection ends and must not come back by itself.</summary>
public sealed record ClosedNotice
{
    /// <summary>session_revoked, token_expired or update_needed.</summary>
    public required string Code { get; init; }
}
