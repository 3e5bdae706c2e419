using CoolChat.Engines.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.Conversations.Adapters.Mongo;

/// <summary>
/// Reads that all see one state of the database (a read transaction with read concern snapshot), so that a page and the seq it is told to reach
/// up to agree. Not safe for several threads: reads follow one another.
/// </summary>
internal sealed class MongoView(IClientSessionHandle session, CancellationToken cancellationToken)
{
    private const int MostAttempts = 3;
    private static readonly BsonDocument ById = new("_id", 1);
    private static readonly BsonDocument ByIdDown = new("_id", -1);

    /// <summary>Runs <paramref name="read"/> against one state; again when the server gave the transaction up.</summary>
    /// <exception cref="CoolChat.Contracts.Internal.RefusedException">The store is away.</exception>
    public static async ValueTask<T> ReadAsync<T>(MongoEngine engine, Func<MongoView, Task<T>> read, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                using IClientSessionHandle session = await engine.Client.StartSessionAsync(null, cancellationToken);
                session.StartTransaction(new TransactionOptions(ReadConcern.Snapshot, ReadPreference.Primary, MongoEngine.Durable));
                try
                {
                    return await read(new MongoView(session, cancellationToken));
                }
                finally
                {
                    // Nothing was written. Not awaiting a reply that nobody needs would leave the session in use.
                    await session.AbortTransactionAsync(CancellationToken.None);
                }
            }
            catch (Exception failure) when (MongoFailures.IsTransient(failure) && attempt < MostAttempts)
            {
                // The driver has rolled back; a new transaction sees the state of now.
            }
            catch (Exception failure) when (MongoFailures.IsAway(failure))
            {
                throw MongoFailures.Unavailable(failure);
            }
        }
    }

    public async Task<BsonDocument?> FindAsync(Family family, BsonBinaryData key) =>
        await family.Collection.Find(session, family.At(key)).FirstOrDefaultAsync(cancellationToken);

    public async Task<bool> HasAsync(Family family, BsonBinaryData key) => await FindAsync(family, key) is not null;

    /// <summary>Those that exist, by key.</summary>
    public async Task<Dictionary<BsonValue, BsonDocument>> FindManyAsync(Family family, IEnumerable<BsonBinaryData> keys)
    {
        BsonBinaryData[] wanted = [.. keys];
        if (wanted.Length == 0)
            return [];
        List<BsonDocument> found = await family.Collection.Find(session, family.AnyOf(wanted)).ToListAsync(cancellationToken);
        return found.ToDictionary(document => document["_id"]);
    }

    /// <summary>Ids from <paramref name="from"/> to <paramref name="to"/>, ascending or descending.</summary>
    public Task<List<BsonDocument>> RangeAsync(
        Family family, BsonBinaryData from, BsonBinaryData to, int? limit = null, bool down = false, BsonDocument? also = null)
    {
        FilterDefinition<BsonDocument> filter = family.Between(from, to);
        if (also is not null)
            filter &= also;
        // The hint keeps the planner from another index with the same scope, which it would have to sort.
        return family.Collection.Find(session, filter, new FindOptions { Hint = ById })
            .Sort(down ? ByIdDown : ById)
            .Limit(limit)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Whether any document is like that, wherever it is: reads through the collection.</summary>
    public Task<bool> AnyAsync(Family family, BsonDocument like) => family.Collection.Find(session, like).AnyAsync(cancellationToken);

    public async Task<List<BsonDocument>> RangesAsync(
        Family family, IReadOnlyList<(BsonBinaryData From, BsonBinaryData To)> ranges, int limit = int.MaxValue) => ranges.Count == 0
        ? []
        : await family.Collection.Find(session, family.Between(ranges)).Limit(limit == int.MaxValue ? null : limit).ToListAsync(cancellationToken);

    /// <summary>How many documents each scope has in its range.</summary>
    public async Task<Dictionary<BsonValue, int>> CountAsync(Family family, IReadOnlyList<(BsonBinaryData From, BsonBinaryData To)> ranges)
    {
        if (ranges.Count == 0)
            return [];
        List<BsonDocument> counts = await family.Collection.Aggregate(session)
            .Match(family.Between(ranges))
            .Group(new BsonDocument { { "_id", "$" + Family.Scope }, { "n", new BsonDocument("$sum", 1) } })
            .ToListAsync(cancellationToken);
        return counts.ToDictionary(count => count["_id"], count => count["n"].ToInt32());
    }

    public Task<List<BsonDocument>> QueryAsync(IMongoCollection<BsonDocument> collection, FilterDefinition<BsonDocument> filter, BsonDocument sort, int? limit = null) =>
        collection.Find(session, filter).Sort(sort).Limit(limit).ToListAsync(cancellationToken);
}
