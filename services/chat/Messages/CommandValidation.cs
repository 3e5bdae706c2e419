using CoolChat.Contracts;
using CoolChat.Contracts.Internal;

namespace CoolChat.Chat.Messages;

/// <summary>
/// Checks every field of a command as <see cref="Command"/> documents it; what needs others (people, media, rights) is checked after it. Fields that
/// the command's type does not use are ignored, like unknown ones.
/// </summary>
internal sealed class CommandValidation(Limits limits)
{
    private const int YearSeconds = 31_536_000;
    private static readonly TimeSpan Year = TimeSpan.FromSeconds(YearSeconds);

    public Refusal? Check(Command command, DateTimeOffset now) =>
        CheckId(command.CommandId, "commandId")
        ?? CheckNotNil(command.ConversationId, "conversationId")
        ?? (command.ExpectedSeq < 0 ? Refusal.Invalid("expectedSeq", "At least 0.") : null)
        ?? CheckType(command, now);

    /// <summary>A UUIDv7 (RFC 9562) made by the client.</summary>
    public static Refusal? CheckId(Guid id, string field) =>
        id.Version == 7 && (id.Variant & 0xC) == 0x8 ? null : Refusal.Invalid(field, "A UUIDv7 is expected.");

    public static Refusal? CheckNotNil(Guid? id, string field) => id switch
    {
        null => Missing(field),
        { } value when value == Guid.Empty => Refusal.Invalid(field, "The nil UUID names nothing."),
        _ => null,
    };

    private Refusal? CheckType(Command command, DateTimeOffset now) => command.Type switch
    {
        CommandTypes.MessageSend => CheckSend(command, now),
        CommandTypes.MessageEdit => CheckNotNil(command.MessageId, "messageId") ?? CheckContent(command.Content, now) ?? CheckMentions(command.Mentions),
        CommandTypes.MessageDelete or CommandTypes.MessagePin or CommandTypes.MessageUnpin or CommandTypes.PollClose =>
            CheckNotNil(command.MessageId, "messageId"),
        CommandTypes.ReactionAdd or CommandTypes.ReactionRemove => CheckNotNil(command.MessageId, "messageId") ?? CheckKey(command.Key),
        CommandTypes.PollVote => CheckNotNil(command.MessageId, "messageId") ?? CheckVote(command.Options),
        CommandTypes.MemberAdd => CheckMembers(command.Members, "members", limits.MembersPerCommand) ?? CheckRole(command.Role, required: false),
        CommandTypes.MemberRemove => CheckNotNil(command.UserId, "userId"),
        CommandTypes.MemberRole => CheckNotNil(command.UserId, "userId") ?? CheckRole(command.Role, required: true),
        CommandTypes.MemberLeave => null,
        CommandTypes.MemberJoin => CheckInvite(command.Invite),
        CommandTypes.ConversationChange => CheckChanges(command.Changes),
        CommandTypes.ConversationCreate => Refusal.Invalid("type", "Conversations are created by POST /chat/conversations."),
        _ => Refusal.Invalid("type", "There is no such command."),
    };

    private Refusal? CheckSend(Command command, DateTimeOffset now) =>
        CheckContent(command.Content, now)
        ?? CheckOptional(command.ReplyTo, "replyTo")
        ?? CheckOptional(command.Thread, "thread")
        ?? CheckMentions(command.Mentions)
        ?? CheckForward(command.ForwardedFrom)
        ?? CheckSchedule(command.ScheduledFor, now)
        ?? CheckRange(command.ExpiresAfter, 5, YearSeconds, "expiresAfter");

    private Refusal? CheckContent(Content? content, DateTimeOffset now)
    {
        if (content is null)
            return Missing("content");
        Refusal? text = content.Text is { } given ? TextRules.CheckText(given, "content.text", limits.TextBytes) : null;
        return text ?? content.Type switch
        {
            ContentTypes.Text => CheckPlainText(content),
            ContentTypes.Image or ContentTypes.Video or ContentTypes.Audio or ContentTypes.File => CheckAttachments(content.Attachments, limits.Attachments),
            ContentTypes.Voice => CheckAttachments(content.Attachments, 1),
            ContentTypes.Poll => CheckPoll(content.Poll, now) ?? CheckNone(content.Attachments),
            ContentTypes.Encrypted => CheckEncrypted(content),
            _ => Refusal.Invalid("content.type", "There is no such type of content."),
        };
    }

    private static Refusal? CheckPlainText(Content content) =>
        content.Text is null ? Missing("content.text")
        : string.IsNullOrWhiteSpace(content.Text) ? Refusal.Invalid("content.text", "The text is empty.")
        : CheckNone(content.Attachments);

    private static Refusal? CheckNone(IReadOnlyList<Attachment>? attachments) =>
        attachments is { Count: > 0 } ? Refusal.Invalid("content.attachments", "This type of content has no attachments.") : null;

    private static Refusal? CheckAttachments(IReadOnlyList<Attachment>? attachments, int most)
    {
        if (attachments is not { Count: > 0 })
            return Missing("content.attachments");
        if (attachments.Count > most)
            return Refusal.Invalid("content.attachments", $"At most {most}.");
        HashSet<Guid> seen = [];
        for (int i = 0; i < attachments.Count; i++)
        {
            if (CheckAttachment(attachments[i], $"content.attachments[{i}]", seen) is { } refusal)
                return refusal;
        }
        return null;
    }

    private static Refusal? CheckAttachment(Attachment? attachment, string field, HashSet<Guid> seen) =>
        attachment is null ? Missing(field)
        : CheckNotNil(attachment.MediaId, $"{field}.mediaId")
            ?? (seen.Add(attachment.MediaId) ? null : Refusal.Invalid($"{field}.mediaId", "It is attached twice."))
            ?? (attachment.FileName is { } name ? TextRules.CheckLine(name, $"{field}.fileName", 255) : null)
            ?? (attachment.Alt is { } alt ? TextRules.CheckLines(alt, $"{field}.alt", 1000) : null)
            ?? CheckRange(attachment.Width, 1, 100_000, $"{field}.width")
            ?? CheckRange(attachment.Height, 1, 100_000, $"{field}.height")
            ?? CheckRange(attachment.DurationMs, 0, 7 * 86_400_000L, $"{field}.durationMs");

    private static Refusal? CheckPoll(Poll? poll, DateTimeOffset now)
    {
        if (poll is null)
            return Missing("content.poll");
        if (TextRules.CheckLine(poll.Question, "content.poll.question", 300) is { } question)
            return question;
        if (poll.Options.Count is < 2 or > 20)
            return Refusal.Invalid("content.poll.options", "2 to 20 options.");
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < poll.Options.Count; i++)
        {
            string field = $"content.poll.options[{i}]";
            if (poll.Options[i] is null)
                return Missing(field);
            if (TextRules.CheckLine(poll.Options[i], field, 100) is { } option)
                return option;
            if (!seen.Add(poll.Options[i]))
                return Refusal.Invalid(field, "The option is there twice.");
        }
        return poll.ClosesAt is { } closes && (closes <= now || closes > now + Year)
            ? Refusal.Invalid("content.poll.closesAt", "In the future, at most a year ahead.")
            : null;
    }

    private Refusal? CheckEncrypted(Content content)
    {
        if (content.Text is not null)
            return Refusal.Invalid("content.text", "Encrypted content has no text beside it.");
        if (content.Scheme is null)
            return Missing("content.scheme");
        if (TextRules.CheckLine(content.Scheme, "content.scheme", 64) is { } scheme)
            return scheme;
        if (content.Ciphertext is not { Length: > 0 } cipher)
            return Missing("content.ciphertext");
        if (cipher.Length > limits.CiphertextChars)
            return Refusal.Invalid("content.ciphertext", $"At most {limits.CiphertextChars} characters of base64.");
        if (!System.Buffers.Text.Base64.IsValid(cipher) || cipher.AsSpan().ContainsAny(" \t\r\n"))
            return Refusal.Invalid("content.ciphertext", "It is not base64.");
        return content.Attachments is { Count: > 0 } ? CheckAttachments(content.Attachments, limits.Attachments) : null;
    }

    private Refusal? CheckMentions(Mentions? mentions)
    {
        if (mentions?.Users is not { } users)
            return null;
        if (users.Count > limits.Mentions)
            return Refusal.Invalid("mentions.users", $"At most {limits.Mentions}.");
        for (int i = 0; i < users.Count; i++)
        {
            if (users[i] == Guid.Empty)
                return Refusal.Invalid($"mentions.users[{i}]", "The nil UUID names nothing.");
        }
        return null;
    }

    private static Refusal? CheckForward(ForwardedFrom? forward) => forward is null
        ? null
        : CheckNotNil(forward.ConversationId, "forwardedFrom.conversationId") ?? CheckNotNil(forward.MessageId, "forwardedFrom.messageId");

    private static Refusal? CheckSchedule(DateTimeOffset? scheduledFor, DateTimeOffset now) =>
        scheduledFor is { } at && (at <= now || at > now + Year) ? Refusal.Invalid("scheduledFor", "In the future, at most a year ahead.") : null;

    private Refusal? CheckKey(string? key) => key is null ? Missing("key") : TextRules.CheckReaction(key, "key", limits.ReactionBytes);

    private static Refusal? CheckVote(IReadOnlyList<int>? options)
    {
        if (options is null)
            return Missing("options");
        if (options.Count > 20)
            return Refusal.Invalid("options", "At most 20.");
        HashSet<int> seen = [];
        for (int i = 0; i < options.Count; i++)
        {
            if (options[i] is < 0 or >= 20)
                return Refusal.Invalid($"options[{i}]", "There is no such option.");
            if (!seen.Add(options[i]))
                return Refusal.Invalid($"options[{i}]", "The option is chosen twice.");
        }
        return null;
    }

    /// <summary>userIds or addresses, to be resolved.</summary>
    public static Refusal? CheckMembers(IReadOnlyList<string>? members, string field, int most)
    {
        if (members is not { Count: > 0 })
            return Missing(field);
        if (members.Count > most)
            return Refusal.Invalid(field, $"At most {most} at once.");
        for (int i = 0; i < members.Count; i++)
        {
            if (members[i] is not { Length: > 0 and <= 64 })
                return Refusal.Invalid($"{field}[{i}]", "A userId or an address is expected.");
        }
        return null;
    }

    private static Refusal? CheckRole(string? role, bool required) => role switch
    {
        null => required ? Missing("role") : null,
        Roles.Admin or Roles.Member => null,
        Roles.Owner when required => null,
        Roles.Owner => Refusal.Invalid("role", "An owner hands over to a member; nobody joins as one."),
        _ => Refusal.Invalid("role", "There is no such role."),
    };

    private static Refusal? CheckInvite(string? invite) =>
        invite is not null && (invite.Length is 0 or > 128 || !invite.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            ? Refusal.Invalid("invite", "It is not the code of an invite.")
            : null;

    private Refusal? CheckChanges(ConversationChanges? changes)
    {
        if (changes is null)
            return Missing("changes");
        if (changes == new ConversationChanges())
            return Refusal.Invalid("changes", "Nothing is changed.");
        return (changes.Title is { } title ? TextRules.CheckLine(title, "changes.title", limits.TitleChars) : null)
            ?? (changes.Topic is { } topic ? TextRules.CheckLines(topic, "changes.topic", limits.TopicChars) : null)
            ?? CheckVisibility(changes.HistoryVisibility, "changes.historyVisibility")
            ?? (changes.ExpiresAfter is 0 ? null : CheckRange(changes.ExpiresAfter, 5, YearSeconds, "changes.expiresAfter"))
            ?? CheckRange(changes.SlowMode, 0, 86_400, "changes.slowMode");
    }

    public static Refusal? CheckVisibility(string? visibility, string field) =>
        visibility is null or HistoryVisibilities.Shared or HistoryVisibilities.Joined ? null : Refusal.Invalid(field, "shared or joined.");

    private static Refusal? CheckOptional(Guid? id, string field) => id is null ? null : CheckNotNil(id, field);

    private static Refusal? CheckRange(long? value, long least, long most, string field) =>
        value < least || value > most ? Refusal.Invalid(field, $"From {least} to {most}.") : null;

    private static Refusal Missing(string field) => Refusal.Invalid(field, "It is missing.");
}
