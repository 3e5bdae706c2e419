using CoolChat.Engines.RocksDb;
using RocksDbSharp;

namespace CoolChat.Conversations.Adapters.RocksDb;

/// <summary>
/// The column families of the log and of what is folded from it. Processing's writer is the only one that writes them, in one atomic synced
/// batch a commit; this library reads them. Keys are big-endian, so that a conversation's records lie together in order.
/// <list type="table">
/// <item><term>meta</term><description>name -> value: version, stamp (last commit), store (a random id, replaced by a restore)</description></item>
/// <item><term>conversations</term><description>conversation -> ConversationInfo (JSON)</description></item>
/// <item><term>heads</term><description>conversation -> ConversationHead (fixed binary)</description></item>
/// <item><term>members</term><description>conversation, user -> MemberRecord (binary)</description></item>
/// <item><term>memberships</term><description>user, conversation -> MembershipRecord (JSON); kept with Removed after leaving, for sync</description></item>
/// <item><term>marks</term><description>user, conversation -> Marks (fixed binary)</description></item>
/// <item><term>events</term><description>conversation, seq -> StoredEvent</description></item>
/// <item><term>commands</term><description>commandId, conversation -> seq, or CommandRecord (JSON) when nothing was appended: idempotency and outcomes</description></item>
/// <item><term>states</term><description>conversation, seq of a message -> MessageState (JSON); absent for a message that nobody touched</description></item>
/// <item><term>reactions</term><description>conversation, message seq, length of key, key, user -> seq of the reaction</description></item>
/// <item><term>votes</term><description>conversation, message seq, user -> options, a byte each</description></item>
/// <item><term>threads</term><description>conversation, root seq, message seq -> nothing</description></item>
/// <item><term>pins</term><description>conversation, seq of the pin -> message seq</description></item>
/// <item><term>removals</term><description>conversation, seq of a deleted message -> nothing: corrects unread</description></item>
/// <item><term>mentions</term><description>user (nil = everyone), conversation, message seq -> nothing</description></item>
/// <item><term>invites</term><description>conversation, inviteId -> InviteRecord (JSON)</description></item>
/// <item><term>codes</term><description>SHA-256 of an invite's code -> conversation, inviteId</description></item>
/// <item><term>scheduled</term><description>user, commandId -> ScheduledRecord (JSON)</description></item>
/// <item><term>timers</term><description>due (ms), conversation, kind, subject -> actor</description></item>
/// <item><term>grants</term><description>mediaId, conversation, seq of the showing message (0 = picture of the conversation) -> nothing</description></item>
/// <item><term>channels</term><description>lower-case title, 0, conversation -> nothing: listed channels</description></item>
/// <item><term>feed</term><description>stamp -> conversation, first seq, count of each run of events in the commit</description></item>
/// </list>
/// </summary>
internal sealed class ConversationFamilies(RocksDbEngine engine)
{
    public static readonly IReadOnlyList<string> Names =
    [
        "meta", "conversations", "heads", "members", "memberships", "marks", "events", "commands", "states", "reactions", "votes", "threads",
        "pins", "removals", "mentions", "invites", "codes", "scheduled", "timers", "grants", "channels", "feed",
    ];

    public readonly ColumnFamilyHandle Meta = engine.Family("meta");
    public readonly ColumnFamilyHandle Conversations = engine.Family("conversations");
    public readonly ColumnFamilyHandle Heads = engine.Family("heads");
    public readonly ColumnFamilyHandle Members = engine.Family("members");
    public readonly ColumnFamilyHandle Memberships = engine.Family("memberships");
    public readonly ColumnFamilyHandle Marks = engine.Family("marks");
    public readonly ColumnFamilyHandle Events = engine.Family("events");
    public readonly ColumnFamilyHandle Commands = engine.Family("commands");
    public readonly ColumnFamilyHandle States = engine.Family("states");
    public readonly ColumnFamilyHandle Reactions = engine.Family("reactions");
    public readonly ColumnFamilyHandle Votes = engine.Family("votes");
    public readonly ColumnFamilyHandle Threads = engine.Family("threads");
    public readonly ColumnFamilyHandle Pins = engine.Family("pins");
    public readonly ColumnFamilyHandle Removals = engine.Family("removals");
    public readonly ColumnFamilyHandle Mentions = engine.Family("mentions");
    public readonly ColumnFamilyHandle Invites = engine.Family("invites");
    public readonly ColumnFamilyHandle Codes = engine.Family("codes");
    public readonly ColumnFamilyHandle Scheduled = engine.Family("scheduled");
    public readonly ColumnFamilyHandle Timers = engine.Family("timers");
    public readonly ColumnFamilyHandle Grants = engine.Family("grants");
    public readonly ColumnFamilyHandle Channels = engine.Family("channels");
    public readonly ColumnFamilyHandle Feed = engine.Family("feed");
}
