using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using MongoDB.Bson;

namespace CoolChat.Conversations.Adapters.Mongo;

/// <summary>Conversations and members as one person sees them.</summary>
internal sealed partial class MongoConversationReader
{
    private const int MostMentions = 1_000;

    /// <summary>A conversation with the viewer's place in it.</summary>
    private sealed record Seen(ConversationView View, ConversationHead Head, MemberRecord? Member, Marks Marks, MembershipRecord? Membership);

    /// <summary>Those of the conversations that the viewer may see. <paramref name="full"/> adds what a list doesn't need.</summary>
    private async Task<Dictionary<Guid, ConversationView>> ViewsAsync(MongoView view, Guid viewer, IReadOnlyList<Guid> ids, bool full)
    {
        Dictionary<BsonValue, BsonDocument> conversations = await view.FindManyAsync(collections.Conversations, ids.Select(id => DocumentKeys.Of(id)));
        Dictionary<BsonValue, BsonDocument> places = await view.FindManyAsync(collections.Members, ids.Select(id => DocumentKeys.Of(id, viewer)));
        Dictionary<BsonValue, BsonDocument> own = await view.FindManyAsync(collections.Memberships, ids.Select(id => DocumentKeys.Of(viewer, id)));
        Dictionary<Guid, Seen> seen = [];
        foreach (Guid id in ids)
        {
            MemberRecord? member = places.TryGetValue(DocumentKeys.Of(id, viewer), out BsonDocument? place) ? Documents.Member(place) : null;
            if (!conversations.TryGetValue(DocumentKeys.Of(id), out BsonDocument? document) || !ConversationFold.MaySee(Documents.Info(document), member))
                continue;
            ConversationHead head = Documents.Head(document);
            BsonDocument? membership = own.GetValueOrDefault(DocumentKeys.Of(viewer, id));
            ConversationView shown = ConversationFold.Shown(id, head, Documents.Info(document), member);
            seen[id] = new Seen(shown, head, member, Documents.Marks(membership), Documents.Membership(membership));
        }
        Dictionary<Guid, ConversationView> views = seen.ToDictionary(entry => entry.Key, entry => entry.Value.View);
        foreach ((Guid id, ConversationView personal) in await PersonalAsync(view, viewer, [.. seen.Values.Where(entry => entry.Member is not null)], full))
            views[id] = personal;
        return views;
    }

    /// <summary>Adds the viewer's own place: role, marks, unread, settings, who else is there.</summary>
    private async Task<Dictionary<Guid, ConversationView>> PersonalAsync(MongoView view, Guid viewer, IReadOnlyList<Seen> seen, bool full)
    {
        if (seen.Count == 0)
            return [];
        Dictionary<Guid, List<MemberEntry>> members = await MembersAsync(
            view, seen.Where(entry => entry.View.MemberCount <= ConversationFold.MembersInView).Select(entry => entry.View.Id));
        Dictionary<Guid, long> unread = await UnreadAsync(view, seen);
        Dictionary<Guid, int> mentions = await MentionsAsync(view, viewer, seen);
        Dictionary<(Guid, long), MessageView> messages = await MessagesAsync(
            view, viewer, seen.Where(ShowsLast).Select(entry => (entry.View.Id, entry.Head.LastMessageSeq)));
        Dictionary<Guid, List<ReceiptMark>> receipts = await ReceiptsAsync(
            view, viewer, members.Where(entry => full || seen.Any(one => one.View.Id == entry.Key && one.View.Kind == ConversationKinds.Direct)));
        return seen.ToDictionary(entry => entry.View.Id, entry =>
        {
            Guid id = entry.View.Id;
            MemberPreferences? preferences = entry.Membership?.Preferences;
            return entry.View with
            {
                Role = entry.Member!.Role,
                ReadSeq = entry.Marks.ReadSeq,
                Unread = unread.GetValueOrDefault(id),
                Mentions = mentions.GetValueOrDefault(id),
                MarkedUnread = preferences?.MarkedUnread,
                Preferences = preferences is null ? null : preferences with { MarkedUnread = null },
                Members = members.GetValueOrDefault(id),
                LastMessage = ShowsLast(entry) ? messages.GetValueOrDefault((id, entry.Head.LastMessageSeq)) : null,
                Receipts = receipts.GetValueOrDefault(id),
            };
        });
    }

    private static bool ShowsLast(Seen seen) => seen.Head.LastMessageSeq > 0 && seen.Head.LastMessageSeq >= seen.Member!.FirstSeq;

    private async Task<Dictionary<Guid, List<MemberEntry>>> MembersAsync(MongoView view, IEnumerable<Guid> ids)
    {
        Dictionary<Guid, List<MemberEntry>> members = ids.ToDictionary(id => id, _ => new List<MemberEntry>());
        (BsonBinaryData, BsonBinaryData)[] ranges = [.. members.Keys.Select(id => (DocumentKeys.Of(id, Guid.Empty), DocumentKeys.Of(id, Guid.AllBitsSet)))];
        foreach (BsonDocument document in (await view.RangesAsync(collections.Members, ranges)).OrderBy(document => document["_id"]))
        {
            members[DocumentKeys.ReadId(document["_id"], 0)].Add(
                new MemberEntry { UserId = DocumentKeys.ReadId(document["_id"], 16), Role = Documents.Member(document).Role });
        }
        return members;
    }

    /// <summary>DESIGN section 3, guarantee 6.</summary>
    private async Task<Dictionary<Guid, long>> UnreadAsync(MongoView view, IReadOnlyList<Seen> seen)
    {
        Dictionary<Guid, long> since = seen.ToDictionary(entry => entry.View.Id, entry => Math.Max(0, entry.Head.Ordinal - entry.Marks.ReadOrdinal));
        Dictionary<BsonValue, int> removed = await view.CountAsync(
            collections.Removals,
            [
                .. seen.Where(entry => since[entry.View.Id] > 0)
                    .Select(entry => (DocumentKeys.Of(entry.View.Id, entry.Marks.ReadSeq + 1), DocumentKeys.Of(entry.View.Id, long.MaxValue))),
            ]);
        return since.ToDictionary(entry => entry.Key, entry => Math.Max(0, entry.Value - removed.GetValueOrDefault(DocumentKeys.Of(entry.Key))));
    }

    private async Task<Dictionary<Guid, int>> MentionsAsync(MongoView view, Guid viewer, IReadOnlyList<Seen> seen)
    {
        IEnumerable<(BsonBinaryData, BsonBinaryData)> ranges =
            from entry in seen
            from user in new[] { viewer, Guid.Empty }
            let first = Math.Max(entry.Marks.ReadSeq + 1, entry.Member!.FirstSeq)
            select (DocumentKeys.Of(user, entry.View.Id, first), DocumentKeys.Of(user, entry.View.Id, long.MaxValue));
        List<BsonDocument> found = await view.RangesAsync(collections.Mentions, [.. ranges], MostMentions * Math.Max(1, seen.Count));
        return found.Select(document => (Conversation: DocumentKeys.ReadId(document["_id"], 16), Seq: DocumentKeys.ReadNumber(document["_id"], 32)))
            .Distinct()
            .GroupBy(mention => mention.Conversation)
            .ToDictionary(group => group.Key, group => Math.Min(MostMentions, group.Count()));
    }

    private async Task<Dictionary<Guid, List<ReceiptMark>>> ReceiptsAsync(
        MongoView view, Guid viewer, IEnumerable<KeyValuePair<Guid, List<MemberEntry>>> conversations)
    {
        (Guid Conversation, Guid User)[] others =
        [
            .. conversations.SelectMany(entry => entry.Value
                .Where(member => ConversationFold.TellsReceipts(member.UserId, viewer, blocks)).Select(member => (entry.Key, member.UserId))),
        ];
        Dictionary<BsonValue, BsonDocument> found = await view.FindManyAsync(
            collections.Memberships, others.Select(other => DocumentKeys.Of(other.User, other.Conversation)));
        Dictionary<Guid, List<ReceiptMark>> receipts = conversations.ToDictionary(entry => entry.Key, _ => new List<ReceiptMark>());
        foreach ((Guid conversation, Guid user) in others)
        {
            Marks marks = Documents.Marks(found.GetValueOrDefault(DocumentKeys.Of(user, conversation)));
            receipts[conversation].Add(new ReceiptMark { UserId = user, ReadSeq = marks.ReadSeq, DeliveredSeq = marks.DeliveredSeq });
        }
        return receipts;
    }

    public async ValueTask<Result<Page<MemberEntry>>> ListMembersAsync(
        Guid viewer, Guid conversationId, string? next, int limit, CancellationToken cancellationToken)
    {
        byte[]? after = null;
        if (next is not null && !Cursor.TryRead(next, 17, out after))
            return WrongNext;
        return await ReadAsync<Result<Page<MemberEntry>>>(async view =>
        {
            if (!await view.HasAsync(collections.Members, DocumentKeys.Of(conversationId, viewer)))
                return NoSuchConversation;
            List<MemberEntry> members = (await MembersAsync(view, [conversationId]))[conversationId];
            return ConversationFold.PageOfMembers(members, after is null ? null : (after[0], new Guid(after.AsSpan(1), bigEndian: true)), limit);
        }, cancellationToken);
    }

    public async ValueTask<Result<Page<InviteView>>> ListInvitesAsync(
        Guid viewer, Guid conversationId, string? next, int limit, CancellationToken cancellationToken)
    {
        byte[]? after = null;
        if (next is not null && !Cursor.TryRead(next, 32, out after))
            return WrongNext;
        return await ReadAsync<Result<Page<InviteView>>>(async view =>
        {
            if (await view.FindAsync(collections.Members, DocumentKeys.Of(conversationId, viewer)) is not { } place)
                return NoSuchConversation;
            if (Documents.Member(place) is not { Role: Roles.Owner or Roles.Admin, Kind: not ConversationKinds.Direct })
                return Refusal.Forbidden("Your role doesn't let you manage invites.");
            // A conversation keeps at most a hundred invites: all are read, the living ones paged here.
            List<BsonDocument> all = await view.RangeAsync(
                collections.Invites, DocumentKeys.Of(conversationId, Guid.Empty), DocumentKeys.Of(conversationId, Guid.AllBitsSet));
            BsonDocument[] living =
            [
                .. all.Where(invite => after is null || invite["_id"].CompareTo(new BsonBinaryData(after)) > 0)
                    .Where(invite => !Documents.Json<InviteRecord>(invite)!.Ended(time.GetUtcNow())).Take(limit + 1),
            ];
            ConversationInfo? info = await InfoAsync(view, conversationId);
            return new Page<InviteView>
            {
                Items = [.. living.Take(limit).Select(invite => Invite(invite, conversationId, info))],
                Next = living.Length > limit ? Cursor.Of(living[limit - 1]["_id"].AsBsonBinaryData.Bytes) : null,
            };
        }, cancellationToken);
    }

    public async ValueTask<Result<InviteView>> FindInviteAsync(string code, CancellationToken cancellationToken) =>
        await ReadAsync<Result<InviteView>>(async view =>
        {
            if (code.Length is 0 or > 100 || await view.FindAsync(collections.Codes, DocumentKeys.InviteCode(code)) is not { } target
                || await view.FindAsync(collections.Invites, target["v"].AsBsonBinaryData) is not { } invite)
            {
                return Refusal.NotFound("There is no such invite.");
            }
            Guid conversation = DocumentKeys.ReadId(invite["_id"], 0);
            return Documents.Json<InviteRecord>(invite)!.Ended(time.GetUtcNow())
                ? new Refusal(ErrorCodes.InviteEnded, "This invite has ended. Ask whoever sent it for a new one.")
                : Invite(invite, conversation, await InfoAsync(view, conversation));
        }, cancellationToken);

    private static InviteView Invite(BsonDocument invite, Guid conversation, ConversationInfo? info) =>
        ConversationFold.Invite(conversation, DocumentKeys.ReadId(invite["_id"], 16), Documents.Json<InviteRecord>(invite)!, info);

    private async Task<ConversationInfo?> InfoAsync(MongoView view, Guid conversationId) =>
        await view.FindAsync(collections.Conversations, DocumentKeys.Of(conversationId)) is { } document ? Documents.Info(document) : null;

    public async ValueTask<Result<Page<ScheduledView>>> ListScheduledAsync(Guid userId, string? next, int limit, CancellationToken cancellationToken)
    {
        int skip = 0;
        if (next is not null && (!int.TryParse(next, out skip) || skip is < 0 or > 10_000))
            return WrongNext;
        return await ReadAsync<Result<Page<ScheduledView>>>(async view =>
        {
            List<BsonDocument> waiting = await view.RangeAsync(
                collections.Scheduled, DocumentKeys.Of(userId, Guid.Empty), DocumentKeys.Of(userId, Guid.AllBitsSet));
            return ConversationFold.PageOfScheduled([.. waiting.Select(document => Documents.Json<ScheduledRecord>(document)!)], skip, limit);
        }, cancellationToken);
    }
}
