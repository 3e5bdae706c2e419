namespace CoolChat.Contracts;

/// <summary>What a command may ask for.</summary>
public static class CommandTypes
{
    /// <summary>Creates the conversation. Sent by POST /chat/conversations, never by Submit.</summary>
    public const string ConversationCreate = "conversation.create";
    /// <summary>Title, topic, picture, history visibility, listing, message lifetime, slow mode. Needs <see cref="Command.Changes"/>.</summary>
    public const string ConversationChange = "conversation.change";
    /// <summary>A new message. Needs <see cref="Command.Content"/>; the commandId becomes the messageId.</summary>
    public const string MessageSend = "message.send";
    /// <summary>Replaces a message's content; earlier contents stay as history.</summary>
    public const string MessageEdit = "message.edit";
    /// <summary>Deletes for everyone: the bodies are erased, a tombstone stays.</summary>
    public const string MessageDelete = "message.delete";
    /// <summary>Pins a message.</summary>
    public const string MessagePin = "message.pin";
    /// <summary>Unpins a message.</summary>
    public const string MessageUnpin = "message.unpin";
    /// <summary>Adds the reaction <see cref="Command.Key"/>.</summary>
    public const string ReactionAdd = "reaction.add";
    /// <summary>Takes one's own reaction back.</summary>
    public const string ReactionRemove = "reaction.remove";
    /// <summary>Votes in a poll; replaces one's earlier vote; no options takes it back.</summary>
    public const string PollVote = "poll.vote";
    /// <summary>Closes a poll.</summary>
    public const string PollClose = "poll.close";
    /// <summary>Adds <see cref="Command.Members"/>.</summary>
    public const string MemberAdd = "member.add";
    /// <summary>Removes <see cref="Command.UserId"/>.</summary>
    public const string MemberRemove = "member.remove";
    /// <summary>Gives <see cref="Command.UserId"/> the <see cref="Command.Role"/>; owner hands the conversation over.</summary>
    public const string MemberRole = "member.role";
    /// <summary>Leaves.</summary>
    public const string MemberLeave = "member.leave";
    /// <summary>Joins a listed channel, or any group or channel with an invite.</summary>
    public const string MemberJoin = "member.join";
}

/// <summary>Types of events. A client ignores what it doesn't know, unless <see cref="ChatEvent.Critical"/> is set.</summary>
public static class EventTypes
{
    /// <summary>Body <see cref="ConversationCreatedBody"/>.</summary>
    public const string ConversationCreated = "conversation.created";
    /// <summary>Body <see cref="ConversationChanges"/>.</summary>
    public const string ConversationChanged = "conversation.changed";
    /// <summary>Body <see cref="MessageBody"/>.</summary>
    public const string MessageSent = "message.sent";
    /// <summary>Body <see cref="MessageBody"/> with messageId.</summary>
    public const string MessageEdited = "message.edited";
    /// <summary>Body <see cref="MessageRefBody"/>; also when a message's life ends (reason expired).</summary>
    public const string MessageDeleted = "message.deleted";
    /// <summary>Body <see cref="MessageRefBody"/>.</summary>
    public const string MessagePinned = "message.pinned";
    /// <summary>Body <see cref="MessageRefBody"/>.</summary>
    public const string MessageUnpinned = "message.unpinned";
    /// <summary>Body <see cref="ReactionBody"/>.</summary>
    public const string ReactionAdded = "reaction.added";
    /// <summary>Body <see cref="ReactionBody"/>.</summary>
    public const string ReactionRemoved = "reaction.removed";
    /// <summary>Body <see cref="PollVoteBody"/>.</summary>
    public const string PollVoted = "poll.voted";
    /// <summary>Body <see cref="MessageRefBody"/>.</summary>
    public const string PollClosed = "poll.closed";
    /// <summary>Body <see cref="MembersAddedBody"/>.</summary>
    public const string MemberAdded = "member.added";
    /// <summary>Body <see cref="MemberRefBody"/>; the sender themself = left.</summary>
    public const string MemberRemoved = "member.removed";
    /// <summary>Body <see cref="MemberRefBody"/> with role.</summary>
    public const string MemberRoleChanged = "member.role";

    /// <summary>Body <see cref="MemberRefBody"/>: everything that this person wrote up to here was erased.</summary>
    public const string MemberErased = "member.erased";

    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal);

    static EventTypes()
    {
        foreach (string type in new[]
        {
            ConversationCreated, ConversationChanged, MessageSent, MessageEdited, MessageDeleted, MessagePinned, MessageUnpinned,
            ReactionAdded, ReactionRemoved, PollVoted, PollClosed, MemberAdded, MemberRemoved, MemberRoleChanged,
            MemberErased,
        })
        {
            Known[type] = type;
        }
    }

    /// <summary>The one instance of a known type's name, so that decoding a log does not keep a copy an event.</summary>
    internal static string Intern(string type) => Known.GetValueOrDefault(type, type);
}

/// <summary>Kinds of conversation.</summary>
public static class ConversationKinds
{
    /// <summary>Two people, or one's notes to oneself. One a pair.</summary>
    public const string Direct = "direct";
    /// <summary>Members see each other; by invitation.</summary>
    public const string Group = "group";
    /// <summary>May be listed and joined; everyone reads, all members write.</summary>
    public const string Channel = "channel";
}

/// <summary>Roles in a conversation, most powerful first.</summary>
public static class Roles
{
    /// <summary>One a group or channel; may do everything, hands over.</summary>
    public const string Owner = "owner";
    /// <summary>Manages members below, content and settings.</summary>
    public const string Admin = "admin";
    /// <summary>Writes and reads.</summary>
    public const string Member = "member";
}

/// <summary>How much of the past somebody who joins may read.</summary>
public static class HistoryVisibilities
{
    /// <summary>Everything.</summary>
    public const string Shared = "shared";
    /// <summary>From one's own joining on.</summary>
    public const string Joined = "joined";
}

/// <summary>Types of message content.</summary>
public static class ContentTypes
{
    /// <summary>Text only.</summary>
    public const string Text = "text";
    /// <summary>Pictures, with an optional caption.</summary>
    public const string Image = "image";
    /// <summary>Videos, with an optional caption.</summary>
    public const string Video = "video";
    /// <summary>Audio files.</summary>
    public const string Audio = "audio";
    /// <summary>A recorded voice message.</summary>
    public const string Voice = "voice";
    /// <summary>Any other files.</summary>
    public const string File = "file";
    /// <summary>A poll.</summary>
    public const string Poll = "poll";
    /// <summary>End-to-end encrypted; the server reads scheme and size only.</summary>
    public const string Encrypted = "encrypted";
}

/// <summary>Stable codes of refusals: HTTP problem details and hub errors use the same.</summary>
public static class ErrorCodes
{
    /// <summary>400: a field is missing or malformed; <c>field</c> names it.</summary>
    public const string Invalid = "invalid";
    /// <summary>413 (REST) or a refusal: larger than the limit that Hello tells.</summary>
    public const string TooLarge = "too_large";
    /// <summary>401: no valid token.</summary>
    public const string Unauthenticated = "unauthenticated";
    /// <summary>401: the session ended because the server was restored from a backup; whoever holds a wallet signs in again.</summary>
    public const string ServerRestored = "server_restored";
    /// <summary>403: the role does not allow it.</summary>
    public const string Forbidden = "forbidden";
    /// <summary>404: not there, or not for you to see.</summary>
    public const string NotFound = "not_found";
    /// <summary>409: the commandId belongs to another command.</summary>
    public const string CommandIdConflict = "command_id_conflict";
    /// <summary>409: expectedSeq is not the last seq.</summary>
    public const string SeqConflict = "seq_conflict";
    /// <summary>409: the state does not allow it (already a member, poll closed, message deleted ...).</summary>
    public const string Conflict = "conflict";
    /// <summary>410: below firstSeq.</summary>
    public const string HistoryTrimmed = "history_trimmed";
    /// <summary>410: the invite expired, is used up or was revoked.</summary>
    public const string InviteEnded = "invite_ended";
    /// <summary>429: over a rate limit; retryAfter tells when.</summary>
    public const string RateLimited = "rate_limited";
    /// <summary>503: the server has more to do than it can queue; retry.</summary>
    public const string Busy = "busy";
    /// <summary>503: an engine is away; retry.</summary>
    public const string Unavailable = "unavailable";
    /// <summary>502: the gateway got no proper answer from the service; whether the request was done is not known.</summary>
    public const string BadGateway = "bad_gateway";
    /// <summary>504: the service did not answer the gateway in time; whether the request was done is not known.</summary>
    public const string GatewayTimeout = "gateway_timeout";
    /// <summary>507: the disk is full.</summary>
    public const string StorageFull = "storage_full";
    /// <summary>The command fails the same way each time and was set aside.</summary>
    public const string Poison = "poison";
    /// <summary>500: a bug; nothing was written.</summary>
    public const string Internal = "internal";
}
