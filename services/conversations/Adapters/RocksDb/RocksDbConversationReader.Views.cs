using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using CoolChat.Engines.RocksDb;

namespace CoolChat.Conversations.Adapters.RocksDb;

/// <summary>Conversations and members as one person sees them.</summary>
internal sealed partial class RocksDbConversationReader
{
    /// <summary>Null when the viewer may not see it. <paramref name="full"/> adds what a list doesn't need.</summary>
    private ConversationView? View(RocksDbView view, Guid viewer, Guid conversationId, bool full)
    {
        byte[] id = Keys.Id(conversationId);
        if (Codec.Head(view.Get(id, families.Heads)) is not { } head || Codec.Json<ConversationInfo>(view.Get(id, families.Conversations)) is not { } info)
            return null;
        MemberRecord? member = view.Get(Keys.Pair(conversationId, viewer), families.Members) is { } value ? Codec.Member(value) : null;
        if (!ConversationFold.MaySee(info, member))
            return null;
        ConversationView shown = ConversationFold.Shown(conversationId, head, info, member);
        return member is null ? shown : Personal(view, viewer, shown, member, head, full);
    }

    /// <summary>Adds the viewer's own place: role, marks, unread, settings, who else is there.</summary>
    private ConversationView Personal(RocksDbView view, Guid viewer, ConversationView shown, MemberRecord member, ConversationHead head, bool full)
    {
        byte[] own = Keys.Pair(viewer, shown.Id);
        Marks marks = Codec.Marks(view.Get(own, families.Marks));
        MemberPreferences? preferences = Codec.Json<MembershipRecord>(view.Get(own, families.Memberships))?.Preferences;
        List<MemberEntry>? members = shown.MemberCount <= ConversationFold.MembersInView ? Members(view, shown.Id) : null;
        return shown with
        {
            Role = member.Role,
            ReadSeq = marks.ReadSeq,
            Unread = Unread(view, shown.Id, head, marks),
            Mentions = Mentions(view, viewer, shown.Id, Math.Max(marks.ReadSeq + 1, member.FirstSeq)),
            MarkedUnread = preferences?.MarkedUnread,
            Preferences = preferences is null ? null : preferences with { MarkedUnread = null },
            Members = members,
            LastMessage = head.LastMessageSeq >= member.FirstSeq && head.LastMessageSeq > 0
                ? Message(view, viewer, shown.Id, head.LastMessageSeq)
                : null,
            Receipts = members is not null && (full || shown.Kind == ConversationKinds.Direct) ? Receipts(view, viewer, shown.Id, members) : null,
        };
    }

    /// <summary>DESIGN section 3, guarantee 6.</summary>
    private long Unread(RocksDbView view, Guid conversationId, ConversationHead head, Marks marks)
    {
        long since = head.Ordinal - marks.ReadOrdinal;
        if (since <= 0)
            return 0;
        byte[] prefix = Keys.Id(conversationId);
        return Math.Max(0, since - Scan.Count(view, families.Removals, prefix, Keys.At(conversationId, marks.ReadSeq + 1), MostCounted));
    }

    private int Mentions(RocksDbView view, Guid viewer, Guid conversationId, long fromSeq)
    {
        const int most = 1_000;
        HashSet<long> seqs = [];
        foreach (Guid user in new[] { viewer, Guid.Empty })
        {
            Scan.Up(view, families.Mentions, Keys.Pair(user, conversationId), Keys.At(user, conversationId, fromSeq), (key, _) =>
            {
                seqs.Add(Keys.ReadNumber(key, 32));
                return seqs.Count < most;
            });
        }
        return seqs.Count;
    }

    private List<MemberEntry> Members(RocksDbView view, Guid conversationId)
    {
        List<MemberEntry> members = [];
        byte[] prefix = Keys.Id(conversationId);
        Scan.Up(view, families.Members, prefix, prefix, (key, value) =>
        {
            members.Add(new MemberEntry { UserId = Keys.ReadId(key, 16), Role = Codec.Member(value).Role });
            return true;
        });
        return members;
    }

    private List<ReceiptMark> Receipts(RocksDbView view, Guid viewer, Guid conversationId, IReadOnlyList<MemberEntry> members)
    {
        List<ReceiptMark> receipts = [];
        foreach (MemberEntry member in members.Where(member => ConversationFold.TellsReceipts(member.UserId, viewer, blocks)))
        {
            Marks marks = Codec.Marks(view.Get(Keys.Pair(member.UserId, conversationId), families.Marks));
            receipts.Add(new ReceiptMark { UserId = member.UserId, ReadSeq = marks.ReadSeq, DeliveredSeq = marks.DeliveredSeq });
        }
        return receipts;
    }

    public ValueTask<Result<Page<MemberEntry>>> ListMembersAsync(
        Guid viewer, Guid conversationId, string? next, int limit, CancellationToken cancellationToken)
    {
        using RocksDbView view = engine.View();
        if (!view.Has(Keys.Pair(conversationId, viewer), families.Members))
            return new(NoSuchConversation);
        byte[]? after = null;
        if (next is not null && !Cursor.TryRead(next, 17, out after))
            return new(Refusal.Invalid("next", "next is not from an earlier page."));
        return new(ConversationFold.PageOfMembers(Members(view, conversationId), after is null ? null : (after[0], Keys.ReadId(after, 1)), limit));
    }

    public ValueTask<Result<Page<InviteView>>> ListInvitesAsync(
        Guid viewer, Guid conversationId, string? next, int limit, CancellationToken cancellationToken)
    {
        using RocksDbView view = engine.View();
        if (view.Get(Keys.Pair(conversationId, viewer), families.Members) is not { } value)
            return new(NoSuchConversation);
        if (Codec.Member(value) is not { Role: Roles.Owner or Roles.Admin, Kind: not ConversationKinds.Direct })
            return new(Refusal.Forbidden("Your role doesn't let you manage invites."));
        byte[]? after = null;
        if (next is not null && !Cursor.TryRead(next, 32, out after))
            return new(Refusal.Invalid("next", "next is not from an earlier page."));
        List<InviteView> items = [];
        bool more = false;
        Scan.Up(view, families.Invites, Keys.Id(conversationId), after is null ? Keys.Id(conversationId) : [.. after, 0], (key, invite) =>
        {
            InviteRecord record = Codec.Json<InviteRecord>(invite.ToArray());
            if (record.Ended(time.GetUtcNow()))
                return true;
            more = items.Count == limit;
            if (!more)
                items.Add(Invite(view, conversationId, Keys.ReadId(key, 16), record));
            return !more;
        });
        return new(new Page<InviteView> { Items = items, Next = more ? Cursor.Of(Keys.Pair(conversationId, items[^1].InviteId)) : null });
    }

    public ValueTask<Result<InviteView>> FindInviteAsync(string code, CancellationToken cancellationToken)
    {
        using RocksDbView view = engine.View();
        if (code.Length is 0 or > 100 || view.Get(Keys.InviteCode(code), families.Codes) is not { } target
            || Codec.Json<InviteRecord>(view.Get(target, families.Invites)) is not { } invite)
        {
            return new(Refusal.NotFound("There is no such invite."));
        }
        return new(invite.Ended(time.GetUtcNow())
            ? new Refusal(ErrorCodes.InviteEnded, "This invite has ended. Ask whoever sent it for a new one.")
            : Invite(view, Keys.ReadId(target, 0), Keys.ReadId(target, 16), invite));
    }

    private InviteView Invite(RocksDbView view, Guid conversationId, Guid inviteId, InviteRecord record)
    {
        ConversationInfo? info = Codec.Json<ConversationInfo>(view.Get(Keys.Id(conversationId), families.Conversations));
        return ConversationFold.Invite(conversationId, inviteId, record, info);
    }

    public ValueTask<Result<Page<ScheduledView>>> ListScheduledAsync(Guid userId, string? next, int limit, CancellationToken cancellationToken)
    {
        int skip = 0;
        if (next is not null && (!int.TryParse(next, out skip) || skip is < 0 or > 10_000))
            return new(Refusal.Invalid("next", "next is not from an earlier page."));
        using RocksDbView view = engine.View();
        List<ScheduledRecord> waiting = [];
        byte[] prefix = Keys.Id(userId);
        Scan.Up(view, families.Scheduled, prefix, prefix, (_, value) =>
        {
            waiting.Add(Codec.Json<ScheduledRecord>(value.ToArray()));
            return true;
        });
        return new(ConversationFold.PageOfScheduled(waiting, skip, limit));
    }
}
