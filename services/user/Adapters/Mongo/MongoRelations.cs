using CoolChat.Contracts.Internal;
using CoolChat.Engines.Mongo;
using CoolChat.User.Relations;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.User.Adapters.Mongo;

/// <summary>
/// Collections <c>relations</c>: kind (1 byte), owner, other -> kind, owner, other, since; index on other. <c>relation_counts</c>: kind, owner -> n,
/// which every change of a person's relations writes, so that two at once do not both take the last place. <c>block_changes</c>: version -> owner,
/// other, blocked: the latest changes of blocks, numbered by the document <c>blocks</c> in <c>guards</c>, so that they are committed one after the other.
/// </summary>
internal sealed class MongoRelations(UserCollections collections, int keptChanges = IRelationStore.KeptChanges) : IRelationStore
{
    private const string BlocksCounter = "blocks";


    public async ValueTask<bool> PutAsync(RelationKind kind, Guid owner, Guid other, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        await collections.WriteAsync(async session =>
        {
            if (await collections.Relations.Find(session, MongoValues.ById(Key(kind, owner, other))).AnyAsync(cancellationToken))
                return true;
            BsonDocument? count = await collections.RelationCounts.Find(session, MongoValues.ById(CountKey(kind, owner))).FirstOrDefaultAsync(cancellationToken);
            if (count is not null && count["n"].AsInt64 >= limit)
                return false;
            await AddToCountAsync(session, kind, owner, 1, cancellationToken);
            BsonDocument relation = MongoValues.ById(Key(kind, owner, other))
                .Add("kind", (int)kind).Add("owner", MongoValues.Id(owner)).Add("other", MongoValues.Id(other)).Add("since", MongoValues.Time(now));
            await collections.Relations.InsertOneAsync(session, relation, null, cancellationToken);
            if (kind == RelationKind.Block)
                await AddChangesAsync(session, owner, [other], isBlocked: true, cancellationToken);
            return true;
        }, cancellationToken);

    public async ValueTask<bool> RemoveAsync(RelationKind kind, Guid owner, Guid other, CancellationToken cancellationToken) =>
        await collections.WriteAsync(session => RemoveAsync(session, kind, owner, other, cancellationToken), cancellationToken);

    public async ValueTask<bool> HasAsync(RelationKind kind, Guid owner, Guid other, CancellationToken cancellationToken) =>
        await MongoTransaction.GuardAsync(collections.Relations.Find(MongoValues.ById(Key(kind, owner, other))).AnyAsync(cancellationToken));

    public async ValueTask<IReadOnlyList<Relation>> ListAsync(RelationKind kind, Guid owner, Guid? after, int limit, CancellationToken cancellationToken)
    {
        BsonDocument range = new() { { "$gt", Key(kind, owner, after ?? Guid.Empty) }, { "$lte", Key(kind, owner, Guid.AllBitsSet) } };
        List<BsonDocument> found = await MongoTransaction.GuardAsync(
            collections.Relations.Find(MongoValues.ById(range)).Sort(MongoValues.ById(1)).Limit(limit).ToListAsync(cancellationToken));
        return [.. found.Select(relation => new Relation(MongoValues.Id(relation["other"]), MongoValues.Time(relation["since"])))];
    }

    public async ValueTask<IReadOnlyList<Block>> BlocksAsync(Block after, int limit, CancellationToken cancellationToken)
    {
        BsonDocument range = new()
        {
            { "$gt", Key(RelationKind.Block, after.Blocker, after.Blocked) },
            { "$lte", Key(RelationKind.Block, Guid.AllBitsSet, Guid.AllBitsSet) },
        };
        List<BsonDocument> found = await MongoTransaction.GuardAsync(
            collections.Relations.Find(MongoValues.ById(range)).Sort(MongoValues.ById(1)).Limit(limit).ToListAsync(cancellationToken));
        return [.. found.Select(relation => new Block(MongoValues.Id(relation["owner"]), MongoValues.Id(relation["other"])))];
    }

    public async ValueTask<BlockChanges> BlockChangesAsync(long version, int limit, CancellationToken cancellationToken)
    {
        long last = await collections.LastAsync(BlocksCounter, cancellationToken);
        if (version < Math.Max(0, last - keptChanges) || version > last)
            return new BlockChanges { Version = last, Reset = true, Changes = [] };
        List<BsonDocument> found = await MongoTransaction.GuardAsync(
            collections.BlockChanges.Find(MongoValues.ById(new BsonDocument("$gt", version))).Sort(MongoValues.ById(1)).Limit(limit).ToListAsync(cancellationToken));
        // Swept away between the two reads.
        if (found.Count > 0 && found[0]["_id"].AsInt64 != version + 1)
            return new BlockChanges { Version = last, Reset = true, Changes = [] };
        BlockEntry[] changes =
        [
            .. found.Select(change =>
                new BlockEntry(change["_id"].AsInt64, MongoValues.Id(change["owner"]), MongoValues.Id(change["other"]), change["blocked"].AsBoolean)),
        ];
        return new BlockChanges { Version = changes.Length > 0 ? changes[^1].Version : version, Changes = changes };
    }

    public async ValueTask ForgetAsync(Guid userId, CancellationToken cancellationToken) => await collections.WriteAsync(async session =>
    {
        BsonDocument blocks = new() { { "$gte", Key(RelationKind.Block, userId, Guid.Empty) }, { "$lte", Key(RelationKind.Block, userId, Guid.AllBitsSet) } };
        List<BsonDocument> blocked = await collections.Relations.Find(session, MongoValues.ById(blocks)).ToListAsync(cancellationToken);
        await AddChangesAsync(session, userId, [.. blocked.Select(static block => MongoValues.Id(block["other"]))], isBlocked: false, cancellationToken);
        foreach (RelationKind kind in Enum.GetValues<RelationKind>())
        {
            BsonDocument range = new() { { "$gte", Key(kind, userId, Guid.Empty) }, { "$lte", Key(kind, userId, Guid.AllBitsSet) } };
            await collections.Relations.DeleteManyAsync(session, MongoValues.ById(range), null, cancellationToken);
            await collections.RelationCounts.DeleteOneAsync(session, MongoValues.ById(CountKey(kind, userId)), null, cancellationToken);
        }
        BsonDocument contacts = new() { { "other", MongoValues.Id(userId) }, { "kind", (int)RelationKind.Contact } };
        foreach (BsonDocument contact in await collections.Relations.Find(session, contacts).ToListAsync(cancellationToken))
            await RemoveAsync(session, RelationKind.Contact, MongoValues.Id(contact["owner"]), userId, cancellationToken);
        return true;
    }, cancellationToken);

    private async Task<bool> RemoveAsync(IClientSessionHandle session, RelationKind kind, Guid owner, Guid other, CancellationToken cancellationToken)
    {
        DeleteResult removed = await collections.Relations.DeleteOneAsync(session, MongoValues.ById(Key(kind, owner, other)), null, cancellationToken);
        if (removed.DeletedCount != 1)
            return false;
        await AddToCountAsync(session, kind, owner, -1, cancellationToken);
        if (kind == RelationKind.Block)
            await AddChangesAsync(session, owner, [other], isBlocked: false, cancellationToken);
        return true;
    }

    private async Task AddChangesAsync(IClientSessionHandle session, Guid owner, IReadOnlyList<Guid> others, bool isBlocked, CancellationToken cancellationToken)
    {
        if (others.Count == 0)
            return;
        long last = await collections.TakeAsync(session, BlocksCounter, others.Count, cancellationToken);
        long first = last - others.Count + 1;
        IEnumerable<BsonDocument> changes = others.Select((other, i) =>
            MongoValues.ById(first + i).Add("owner", MongoValues.Id(owner)).Add("other", MongoValues.Id(other)).Add("blocked", isBlocked));
        await collections.BlockChanges.InsertManyAsync(session, changes, null, cancellationToken);
        await collections.BlockChanges.DeleteManyAsync(session, MongoValues.ById(new BsonDocument("$lte", last - keptChanges)), null, cancellationToken);
    }

    private Task<UpdateResult> AddToCountAsync(IClientSessionHandle session, RelationKind kind, Guid owner, long change, CancellationToken cancellationToken) =>
        collections.RelationCounts.UpdateOneAsync(
            session, MongoValues.ById(CountKey(kind, owner)), Builders<BsonDocument>.Update.Inc("n", change), new UpdateOptions { IsUpsert = true }, cancellationToken);

    private static BsonBinaryData Key(RelationKind kind, Guid owner, Guid other) =>
        new([(byte)kind, .. owner.ToByteArray(bigEndian: true), .. other.ToByteArray(bigEndian: true)]);

    private static BsonBinaryData CountKey(RelationKind kind, Guid owner) => new([(byte)kind, .. owner.ToByteArray(bigEndian: true)]);
}
