using CoolChat.Engines.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.User.Adapters.Mongo;

/// <summary>
/// The collections of the user service, which alone writes them; each is described on the store that owns it. Ids are binary, 16 big-endian bytes.
/// None is sharded: they are small, and <c>wallets</c> and <c>sessions</c> are only ever asked by id. What two transactions must not decide at once,
/// though they write different documents, goes by a document in <c>guards</c> that both write.
/// </summary>
internal sealed class UserCollections(MongoEngine engine) : IMongoCollections
{
    public MongoEngine Engine { get; } = engine;
    public IMongoCollection<BsonDocument> Accounts { get; } = engine.Collection("accounts");
    public IMongoCollection<BsonDocument> Wallets { get; } = engine.Collection("wallets");
    public IMongoCollection<BsonDocument> AccountKeys { get; } = engine.Collection("account_keys");
    public IMongoCollection<BsonDocument> Erasures { get; } = engine.Collection("erasures");
    public IMongoCollection<BsonDocument> Sessions { get; } = engine.Collection("sessions");
    public IMongoCollection<BsonDocument> Relations { get; } = engine.Collection("relations");
    public IMongoCollection<BsonDocument> RelationCounts { get; } = engine.Collection("relation_counts");
    public IMongoCollection<BsonDocument> BlockChanges { get; } = engine.Collection("block_changes");
    public IMongoCollection<BsonDocument> Settings { get; } = engine.Collection("settings");
    public IMongoCollection<BsonDocument> Secrets { get; } = engine.Collection("secrets");
    public IMongoCollection<BsonDocument> SigningKeys { get; } = engine.Collection("signing_keys");
    public IMongoCollection<BsonDocument> Invites { get; } = engine.Collection("registration_invites");
    public IMongoCollection<BsonDocument> Nonces { get; } = engine.Collection("used_nonces");

    private IMongoCollection<BsonDocument> Guards { get; } = engine.Collection("guards");

    /// <summary>Makes what is missing. Can be repeated, and by several at once.</summary>
    public void Migrate()
    {
        IMongoCollection<BsonDocument>[] all =
        [
            Accounts, Wallets, AccountKeys, Erasures, Sessions, Relations, RelationCounts, BlockChanges, Settings, Secrets, SigningKeys, Invites, Nonces, Guards,
        ];
        foreach (IMongoCollection<BsonDocument> collection in all)
            Engine.EnsureCollection(collection.CollectionNamespace.CollectionName);
        Index(Accounts, "avatar", "profile.avatar", onlyWhereThere: true);
        Index(Accounts, "role", "role", onlyWhereThere: true);
        Index(Sessions, "account", "account");
        Index(Sessions, "ended", "endedAt", onlyWhereThere: true);
        Index(Sessions, "expires", "expiresAt");
        Index(Relations, "other", "other");
        Index(Invites, "code", "codeHash");
        Index(Nonces, "expires", "expiresAt");
    }

    /// <summary>Of two transactions that call this with the same name at once, one runs again.</summary>
    public Task GuardAsync(IClientSessionHandle session, string name, CancellationToken cancellationToken) => Guards.UpdateOneAsync(
        session, new BsonDocument("_id", name), Builders<BsonDocument>.Update.Inc("n", 1L), new UpdateOptions { IsUpsert = true }, cancellationToken);

    /// <summary>Takes the next <paramref name="count"/> of 1, 2, 3 ..., in the order of commits: of two transactions that do at once, one runs again. Answers the last.</summary>
    public async Task<long> TakeAsync(IClientSessionHandle session, string name, int count, CancellationToken cancellationToken)
    {
        BsonDocument counted = await Guards.FindOneAndUpdateAsync(
            session, MongoValues.ById(name), Builders<BsonDocument>.Update.Inc("n", (long)count),
            new FindOneAndUpdateOptions<BsonDocument> { IsUpsert = true, ReturnDocument = ReturnDocument.After }, cancellationToken);
        return counted["n"].AsInt64;
    }

    /// <summary>The last that <see cref="TakeAsync"/> gave, or 0.</summary>
    public async Task<long> LastAsync(string name, CancellationToken cancellationToken) =>
        (await MongoTransaction.GuardAsync(Guards.Find(MongoValues.ById(name)).FirstOrDefaultAsync(cancellationToken)))?["n"].AsInt64 ?? 0;

    public Task<T> WriteAsync<T>(Func<IClientSessionHandle, Task<T>> work, CancellationToken cancellationToken) =>
        MongoTransaction.RunAsync(Engine, work, cancellationToken);

    private static void Index(IMongoCollection<BsonDocument> collection, string name, string field, bool onlyWhereThere = false) =>
        collection.Ensure(
            Builders<BsonDocument>.IndexKeys.Ascending(field),
            new CreateIndexOptions<BsonDocument>
            {
                Name = name,
                PartialFilterExpression = onlyWhereThere ? Builders<BsonDocument>.Filter.Exists(field) : null,
            });
}
