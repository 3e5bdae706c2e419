using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using CoolChat.Engines.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.Conversations.Adapters.Mongo;

/// <summary>
/// Reads the collections documented on <see cref="ConversationCollections"/>. An answer made of several reads comes from one snapshot; each kind of
/// record is read once a page, however long the page is. When the store is away it throws a RefusedException with unavailable.
/// </summary>
internal sealed partial class MongoConversationReader(ConversationCollections collections, TimeProvider time, IBlockList? blocks = null) : IConversationReader
{
    private static readonly Refusal NoSuchConversation = Refusal.NotFound();
    private static readonly Refusal WrongNext = Refusal.Invalid("next", "next is not from an earlier page.");

    public async ValueTask<Membership?> FindMembershipAsync(Guid conversationId, Guid userId, CancellationToken cancellationToken)
    {
        try
        {
            BsonDocument? found = await collections.Members.Collection
                .Find(collections.Members.At(DocumentKeys.Of(conversationId, userId)))
                .FirstOrDefaultAsync(cancellationToken);
            return found is null ? null : Documents.Member(found) is var member ? new Membership(member.Kind, member.Role, member.FirstSeq) : null;
        }
        catch (Exception failure) when (MongoFailures.IsAway(failure))
        {
            throw MongoFailures.Unavailable(failure);
        }
    }

    public async ValueTask<IReadOnlyList<Guid>> ListConversationIdsAsync(Guid userId, CancellationToken cancellationToken) =>
        await ReadAsync(async view => (IReadOnlyList<Guid>)
            [.. (await MembershipsAsync(view, userId)).Where(own => !own.Record.Removed).Select(own => own.ConversationId)], cancellationToken);

    public async ValueTask<IReadOnlyList<Guid>> ListFormerConversationIdsAsync(Guid userId, CancellationToken cancellationToken) =>
        await ReadAsync(async view => (IReadOnlyList<Guid>)
            [.. (await MembershipsAsync(view, userId)).Where(own => own.Record.Removed).Select(own => own.ConversationId)], cancellationToken);

    public async ValueTask<Guid?> FindSharedConversationAsync(Guid a, Guid b, CancellationToken cancellationToken)
    {
        const int mostConversations = 1_000;
        return await ReadAsync<Guid?>(async view =>
        {
            Guid[] own = [.. (await MembershipsAsync(view, a)).Where(own => !own.Record.Removed).Take(mostConversations).Select(own => own.ConversationId)];
            Dictionary<BsonValue, BsonDocument> others = await view.FindManyAsync(collections.Members, own.Select(id => DocumentKeys.Of(id, b)));
            return own.Where(id => others.ContainsKey(DocumentKeys.Of(id, b))).Select(id => (Guid?)id).FirstOrDefault();
        }, cancellationToken);
    }

    public async ValueTask<Result<ConversationView>> GetAsync(Guid viewer, Guid conversationId, CancellationToken cancellationToken) =>
        await ReadAsync<Result<ConversationView>>(async view =>
            (await ViewsAsync(view, viewer, [conversationId], full: true)).TryGetValue(conversationId, out ConversationView? found)
                ? found
                : NoSuchConversation, cancellationToken);

    public async ValueTask<Result<Page<ConversationView>>> ListAsync(Guid viewer, string? next, int limit, CancellationToken cancellationToken)
    {
        byte[]? key = null;
        if (next is not null && !Cursor.TryRead(next, Place.KeyLength, out key))
            return WrongNext;
        return await ReadAsync<Result<Page<ConversationView>>>(async view =>
        {
            IEnumerable<Place> places = (await PlacesAsync(view, viewer)).Where(place => !place.Removed).OrderDescending();
            if (key is not null)
                places = places.Where(place => place.CompareTo(Place.Of(key)) < 0);
            List<Place> page = [.. places.Take(limit + 1)];
            List<Place> shown = [.. page.Take(limit)];
            Dictionary<Guid, ConversationView> views = await ViewsAsync(view, viewer, [.. shown.Select(place => place.ConversationId)], full: false);
            return new Page<ConversationView>
            {
                Items = [.. shown.Where(place => views.ContainsKey(place.ConversationId)).Select(place => views[place.ConversationId])],
                Next = page.Count > limit ? Cursor.Of(shown[^1].ToKey()) : null,
            };
        }, cancellationToken);
    }

    public async ValueTask<Result<Page<ConversationView>>> ListChannelsAsync(
        Guid viewer, string? query, string? next, int limit, CancellationToken cancellationToken)
    {
        byte[]? key = null;
        if (next is not null && (!Cursor.TryRead(next, 0, out key) || key.Length < 16))
            return WrongNext;
        FilterDefinitionBuilder<BsonDocument> filter = Builders<BsonDocument>.Filter;
        FilterDefinition<BsonDocument> wanted = filter.Exists("listed");
        if (!string.IsNullOrEmpty(query))
            wanted &= filter.Regex("listed", new BsonRegularExpression(System.Text.RegularExpressions.Regex.Escape(query.ToLowerInvariant())));
        if (key is not null)
        {
            string title = System.Text.Encoding.UTF8.GetString(key.AsSpan(16));
            BsonBinaryData id = new(key.AsSpan(0, 16).ToArray());
            wanted &= filter.Gt("listed", title) | (filter.Eq("listed", title) & filter.Gt("_id", id));
        }
        return await ReadAsync<Result<Page<ConversationView>>>(async view =>
        {
            List<BsonDocument> found = await view.QueryAsync(
                collections.Conversations.Collection, wanted, new BsonDocument { { "listed", 1 }, { "_id", 1 } }, limit + 1);
            List<BsonDocument> page = [.. found.Take(limit)];
            Guid[] ids = [.. page.Select(channel => DocumentKeys.ReadId(channel["_id"], 0))];
            Dictionary<Guid, ConversationView> views = await ViewsAsync(view, viewer, ids, full: false);
            return new Page<ConversationView>
            {
                Items = [.. ids.Where(views.ContainsKey).Select(id => views[id])],
                Next = found.Count > limit
                    ? Cursor.Of([.. page[^1]["_id"].AsBsonBinaryData.Bytes, .. System.Text.Encoding.UTF8.GetBytes(page[^1]["listed"].AsString)])
                    : null,
            };
        }, cancellationToken);
    }

    public async ValueTask<Result<SyncPage>> SyncAsync(Guid viewer, string? since, int limit, CancellationToken cancellationToken)
    {
        if (SyncMark.Read(since, collections.Meta) is not { } start)
            return Refusal.Invalid("since", "since is not from an earlier answer.");
        return await ReadAsync<Result<SyncPage>>(async view =>
        {
            long[] now = await StampsAsync(view);
            List<Place> changed =
            [
                .. (await PlacesAsync(view, viewer)).Where(place => start.IsBefore(place) && (!place.Removed || !start.IsBeginning))
                    .Order(),
            ];
            List<Place> page = [.. changed.Take(limit)];
            Dictionary<Guid, ConversationView> views = await ViewsAsync(view, viewer, [.. page.Select(place => place.ConversationId)], full: false);
            Guid[] gone = [.. page.Select(place => place.ConversationId).Where(id => !views.TryGetValue(id, out ConversationView? seen) || seen.Role is null)];
            foreach ((BsonValue key, BsonDocument document) in await view.FindManyAsync(collections.Conversations, gone.Select(id => DocumentKeys.Of(id))))
            {
                Guid id = DocumentKeys.ReadId(key, 0);
                views[id] = ConversationFold.Gone(id, Documents.Info(document), time.GetUtcNow());
            }
            bool more = changed.Count > limit;
            return new SyncPage
            {
                Since = (more ? start.UpTo(page[^1], now) : SyncMark.At(collections.Meta, now)).ToString(),
                Conversations = [.. page.Where(place => views.ContainsKey(place.ConversationId)).Select(place => views[place.ConversationId])],
                HasMore = more,
            };
        }, cancellationToken);
    }

    private ValueTask<T> ReadAsync<T>(Func<MongoView, Task<T>> read, CancellationToken cancellationToken) =>
        MongoView.ReadAsync(collections.Engine, read, cancellationToken);

    private async Task<List<(Guid ConversationId, MembershipRecord Record, Marks Marks)>> MembershipsAsync(MongoView view, Guid user)
    {
        List<BsonDocument> own = await view.RangeAsync(collections.Memberships, DocumentKeys.Of(user, Guid.Empty), DocumentKeys.Of(user, Guid.AllBitsSet));
        return
        [
            .. own.Where(document => Documents.Membership(document) is not null)
                .Select(document => (DocumentKeys.ReadId(document["_id"], 16), Documents.Membership(document)!, Documents.Marks(document))),
        ];
    }

    /// <summary>When each of the viewer's conversations last changed for them: an event, a mark, a setting.</summary>
    private async Task<List<Place>> PlacesAsync(MongoView view, Guid viewer)
    {
        List<(Guid ConversationId, MembershipRecord Record, Marks Marks)> own = await MembershipsAsync(view, viewer);
        Dictionary<BsonValue, BsonDocument> heads = await view.FindManyAsync(
            collections.Conversations, own.Where(entry => !entry.Record.Removed).Select(entry => DocumentKeys.Of(entry.ConversationId)));
        return
        [
            .. own.Select(entry =>
            {
                long stamp = entry.Record.Stamp;
                if (!entry.Record.Removed && heads.TryGetValue(DocumentKeys.Of(entry.ConversationId), out BsonDocument? head))
                    stamp = Math.Max(stamp, Math.Max(entry.Marks.Stamp, Documents.Head(head).Stamp));
                int partition = ConversationIds.Partition(entry.ConversationId, collections.Meta.Partitions);
                return new Place(stamp, entry.ConversationId, partition, entry.Record.Removed);
            }),
        ];
    }

    /// <summary>The last commit of each partition.</summary>
    private async Task<long[]> StampsAsync(MongoView view)
    {
        long[] stamps = new long[collections.Meta.Partitions];
        foreach (BsonDocument partition in await view.QueryAsync(collections.Partitions, FilterDefinition<BsonDocument>.Empty, new BsonDocument("_id", 1)))
            stamps[partition["_id"].AsInt32] = partition["stamp"].AsInt64;
        return stamps;
    }
}
