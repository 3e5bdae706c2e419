using CoolChat.Engines;
using CoolChat.Engines.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.Conversations.Adapters.Mongo;

/// <summary>
/// The collections of the log and of what is folded from it. Processing's writers are the only ones that write them, each commit in one
/// transaction (docs/decisions/mongo-commits.md); this library reads them. Ids are binary, see <see cref="DocumentKeys"/>. Where the table names a
/// shard key, <see cref="Migrate"/> shards the collection by it on a sharded cluster; the field <c>c</c> is the first id of the key.
/// <list type="table">
/// <item><term>meta</term><description>"store" -> version, partitions, store (a random id, replaced by a restore). Not sharded.</description></item>
/// <item><term>partitions</term><description>number -> stamp of its last commit: the fence of its writer. Not sharded.</description></item>
/// <item><term>writers</term><description>id of a session that a writer commits in -> at: whose transactions may be killed. Not sharded.</description></item>
/// <item><term>commits</term><description>partition, stamp -> runs: conversation, first seq, count of each run of events. Not sharded.</description></item>
/// <item><term>events</term><description>conversation, seq (compare-and-set) -> c, k (commandId), u (sender), o (ordinal; messages only), r
/// (StoredEvent). Shard key c hashed; index {k, c}, not unique: the compare-and-set makes it so. Ids of commands are made by
/// time, so that new ones lie together at its end.</description></item>
/// <item><term>conversations</term><description>conversation -> the head (epoch, seq, ordinal, at, stamp, lastMessage, hash) and what seldom changes
/// (info); listed (lower-case title of a listed channel) with a partial index. Shard key _id hashed. Its seq never goes back.</description></item>
/// <item><term>members</term><description>conversation, user -> kind, role, first, joined. Shard key c hashed.</description></item>
/// <item><term>memberships</term><description>user, conversation -> role, first, stamp, removed, preferences (JSON); read, readOrdinal, delivered,
/// markStamp. Kept after leaving, for sync. Shard key c (the user) hashed.</description></item>
/// <item><term>commands</term><description>conversation, commandId -> v (CommandRecord, JSON): outcomes that are no event. Shard key c hashed.</description></item>
/// <item><term>states</term><description>conversation, seq of a message -> v (MessageState, JSON); only of touched messages. Shard key c hashed.</description></item>
/// <item><term>reactions</term><description>conversation, message seq, hash of the emoji, user -> s (seq of the reaction). Shard key c hashed.</description></item>
/// <item><term>votes</term><description>conversation, message seq, user -> v (options). Shard key c hashed.</description></item>
/// <item><term>threads</term><description>conversation, root seq, message seq. Shard key c hashed.</description></item>
/// <item><term>pins</term><description>conversation, seq of the pin -> s (message seq). Shard key c hashed.</description></item>
/// <item><term>removals</term><description>conversation, seq of a deleted message: corrects unread. Shard key c hashed.</description></item>
/// <item><term>mentions</term><description>user (nil = everyone), conversation, message seq. Shard key c hashed.</description></item>
/// <item><term>invites</term><description>conversation, inviteId -> v (InviteRecord, JSON). Shard key c hashed.</description></item>
/// <item><term>codes</term><description>SHA-256 of an invite's code -> v (conversation, inviteId). Not sharded.</description></item>
/// <item><term>scheduled</term><description>user, commandId -> v (ScheduledRecord, JSON). Shard key c (the user) hashed.</description></item>
/// <item><term>timers</term><description>due (ms), conversation, kind, subject -> v (actor). Shard key c (the conversation) hashed.</description></item>
/// <item><term>grants</term><description>mediaId, conversation, seq of the showing message (0 = picture). Shard key c (the object) hashed.</description></item>
/// </list>
/// </summary>
internal sealed class ConversationCollections(MongoEngine engine) : IMongoCollections
{
    private const int Version = 1;
    private static readonly string[] Unscoped = ["meta", "partitions", "commits", "conversations", "codes"];

    private readonly Lazy<StoreMeta> _meta = new(() => ReadMeta(engine));

    public MongoEngine Engine { get; } = engine;
    public IMongoCollection<BsonDocument> Partitions { get; } = engine.Collection("partitions");
    public IMongoCollection<BsonDocument> Writers { get; } = engine.Collection("writers");
    public Family Commits { get; } = New(engine, "commits");
    public Family Events { get; } = New(engine, "events");
    public Family Conversations { get; } = New(engine, "conversations");
    public Family Members { get; } = New(engine, "members");
    public Family Memberships { get; } = New(engine, "memberships");
    public Family Commands { get; } = New(engine, "commands");
    public Family States { get; } = New(engine, "states");
    public Family Reactions { get; } = New(engine, "reactions");
    public Family Votes { get; } = New(engine, "votes");
    public Family Threads { get; } = New(engine, "threads");
    public Family Pins { get; } = New(engine, "pins");
    public Family Removals { get; } = New(engine, "removals");
    public Family Mentions { get; } = New(engine, "mentions");
    public Family Invites { get; } = New(engine, "invites");
    public Family Codes { get; } = New(engine, "codes");
    public Family Scheduled { get; } = New(engine, "scheduled");
    public Family Timers { get; } = New(engine, "timers");
    public Family Grants { get; } = New(engine, "grants");

    /// <summary>What was fixed when the database was made.</summary>
    public StoreMeta Meta => _meta.Value;

    private IEnumerable<Family> Families =>
    [
        Commits, Events, Conversations, Members, Memberships, Commands, States, Reactions, Votes, Threads, Pins, Removals, Mentions, Invites, Codes,
        Scheduled, Timers, Grants,
    ];

    private static Family New(MongoEngine engine, string name) =>
        new(engine.Collection(name), !Unscoped.Contains(name), scopeAt: name == "timers" ? 8 : 0);

    /// <summary>Makes what is missing: collections, indexes, shard keys, the store's own documents. Can be repeated, and by several at once.</summary>
    /// <exception cref="EngineStartException">The database is of a newer version, or has another number of partitions.</exception>
    public void Migrate()
    {
        StoreMeta meta = EnsureMeta();
        if (meta.Version > Version)
            throw new EngineStartException($"The MongoDB database was written by a newer CoolChat (layout {meta.Version}, this one knows {Version}): start that version.");
        if (meta.Partitions != Engine.Options.Partitions)
        {
            throw new EngineStartException(
                $"{MongoOptions.Section}:{nameof(MongoOptions.Partitions)} is {Engine.Options.Partitions}, but this database was made with {meta.Partitions}: set that.");
        }
        foreach (Family family in Families)
            Engine.EnsureCollection(family.Collection.CollectionNamespace.CollectionName);
        Engine.EnsureCollection("partitions");
        Engine.EnsureCollection("writers");
        EnsureIndexes();
        EnsurePartitions(meta.Partitions);
        Engine.EnsureSharded(Families.Where(family => family.Scoped).Select(family => family.Collection.CollectionNamespace.CollectionName), Family.Scope);
        Engine.EnsureSharded(["conversations"], "_id");
    }

    private StoreMeta EnsureMeta()
    {
        Engine.EnsureCollection("meta");
        UpdateDefinition<BsonDocument> fresh = Builders<BsonDocument>.Update
            .SetOnInsert("version", Version)
            .SetOnInsert("partitions", Engine.Options.Partitions)
            .SetOnInsert("store", DocumentKeys.Of(Guid.NewGuid()));
        Upsert(Engine.Collection("meta"), new BsonDocument("_id", "store"), fresh);
        return Meta;
    }

    private static StoreMeta ReadMeta(MongoEngine engine)
    {
        BsonDocument meta = engine.Collection("meta").Find(new BsonDocument("_id", "store")).SingleOrDefault()
            ?? throw new EngineStartException("The MongoDB database has not been prepared: start processing once, which migrates it.");
        return new StoreMeta(meta["version"].AsInt32, meta["partitions"].AsInt32, meta["store"].AsBsonBinaryData.Bytes);
    }

    /// <summary>Only what is missing is written: the transaction of a writer that was killed may hold the others for a minute.</summary>
    private void EnsurePartitions(int count)
    {
        HashSet<int> known = [.. Partitions.Find(FilterDefinition<BsonDocument>.Empty).ToEnumerable().Select(partition => partition["_id"].AsInt32)];
        foreach (int partition in Enumerable.Range(0, count).Where(partition => !known.Contains(partition)))
            Upsert(Partitions, new BsonDocument("_id", partition), Builders<BsonDocument>.Update.SetOnInsert("stamp", 0L));
    }

    /// <summary>Two that insert the same at once: the second finds it there, which is what it wanted.</summary>
    private static void Upsert(IMongoCollection<BsonDocument> collection, BsonDocument key, UpdateDefinition<BsonDocument> update)
    {
        try
        {
            collection.UpdateOne(key, update, new UpdateOptions { IsUpsert = true });
        }
        catch (MongoException failure) when (MongoFailures.IsDuplicateKey(failure))
        {
            collection.UpdateOne(key, update);
        }
    }

    private void EnsureIndexes()
    {
        IndexKeysDefinitionBuilder<BsonDocument> keys = Builders<BsonDocument>.IndexKeys;
        Events.Collection.Ensure(keys.Ascending("k").Ascending(Family.Scope), new CreateIndexOptions<BsonDocument> { Name = "command" });
        Conversations.Collection.Ensure(
            keys.Ascending("listed").Ascending("_id"),
            new CreateIndexOptions<BsonDocument> { Name = "listed", PartialFilterExpression = Builders<BsonDocument>.Filter.Exists("listed") });
    }
}

/// <summary>What was fixed when the database was made. Store names it in sync marks: a restored one is another.</summary>
internal sealed record StoreMeta(int Version, int Partitions, byte[] Store);
