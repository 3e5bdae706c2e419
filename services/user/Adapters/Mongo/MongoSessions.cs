using System.Security.Cryptography;
using CoolChat.Engines.Mongo;
using CoolChat.User.Sessions;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.User.Adapters.Mongo;

/// <summary>
/// Collection <c>sessions</c>: sessionId -> account, deviceId, device, address, createdAt, lastSeenAt, expiresAt, endedAt; hash, parent, rotatedAt
/// (refresh tokens as SHA-256). Ended ones stay until they are swept. Indexes on account, expiresAt and, partial, endedAt.
/// </summary>
internal sealed class MongoSessions(UserCollections collections) : ISessionStore
{
    private const int MostAttempts = 10;
    private static readonly FilterDefinitionBuilder<BsonDocument> Filter = Builders<BsonDocument>.Filter;
    private static readonly UpdateDefinitionBuilder<BsonDocument> Update = Builders<BsonDocument>.Update;

    public async ValueTask AddAsync(Session session, ReadOnlyMemory<byte> refreshHash, CancellationToken cancellationToken)
    {
        BsonDocument document = MongoValues.ById(MongoValues.Id(session.Id))
            .Add("account", MongoValues.Id(session.UserId))
            .Add("deviceId", MongoValues.Id(session.DeviceId))
            .Add("device", session.Device)
            .Add("address", session.Address)
            .Add("createdAt", MongoValues.Time(session.CreatedAt))
            .Add("lastSeenAt", MongoValues.Time(session.LastSeenAt))
            .Add("expiresAt", MongoValues.Time(session.ExpiresAt))
            .Add("hash", MongoValues.Bytes(refreshHash));
        await MongoTransaction.GuardAsync(InsertAsync());

        async Task<bool> InsertAsync()
        {
            await collections.Sessions.InsertOneAsync(document, null, cancellationToken);
            return true;
        }
    }

    public async ValueTask<Session?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await FindDocumentAsync(id, cancellationToken) is { } found ? Map(found) : null;

    public async ValueTask<IReadOnlyList<Session>> ListAsync(Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        FilterDefinition<BsonDocument> living = Filter.Eq("account", MongoValues.Id(userId)) & Filter.Exists("endedAt", false) & Filter.Gt("expiresAt", MongoValues.Time(now));
        List<BsonDocument> found = await MongoTransaction.GuardAsync(collections.Sessions.Find(living)
            .Sort(new BsonDocument { { "lastSeenAt", -1 }, { "_id", -1 } }).ToListAsync(cancellationToken));
        return [.. found.Select(Map)];
    }

    public async ValueTask<RotateOutcome> RotateAsync(Rotation rotation, CancellationToken cancellationToken)
    {
        // Each attempt changes the session only if it still is what the decision was made on.
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (await FindDocumentAsync(rotation.SessionId, cancellationToken) is not { } found
                || found.Contains("endedAt") || MongoValues.Time(found["expiresAt"]) <= rotation.Now)
            {
                return RotateOutcome.Ended;
            }
            (RotateOutcome outcome, UpdateDefinition<BsonDocument>? update) = Decide(found, rotation);
            if (update is null)
                return outcome;
            FilterDefinition<BsonDocument> same = Filter.Eq("_id", found["_id"]) & Filter.Eq("hash", found["hash"]) & Filter.Exists("endedAt", false);
            if ((await MongoTransaction.GuardAsync(collections.Sessions.UpdateOneAsync(same, update, null, cancellationToken))).MatchedCount == 1)
                return outcome;
        }
        throw new InvalidOperationException("A session was rotated more often at once than makes sense.");
    }

    public async ValueTask<bool> EndAsync(Guid userId, Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        FilterDefinition<BsonDocument> living = Filter.Eq("_id", MongoValues.Id(id)) & Filter.Eq("account", MongoValues.Id(userId)) & Filter.Exists("endedAt", false);
        return (await MongoTransaction.GuardAsync(
            collections.Sessions.UpdateOneAsync(living, Update.Set("endedAt", MongoValues.Time(now)), null, cancellationToken))).MatchedCount == 1;
    }

    public async ValueTask<IReadOnlyList<Guid>> EndAllAsync(Guid userId, Guid? except, DateTimeOffset now, CancellationToken cancellationToken) =>
        await collections.WriteAsync(async session =>
        {
            FilterDefinition<BsonDocument> living = Filter.Eq("account", MongoValues.Id(userId)) & Filter.Exists("endedAt", false);
            if (except is { } kept)
                living &= Filter.Ne("_id", MongoValues.Id(kept));
            List<BsonDocument> found = await collections.Sessions.Find(session, living).Project(MongoValues.ById(1)).ToListAsync(cancellationToken);
            await collections.Sessions.UpdateManyAsync(
                session, Filter.In("_id", found.Select(one => one["_id"])), Update.Set("endedAt", MongoValues.Time(now)), null, cancellationToken);
            return (IReadOnlyList<Guid>)[.. found.Select(one => MongoValues.Id(one["_id"]))];
        }, cancellationToken);

    public async ValueTask<IReadOnlyList<Guid>> EndedSinceAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        List<BsonDocument> found = await MongoTransaction.GuardAsync(
            collections.Sessions.Find(Filter.Gte("endedAt", MongoValues.Time(since))).Project(MongoValues.ById(1)).ToListAsync(cancellationToken));
        return [.. found.Select(one => MongoValues.Id(one["_id"]))];
    }

    public async ValueTask SweepAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        BsonDateTime limit = MongoValues.Time(before);
        await MongoTransaction.GuardAsync(collections.Sessions.DeleteManyAsync(Filter.Lt("endedAt", limit), cancellationToken));
        await MongoTransaction.GuardAsync(collections.Sessions.DeleteManyAsync(Filter.Lt("expiresAt", limit), cancellationToken));
    }

    public async ValueTask ForgetAsync(Guid userId, CancellationToken cancellationToken) =>
        await MongoTransaction.GuardAsync(collections.Sessions.UpdateManyAsync(
            Filter.Eq("account", MongoValues.Id(userId)) & Filter.Exists("endedAt"), Update.Set("device", "").Set("address", ""), null, cancellationToken));

    private static (RotateOutcome Outcome, UpdateDefinition<BsonDocument>? Update) Decide(BsonDocument found, Rotation rotation)
    {
        if (Same(found["hash"], rotation.Presented))
        {
            return (RotateOutcome.Rotated, Update
                .Set("hash", MongoValues.Bytes(rotation.Successor))
                .Set("parent", found["hash"])
                .Set("rotatedAt", MongoValues.Time(rotation.Now))
                .Set("lastSeenAt", MongoValues.Time(rotation.Now))
                .Set("expiresAt", MongoValues.Time(rotation.ExpiresAt)));
        }
        return found.TryGetValue("parent", out BsonValue? parent) && Same(parent, rotation.Presented)
            && rotation.Now - found.TimeOrNull("rotatedAt") <= rotation.Overlap
                ? (RotateOutcome.Repeated, null)
                : (RotateOutcome.Reused, Update.Set("endedAt", MongoValues.Time(rotation.Now)));
    }

    private static bool Same(BsonValue stored, ReadOnlyMemory<byte> presented) =>
        CryptographicOperations.FixedTimeEquals(stored.AsBsonBinaryData.Bytes, presented.Span);

    private async Task<BsonDocument?> FindDocumentAsync(Guid id, CancellationToken cancellationToken) =>
        await MongoTransaction.GuardAsync(collections.Sessions.Find(MongoValues.ById(MongoValues.Id(id))).FirstOrDefaultAsync(cancellationToken));

    private static Session Map(BsonDocument session) => new()
    {
        Id = MongoValues.Id(session["_id"]),
        UserId = MongoValues.Id(session["account"]),
        DeviceId = MongoValues.Id(session["deviceId"]),
        Device = session["device"].AsString,
        Address = session["address"].AsString,
        CreatedAt = MongoValues.Time(session["createdAt"]),
        LastSeenAt = MongoValues.Time(session["lastSeenAt"]),
        ExpiresAt = MongoValues.Time(session["expiresAt"]),
        EndedAt = session.TimeOrNull("endedAt"),
    };
}
