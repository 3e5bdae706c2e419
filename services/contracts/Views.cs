namespace CoolChat.Contracts;

/// <summary>A page of a list; <see cref="Next"/> is opaque and absent on the last page.</summary>
public sealed record Page<T>
{
    /// <summary>The items.</summary>
    public required IReadOnlyList<T> Items { get; init; }
    /// <summary>Pass as <c>next=</c> to go on.</summary>
    public string? Next { get; init; }
}

/// <summary>A conversation as one member sees it.</summary>
public sealed record ConversationView
{
    /// <summary>The conversation.</summary>
    public required Guid Id { get; init; }
    /// <summary>One of <see cref="ConversationKinds"/>.</summary>
    public required string Kind { get; init; }
    /// <summary>Changes after a restore.</summary>
    public required Guid Epoch { get; init; }
    /// <summary>Title of a group or channel.</summary>
    public string? Title { get; init; }
    /// <summary>Topic.</summary>
    public string? Topic { get; init; }
    /// <summary>mediaId of the picture.</summary>
    public Guid? Picture { get; init; }
    /// <summary>All members while there are at most 50.</summary>
    public IReadOnlyList<MemberEntry>? Members { get; init; }
    /// <summary>Number of members.</summary>
    public required int MemberCount { get; init; }
    /// <summary>The viewer's role; absent for a channel one has not joined.</summary>
    public string? Role { get; init; }
    /// <summary>First seq that the viewer may read.</summary>
    public required long FirstSeq { get; init; }
    /// <summary>Last seq.</summary>
    public required long LastSeq { get; init; }
    /// <summary>Countable messages so far.</summary>
    public required long LastOrdinal { get; init; }
    /// <summary>The viewer's read mark.</summary>
    public required long ReadSeq { get; init; }
    /// <summary>Messages after the mark.</summary>
    public required long Unread { get; init; }
    /// <summary>Mentions of the viewer after the mark.</summary>
    public required int Mentions { get; init; }
    /// <summary>Marked unread by hand.</summary>
    public bool? MarkedUnread { get; init; }
    /// <summary>Version of the member list: the seq that last changed it.</summary>
    public required long MembershipVersion { get; init; }
    /// <summary>One of <see cref="HistoryVisibilities"/>.</summary>
    public required string HistoryVisibility { get; init; }
    /// <summary>Listed channel.</summary>
    public bool? Listed { get; init; }
    /// <summary>Seconds that new messages live.</summary>
    public int? ExpiresAfter { get; init; }
    /// <summary>Seconds between two messages of a member.</summary>
    public int? SlowMode { get; init; }
    /// <summary>Time of the last event.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
    /// <summary>The latest message, for the list.</summary>
    public MessageView? LastMessage { get; init; }
    /// <summary>The viewer's own settings and draft.</summary>
    public MemberPreferences? Preferences { get; init; }
    /// <summary>direct: how far the other one has received; group up to 50: how far members have read.</summary>
    public IReadOnlyList<ReceiptMark>? Receipts { get; init; }
    /// <summary>True when the viewer is no longer a member: forget it.</summary>
    public bool? Removed { get; init; }
}

/// <summary>What a person sets for a conversation for themself; also the body of PATCH /chat/conversations/{id}/me.</summary>
public sealed record MemberPreferences
{
    /// <summary>No notifications until then.</summary>
    public DateTimeOffset? MutedUntil { get; init; }
    /// <summary>Moved out of sight.</summary>
    public bool? Archived { get; init; }
    /// <summary>On top of the list.</summary>
    public bool? Favourite { get; init; }
    /// <summary>Marked unread by hand.</summary>
    public bool? MarkedUnread { get; init; }
    /// <summary>Unsent text, at most 16 KiB; an empty string clears it.</summary>
    public string? Draft { get; init; }
}

/// <summary>How far somebody has received and read.</summary>
public sealed record ReceiptMark
{
    /// <summary>Who.</summary>
    public required Guid UserId { get; init; }
    /// <summary>Received up to this seq on some device.</summary>
    public long DeliveredSeq { get; init; }
    /// <summary>Read up to this seq.</summary>
    public long ReadSeq { get; init; }
}

/// <summary>A message as it is now.</summary>
public sealed record MessageView
{
    /// <summary>The commandId of its message.send.</summary>
    public required Guid MessageId { get; init; }
    /// <summary>The conversation.</summary>
    public required Guid ConversationId { get; init; }
    /// <summary>Its position.</summary>
    public required long Seq { get; init; }
    /// <summary>Which message it is.</summary>
    public required long Ordinal { get; init; }
    /// <summary>userId.</summary>
    public required Guid Sender { get; init; }
    /// <summary>When it was sent.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>Latest content; absent when deleted or erased.</summary>
    public Content? Content { get; init; }
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
    /// <summary>Time of the last edit.</summary>
    public DateTimeOffset? EditedAt { get; init; }
    /// <summary>How often it was edited.</summary>
    public int? Edits { get; init; }
    /// <summary>Why there is no content: author, moderator, expired, erased.</summary>
    public string? Deleted { get; init; }
    /// <summary>Reactions, most first.</summary>
    public IReadOnlyList<ReactionCount>? Reactions { get; init; }
    /// <summary>Pinned.</summary>
    public bool? Pinned { get; init; }
    /// <summary>Replies in the thread that this message roots.</summary>
    public ThreadSummary? Replies { get; init; }
    /// <summary>The result of a poll so far.</summary>
    public PollResult? Poll { get; init; }
}

/// <summary>A reaction on a message.</summary>
public sealed record ReactionCount
{
    /// <summary>The emoji.</summary>
    public required string Key { get; init; }
    /// <summary>How many.</summary>
    public required int Count { get; init; }
    /// <summary>Whether the viewer is among them.</summary>
    public required bool Mine { get; init; }
}

/// <summary>A thread seen from its root.</summary>
public sealed record ThreadSummary
{
    /// <summary>Messages in it.</summary>
    public required int Count { get; init; }
    /// <summary>Seq of the latest.</summary>
    public required long LastSeq { get; init; }
    /// <summary>Time of the latest.</summary>
    public required DateTimeOffset LastAt { get; init; }
    /// <summary>Up to three of those who wrote in it, latest first.</summary>
    public required IReadOnlyList<Guid> Participants { get; init; }
}

/// <summary>Votes of a poll.</summary>
public sealed record PollResult
{
    /// <summary>Votes an option.</summary>
    public required IReadOnlyList<int> Counts { get; init; }
    /// <summary>People who voted.</summary>
    public required int Voters { get; init; }
    /// <summary>The viewer's vote.</summary>
    public IReadOnlyList<int>? Mine { get; init; }
    /// <summary>No more votes.</summary>
    public bool? Closed { get; init; }
}

/// <summary>GET /chat/conversations/{id}/messages.</summary>
public sealed record MessagePage
{
    /// <summary>Ascending by seq.</summary>
    public required IReadOnlyList<MessageView> Items { get; init; }
    /// <summary>The state includes every event up to this seq.</summary>
    public required long UpTo { get; init; }
    /// <summary>There are older messages than the first.</summary>
    public required bool HasBefore { get; init; }
    /// <summary>There are newer messages than the last.</summary>
    public required bool HasAfter { get; init; }
}

/// <summary>GET /chat/conversations/{id}/events.</summary>
public sealed record EventPage
{
    /// <summary>Ascending by seq.</summary>
    public required IReadOnlyList<ChatEvent> Events { get; init; }
    /// <summary>There are more in the direction asked for.</summary>
    public required bool HasMore { get; init; }
}

/// <summary>POST /chat/sync.</summary>
public sealed record SyncRequest
{
    /// <summary>From the last answer; absent the first time.</summary>
    public string? Since { get; init; }
    /// <summary>1 to 200 conversations a page; 100 by default.</summary>
    public int? Limit { get; init; }
}

/// <summary>What changed for me.</summary>
public sealed record SyncPage
{
    /// <summary>Pass next time.</summary>
    public required string Since { get; init; }
    /// <summary>Conversations that changed, oldest change first.</summary>
    public required IReadOnlyList<ConversationView> Conversations { get; init; }
    /// <summary>Call again at once.</summary>
    public required bool HasMore { get; init; }
}

/// <summary>POST /chat/conversations.</summary>
public sealed record CreateConversationRequest
{
    /// <summary>UUIDv7; the same id again answers the same conversation.</summary>
    public required Guid CommandId { get; init; }
    /// <summary>One of <see cref="ConversationKinds"/>.</summary>
    public required string Kind { get; init; }
    /// <summary>userIds or addresses besides oneself, at most 100 here; direct: one, or oneself for notes.</summary>
    public IReadOnlyList<string>? Members { get; init; }
    /// <summary>group, channel: 1 to 100 characters.</summary>
    public string? Title { get; init; }
    /// <summary>At most 1,000 characters.</summary>
    public string? Topic { get; init; }
    /// <summary>shared (default) or joined.</summary>
    public string? HistoryVisibility { get; init; }
    /// <summary>channel: listed (default true).</summary>
    public bool? Listed { get; init; }
}

/// <summary>POST /chat/conversations/{id}/invites.</summary>
public sealed record CreateInviteRequest
{
    /// <summary>Seconds it is valid, 60 to 31,536,000; 7 days by default.</summary>
    public int? ExpiresIn { get; init; }
    /// <summary>How many may join by it, 1 to 10,000; unlimited by default.</summary>
    public int? MaxUses { get; init; }
}

/// <summary>An invite link.</summary>
public sealed record InviteView
{
    /// <summary>Names it for revoking.</summary>
    public required Guid InviteId { get; init; }
    /// <summary>The secret in the link; shown to those who may manage invites.</summary>
    public string? Code { get; init; }
    /// <summary>Where to.</summary>
    public required Guid ConversationId { get; init; }
    /// <summary>Kind of conversation.</summary>
    public string? Kind { get; init; }
    /// <summary>Title of the conversation.</summary>
    public string? Title { get; init; }
    /// <summary>Number of members.</summary>
    public int? MemberCount { get; init; }
    /// <summary>Who made it.</summary>
    public required Guid CreatedBy { get; init; }
    /// <summary>Valid until.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
    /// <summary>How many may join by it.</summary>
    public int? MaxUses { get; init; }
    /// <summary>How many did.</summary>
    public required int Uses { get; init; }
}

/// <summary>An edit in a message's history: GET /chat/conversations/{id}/messages/{messageId}/edits.</summary>
public sealed record MessageEditView
{
    /// <summary>Seq of the event.</summary>
    public required long Seq { get; init; }
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }
    /// <summary>The content from then on.</summary>
    public Content? Content { get; init; }
}

/// <summary>A message that waits for its time: GET /chat/scheduled.</summary>
public sealed record ScheduledView
{
    /// <summary>The commandId of its message.send.</summary>
    public required Guid CommandId { get; init; }
    /// <summary>Where.</summary>
    public required Guid ConversationId { get; init; }
    /// <summary>When.</summary>
    public required DateTimeOffset ScheduledFor { get; init; }
    /// <summary>What.</summary>
    public required Content Content { get; init; }
}

/// <summary>A found message.</summary>
public sealed record SearchHit
{
    /// <summary>The message.</summary>
    public required MessageView Message { get; init; }
    /// <summary>A piece of its text.</summary>
    public required string Snippet { get; init; }
    /// <summary>Where the snippet matches: pairs of start and length in UTF-16 units.</summary>
    public required IReadOnlyList<int> Highlights { get; init; }
}
