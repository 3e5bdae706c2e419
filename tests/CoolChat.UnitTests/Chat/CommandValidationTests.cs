using CoolChat.Chat.Messages;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Xunit;

namespace CoolChat.UnitTests.Chat;

public sealed class CommandValidationTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Some = Guid.CreateVersion7();
    private readonly CommandValidation _validation = new(new Limits());

    /// <summary>What is wrong, the command, the field that is named.</summary>
    public static TheoryData<string, Func<Command>, string> Refused => new()
    {
        { "no v7", () => Say("x") with { CommandId = Guid.NewGuid() }, "commandId" },
        { "nil commandId", () => Say("x") with { CommandId = Guid.Empty }, "commandId" },
        { "nil conversation", () => Say("x") with { ConversationId = Guid.Empty }, "conversationId" },
        { "unknown type", () => Of("message.sing"), "type" },
        { "create by Submit", () => Of(CommandTypes.ConversationCreate), "type" },
        { "negative seq", () => Say("x") with { ExpectedSeq = -1 }, "expectedSeq" },
        { "no content", () => Of(CommandTypes.MessageSend), "content" },
        { "no text", () => Send(new Content { Type = "text" }), "content.text" },
        { "empty", () => Say(""), "content.text" },
        { "blank", () => Say(" \n\t "), "content.text" },
        { "control character", () => Say("a\u0000b"), "content.text" },
        { "carriage return", () => Say("a\r\nb"), "content.text" },
        { "C1 control", () => Say("a\u0085b"), "content.text" },
        { "lone high surrogate", () => Say("a\ud83d"), "content.text" },
        { "lone low surrogate", () => Say("\udc4bx"), "content.text" },
        { "swapped surrogates", () => Say("x\udc4b\ud83dx"), "content.text" },
        { "too long", () => Say(new string('a', 16 * 1024 + 1)), "content.text" },
        { "too many bytes", () => Say(new string('世', 16 * 1024 / 3 + 1)), "content.text" },
        { "unknown content", () => Send(new Content { Type = "hologram", Text = "x" }), "content.type" },
        { "text with attachments", () => Send(new Content { Type = "text", Text = "x", Attachments = [Media()] }), "content.attachments" },
        { "image without", () => Send(new Content { Type = "image", Text = "x" }), "content.attachments" },
        { "image with none", () => Send(new Content { Type = "image", Attachments = [] }), "content.attachments" },
        { "eleven", () => Send(new Content { Type = "file", Attachments = [.. Enumerable.Range(0, 11).Select(_ => Media())] }), "content.attachments" },
        { "two voices", () => Send(new Content { Type = "voice", Attachments = [Media(), Media()] }), "content.attachments" },
        { "nil media", () => Send(new Content { Type = "file", Attachments = [new Attachment { MediaId = Guid.Empty }] }), "content.attachments[0].mediaId" },
        { "same media twice", () => Twice(Media()), "content.attachments[1].mediaId" },
        { "control in file name", () => Send(new Content { Type = "file", Attachments = [Media() with { FileName = "a\nb" }] }), "content.attachments[0].fileName" },
        { "long alt", () => Send(new Content { Type = "image", Attachments = [Media() with { Alt = new string('a', 1001) }] }), "content.attachments[0].alt" },
        { "zero width", () => Send(new Content { Type = "image", Attachments = [Media() with { Width = 0 }] }), "content.attachments[0].width" },
        { "no poll", () => Send(new Content { Type = "poll" }), "content.poll" },
        { "no question", () => Send(Poll("", "a", "b")), "content.poll.question" },
        { "one option", () => Send(Poll("?", "a")), "content.poll.options" },
        { "empty option", () => Send(Poll("?", "a", "")), "content.poll.options[1]" },
        { "same option", () => Send(Poll("?", "a", "a")), "content.poll.options[1]" },
        { "closed poll", () => Send(new Content { Type = "poll", Poll = new Poll { Question = "?", Options = ["a", "b"], ClosesAt = Now } }), "content.poll.closesAt" },
        { "no scheme", () => Send(new Content { Type = "encrypted", Ciphertext = "AAAA" }), "content.scheme" },
        { "no ciphertext", () => Send(new Content { Type = "encrypted", Scheme = "mls" }), "content.ciphertext" },
        { "no base64", () => Send(new Content { Type = "encrypted", Scheme = "mls", Ciphertext = "*" }), "content.ciphertext" },
        { "long ciphertext", () => Send(new Content { Type = "encrypted", Scheme = "mls", Ciphertext = new string('A', 65540) }), "content.ciphertext" },
        { "nil replyTo", () => Say("x") with { ReplyTo = Guid.Empty }, "replyTo" },
        { "nil thread", () => Say("x") with { Thread = Guid.Empty }, "thread" },
        { "many mentions", () => Say("x") with { Mentions = new Mentions { Users = [.. Enumerable.Repeat(Some, 51)] } }, "mentions.users" },
        { "nil mention", () => Say("x") with { Mentions = new Mentions { Users = [Some, Guid.Empty] } }, "mentions.users[1]" },
        { "forward of nothing", () => Say("x") with { ForwardedFrom = new ForwardedFrom { ConversationId = Some, MessageId = Guid.Empty } }, "forwardedFrom.messageId" },
        { "scheduled for the past", () => Say("x") with { ScheduledFor = Now }, "scheduledFor" },
        { "scheduled for too late", () => Say("x") with { ScheduledFor = Now.AddDays(366) }, "scheduledFor" },
        { "too short a life", () => Say("x") with { ExpiresAfter = 4 }, "expiresAfter" },
        { "too long a life", () => Say("x") with { ExpiresAfter = 31_536_001 }, "expiresAfter" },
        { "edit of nothing", () => Say("x") with { Type = CommandTypes.MessageEdit }, "messageId" },
        { "edit without content", () => Of(CommandTypes.MessageEdit) with { MessageId = Some }, "content" },
        { "delete of nothing", () => Of(CommandTypes.MessageDelete), "messageId" },
        { "pin of nil", () => Of(CommandTypes.MessagePin) with { MessageId = Guid.Empty }, "messageId" },
        { "no key", () => React(null), "key" },
        { "empty key", () => React(""), "key" },
        { "letter", () => React("a"), "key" },
        { "digit", () => React("1"), "key" },
        { "word", () => React("yes"), "key" },
        { "blank key", () => React(" "), "key" },
        { "two emoji", () => React("👍👎"), "key" },
        { "letter and emoji", () => React("a👍"), "key" },
        { "long key", () => React("👍" + string.Concat(Enumerable.Repeat("\u200d👍", 20))), "key" },
        { "no options", () => Of(CommandTypes.PollVote) with { MessageId = Some }, "options" },
        { "same vote", () => Of(CommandTypes.PollVote) with { MessageId = Some, Options = [1, 1] }, "options[1]" },
        { "negative vote", () => Of(CommandTypes.PollVote) with { MessageId = Some, Options = [-1] }, "options[0]" },
        { "no members", () => Of(CommandTypes.MemberAdd), "members" },
        { "many members", () => Of(CommandTypes.MemberAdd) with { Members = [.. Enumerable.Repeat("x", 101)] }, "members" },
        { "empty member", () => Of(CommandTypes.MemberAdd) with { Members = ["x", ""] }, "members[1]" },
        { "added as owner", () => Of(CommandTypes.MemberAdd) with { Members = ["x"], Role = Roles.Owner }, "role" },
        { "no user", () => Of(CommandTypes.MemberRemove), "userId" },
        { "no role", () => Of(CommandTypes.MemberRole) with { UserId = Some }, "role" },
        { "unknown role", () => Of(CommandTypes.MemberRole) with { UserId = Some, Role = "king" }, "role" },
        { "strange invite", () => Of(CommandTypes.MemberJoin) with { Invite = "../.." }, "invite" },
        { "no changes", () => Of(CommandTypes.ConversationChange), "changes" },
        { "empty changes", () => Change(new ConversationChanges()), "changes" },
        { "empty title", () => Change(new ConversationChanges { Title = "" }), "changes.title" },
        { "title of two lines", () => Change(new ConversationChanges { Title = "a\nb" }), "changes.title" },
        { "long title", () => Change(new ConversationChanges { Title = new string('a', 101) }), "changes.title" },
        { "long topic", () => Change(new ConversationChanges { Topic = new string('a', 1001) }), "changes.topic" },
        { "unknown visibility", () => Change(new ConversationChanges { HistoryVisibility = "none" }), "changes.historyVisibility" },
        { "short life", () => Change(new ConversationChanges { ExpiresAfter = 1 }), "changes.expiresAfter" },
        { "negative slow mode", () => Change(new ConversationChanges { SlowMode = -1 }), "changes.slowMode" },
    };

    public static TheoryData<string, Func<Command>> Taken => new()
    {
        { "text", () => Say("Grüße\tмир\n世界 👨‍👩‍👧‍👦") },
        { "longest text", () => Say(new string('a', 16 * 1024)) },
        { "longest of many bytes", () => Say(new string('世', 16 * 1024 / 3)) },
        { "image without caption", () => Send(new Content { Type = "image", Attachments = [Media()] }) },
        { "poll", () => Send(Poll("?", "a", "b")) },
        { "encrypted", () => Send(new Content { Type = "encrypted", Scheme = "mls", Ciphertext = "AAAA" }) },
        { "scheduled", () => Say("x") with { ScheduledFor = Now.AddSeconds(1) } },
        { "shortest life", () => Say("x") with { ExpiresAfter = 5 } },
        { "thumb", () => React("👍🏽") },
        { "heart", () => React("❤️") },
        { "flag", () => React("🇩🇪") },
        { "keycap", () => React("1️⃣") },
        { "family", () => React("👨‍👩‍👧‍👦") },
        { "double exclamation", () => React("‼️") },
        { "vote taken back", () => Of(CommandTypes.PollVote) with { MessageId = Some, Options = [] } },
        { "leave", () => Of(CommandTypes.MemberLeave) },
        { "join", () => Of(CommandTypes.MemberJoin) },
        { "join by invite", () => Of(CommandTypes.MemberJoin) with { Invite = "AbC-_9" } },
        { "hand over", () => Of(CommandTypes.MemberRole) with { UserId = Some, Role = Roles.Owner } },
        { "topic cleared", () => Change(new ConversationChanges { Topic = "" }) },
        { "lifetime cleared", () => Change(new ConversationChanges { ExpiresAfter = 0 }) },
        { "picture cleared", () => Change(new ConversationChanges { Picture = Guid.Empty }) },
        { "fields of other types", () => Say("x") with { Key = "", Options = [99], Role = "king" } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Check_WrongCommand_NamesTheField(string what, Func<Command> command, string field)
    {
        Refusal? refusal = _validation.Check(command(), Now);

        Assert.True(refusal is not null, what);
        Assert.Equal((ErrorCodes.Invalid, field), (refusal.Code, refusal.Field));
    }

    [Theory]
    [MemberData(nameof(Taken))]
    public void Check_RightCommand_IsTaken(string what, Func<Command> command) =>
        Assert.True(_validation.Check(command(), Now) is null, $"{what}: {_validation.Check(command(), Now)}");

    private static Command Of(string type) => new() { CommandId = Guid.CreateVersion7(), ConversationId = Some, Type = type };

    private static Command Send(Content content) => Of(CommandTypes.MessageSend) with { Content = content };

    private static Command Say(string text) => Send(new Content { Type = ContentTypes.Text, Text = text });

    private static Command React(string? key) => Of(CommandTypes.ReactionAdd) with { MessageId = Some, Key = key };

    private static Command Change(ConversationChanges changes) => Of(CommandTypes.ConversationChange) with { Changes = changes };

    private static Attachment Media() => new() { MediaId = Guid.CreateVersion7() };

    private static Command Twice(Attachment media) => Send(new Content { Type = "file", Attachments = [media, media] });

    private static Content Poll(string question, params string[] options) =>
        new() { Type = "poll", Poll = new Poll { Question = question, Options = options } };
}
