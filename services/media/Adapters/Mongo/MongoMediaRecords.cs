using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Engines.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.Media.Adapters.Mongo;

/// <summary>
/// What is known of uploads and objects; written by this service only. Collections, none of them sharded:
/// <list type="table">
/// <item><term>media</term><description>mediaId -> owner, fileName, contentType, size, sha256, encrypted, partSize, state (0 open, 1 complete, 2
/// deleting), createdAt, expiresAt, completedAt; indexes {owner, _id} and {state, expiresAt}</description></item>
/// <item><term>media_owners</term><description>userId -> n: every start of an upload writes it, so that two at once do not both take the last
/// place</description></item>
/// <item><term>media_secrets</term><description>name -> value: what addresses are signed with, one for all instances</description></item>
/// </list>
/// </summary>
internal sealed class MongoMediaRecords(MongoEngine engine) : IMediaRecords, IMongoCollections
{
    private const int MostDoomed = 1_000;
    private const string AddressSecretName = "addresses";
    private static readonly FilterDefinitionBuilder<BsonDocument> Filter = Builders<BsonDocument>.Filter;
    private static readonly UpdateDefinitionBuilder<BsonDocument> Update = Builders<BsonDocument>.Update;

    private readonly IMongoCollection<BsonDocument> _media = engine.Collection("media");
    private readonly IMongoCollection<BsonDocument> _owners = engine.Collection("media_owners");
    private readonly IMongoCollection<BsonDocument> _secrets = engine.Collection("media_secrets");

    /// <summary>Makes what is missing. Can be repeated, and by several at once.</summary>
    public void Migrate()
    {
        foreach (IMongoCollection<BsonDocument> collection in new[] { _media, _owners, _secrets })
            engine.EnsureCollection(collection.CollectionNamespace.CollectionName);
        IndexKeysDefinitionBuilder<BsonDocument> keys = Builders<BsonDocument>.IndexKeys;
        _media.Ensure(keys.Ascending("owner").Ascending("_id"), new CreateIndexOptions<BsonDocument> { Name = "owner" });
        _media.Ensure(keys.Ascending("state").Ascending("expiresAt"), new CreateIndexOptions<BsonDocument> { Name = "state" });
    }

    /// <summary>The secret that addresses are signed with; the first instance to ask makes it from <paramref name="fresh"/>. Waits: asked once, at start.</summary>
    public byte[] AddressSecret(byte[] fresh)
    {
        UpdateDefinition<BsonDocument> first = Update.SetOnInsert("value", MongoValues.Bytes(fresh));
        try
        {
            _secrets.UpdateOne(MongoValues.ById(AddressSecretName), first, new UpdateOptions { IsUpsert = true });
        }
        catch (MongoException failure) when (MongoFailures.IsDuplicateKey(failure))
        {
            // Another instance was first: its secret is the one.
        }
        return _secrets.Find(MongoValues.ById(AddressSecretName)).Single()["value"].AsBsonBinaryData.Bytes;
    }

    public async ValueTask<Refusal?> TryStartAsync(MediaRecord record, int maxOpen, long quota, CancellationToken cancellationToken) =>
        await MongoTransaction.RunAsync(engine, async session =>
        {
            BsonBinaryData owner = MongoValues.Id(record.Owner);
            await _owners.UpdateOneAsync(session, MongoValues.ById(owner), Update.Inc("n", 1L), new UpdateOptions { IsUpsert = true }, cancellationToken);
            FilterDefinition<BsonDocument> open = Filter.Eq("owner", owner) & Filter.Eq("state", (int)MediaState.Open)
                & Filter.Gt("expiresAt", MongoValues.Time(record.CreatedAt));
            if (await _media.CountDocumentsAsync(session, open, null, cancellationToken) >= maxOpen)
                return new Refusal(ErrorCodes.RateLimited, $"At most {maxOpen} uploads at once: complete or delete one first.");
            BsonDocument? sum = await _media.Aggregate(session)
                .Match(Filter.Eq("owner", owner))
                .Group(new BsonDocument { { "_id", BsonNull.Value }, { "size", new BsonDocument("$sum", "$size") } })
                .FirstOrDefaultAsync(cancellationToken);
            long used = sum?["size"].ToInt64() ?? 0;
            if (used + record.Size > quota)
                return new Refusal(ErrorCodes.TooLarge, $"That would go over your {quota} bytes of storage; {Math.Max(0, quota - used)} are left.", "size");
            await _media.InsertOneAsync(session, ToBson(record), null, cancellationToken);
            return (Refusal?)null;
        }, cancellationToken);

    public async ValueTask<MediaRecord?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await MongoTransaction.GuardAsync(_media.Find(MongoValues.ById(MongoValues.Id(id))).FirstOrDefaultAsync(cancellationToken)) is { } found ? Map(found) : null;

    public async ValueTask<bool> CompleteAsync(MediaRecord record, CancellationToken cancellationToken)
    {
        UpdateDefinition<BsonDocument> complete = Update.Set("state", (int)MediaState.Complete).Set("contentType", record.ContentType);
        if (record.Sha256 is { } digest)
            complete = complete.Set("sha256", digest);
        if (record.CompletedAt is { } at)
            complete = complete.Set("completedAt", MongoValues.Time(at));
        return (await MongoTransaction.GuardAsync(_media.UpdateOneAsync(In(record.Id, MediaState.Open), complete, null, cancellationToken))).MatchedCount == 1;
    }

    public async ValueTask<bool> MarkDeletingAsync(Guid id, MediaState from, CancellationToken cancellationToken) =>
        (await MongoTransaction.GuardAsync(
            _media.UpdateOneAsync(In(id, from), Update.Set("state", (int)MediaState.Deleting), null, cancellationToken))).MatchedCount == 1;

    public async ValueTask RemoveAsync(Guid id, CancellationToken cancellationToken) =>
        await MongoTransaction.GuardAsync(_media.DeleteOneAsync(In(id, MediaState.Deleting), cancellationToken));

    public async ValueTask<IReadOnlyList<MediaRecord>> ListDoomedAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        FilterDefinition<BsonDocument> doomed = Filter.Eq("state", (int)MediaState.Deleting)
            | (Filter.Eq("state", (int)MediaState.Open) & Filter.Lte("expiresAt", MongoValues.Time(now)));
        return [.. (await MongoTransaction.GuardAsync(_media.Find(doomed).Limit(MostDoomed).ToListAsync(cancellationToken))).Select(Map)];
    }

    public async ValueTask<IReadOnlyList<MediaRecord>> ListCompleteAsync(DateTimeOffset completedBy, Guid after, int limit, CancellationToken cancellationToken)
    {
        FilterDefinition<BsonDocument> complete = Filter.Gt("_id", MongoValues.Id(after)) & Filter.Eq("state", (int)MediaState.Complete)
            & Filter.Lte("completedAt", MongoValues.Time(completedBy));
        return
        [
            .. (await MongoTransaction.GuardAsync(_media.Find(complete).Sort(MongoValues.ById(1)).Limit(limit).ToListAsync(cancellationToken))).Select(Map),
        ];
    }

    public async ValueTask<IReadOnlyList<MediaRecord>> ListOwnedAsync(Guid owner, Guid after, int limit, CancellationToken cancellationToken)
    {
        FilterDefinition<BsonDocument> owned = Filter.Eq("owner", MongoValues.Id(owner)) & Filter.Gt("_id", MongoValues.Id(after))
            & Filter.Ne("state", (int)MediaState.Deleting);
        return
        [
            .. (await MongoTransaction.GuardAsync(_media.Find(owned).Sort(MongoValues.ById(1)).Limit(limit).ToListAsync(cancellationToken))).Select(Map),
        ];
    }

    private static FilterDefinition<BsonDocument> In(Guid id, MediaState state) => Filter.Eq("_id", MongoValues.Id(id)) & Filter.Eq("state", (int)state);

    private static BsonDocument ToBson(MediaRecord record) => MongoValues.ById(MongoValues.Id(record.Id))
        .Add("owner", MongoValues.Id(record.Owner))
        .Add("fileName", record.FileName)
        .Add("contentType", record.ContentType)
        .Add("size", record.Size)
        .With("sha256", record.Sha256)
        .Add("encrypted", record.Encrypted)
        .Add("partSize", record.PartSize)
        .Add("state", (int)record.State)
        .Add("createdAt", MongoValues.Time(record.CreatedAt))
        .Add("expiresAt", MongoValues.Time(record.ExpiresAt))
        .With("completedAt", record.CompletedAt is { } at ? MongoValues.Time(at) : null);

    private static MediaRecord Map(BsonDocument document) => new()
    {
        Id = MongoValues.Id(document["_id"]),
        Owner = MongoValues.Id(document["owner"]),
        FileName = document["fileName"].AsString,
        ContentType = document["contentType"].AsString,
        Size = document["size"].AsInt64,
        Sha256 = document.TextOrNull("sha256"),
        Encrypted = document["encrypted"].AsBoolean,
        PartSize = document["partSize"].AsInt64,
        State = (MediaState)document["state"].AsInt32,
        CreatedAt = MongoValues.Time(document["createdAt"]),
        ExpiresAt = MongoValues.Time(document["expiresAt"]),
        CompletedAt = document.TimeOrNull("completedAt"),
    };
}
