using System.Globalization;
using CoolChat.Engines.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.Processing.Adapters.Mongo.Projections;

/// <summary>
/// How far a projection is. A run is one reading of the log from its beginning: a new form, or an operator, begins the next. A cursor moves, in the
/// transaction that writes what it stands for, from the value and within the run that were read, or not at all: whoever folds the same events a
/// second time writes nothing, however late.
/// </summary>
internal sealed class Progress(ProjectionCollections collections, string name, int partitions)
{
    /// <param name="Form">The form of the projection's documents.</param>
    /// <param name="Run">Which reading of the log it is.</param>
    /// <param name="Clean">Up to which run older documents are gone.</param>
    /// <param name="Stamps">The cursor of each partition.</param>
    public sealed record State(int Form, long Run, long Clean, IReadOnlyList<long> Stamps);

    /// <summary>Null before the first run.</summary>
    public async Task<State?> ReadAsync(CancellationToken cancellationToken)
    {
        BsonDocument filter = new("_id", new BsonDocument("$in", new BsonArray(Enumerable.Range(0, partitions).Select(KeyOf).Prepend(name))));
        Dictionary<string, BsonDocument> found = (await MongoTransaction.GuardAsync(collections.Progress.Find(filter).ToListAsync(cancellationToken)))
            .ToDictionary(document => document["_id"].AsString, StringComparer.Ordinal);
        if (!found.TryGetValue(name, out BsonDocument? whole))
            return null;
        long[] stamps = [.. Enumerable.Range(0, partitions).Select(partition => found[KeyOf(partition)]["stamp"].AsInt64)];
        return new State(whole["form"].AsInt32, whole["run"].AsInt64, whole["clean"].AsInt64, stamps);
    }

    /// <summary>
    /// Begins the run after <paramref name="known"/>'s, unless another instance has begun one. All cursors are written, so that no batch of the run
    /// before can be committed after this.
    /// </summary>
    public Task BeginAsync(State? known, int form, CancellationToken cancellationToken) => MongoTransaction.RunAsync(collections.Engine, async session =>
    {
        BsonDocument? whole = await collections.Progress.Find(session, MongoValues.ById(name)).FirstOrDefaultAsync(cancellationToken);
        if (whole?["run"].AsInt64 != known?.Run)
            return false;
        long run = (known?.Run ?? 0) + 1;
        List<BsonDocument> all = [new() { { "_id", name }, { "form", form }, { "run", run }, { "clean", known?.Clean ?? 0L } }];
        all.AddRange(Enumerable.Range(0, partitions).Select(partition => new BsonDocument { { "_id", KeyOf(partition) }, { "run", run }, { "stamp", 0L } }));
        await collections.Progress.BulkWriteAsync(
            session,
            all.Select(document => new ReplaceOneModel<BsonDocument>(MongoValues.ById(document["_id"]), document) { IsUpsert = true }),
            cancellationToken: cancellationToken);
        return true;
    }, cancellationToken);

    /// <summary>Documents of runs before this one are gone.</summary>
    public Task CleanedAsync(long run, CancellationToken cancellationToken) => MongoTransaction.GuardAsync(collections.Progress.UpdateOneAsync(
        new BsonDocument { { "_id", name }, { "run", run } }, new BsonDocument("$set", new BsonDocument("clean", run)), cancellationToken: cancellationToken));

    /// <summary>False when another instance has moved one of the cursors, or begun another run: then nothing may be written.</summary>
    public async Task<bool> MoveAsync(IClientSessionHandle session, State known, long?[] to, CancellationToken cancellationToken)
    {
        UpdateOneModel<BsonDocument>[] moves =
        [
            .. Enumerable.Range(0, partitions)
                .Where(partition => to[partition] is { } stamp && stamp != known.Stamps[partition])
                .Select(partition => new UpdateOneModel<BsonDocument>(
                    new BsonDocument { { "_id", KeyOf(partition) }, { "run", known.Run }, { "stamp", known.Stamps[partition] } },
                    new BsonDocument("$set", new BsonDocument("stamp", to[partition]!.Value)))),
        ];
        BulkWriteResult<BsonDocument> moved = await collections.Progress.BulkWriteAsync(session, moves, cancellationToken: cancellationToken);
        return moved.MatchedCount == moves.Length;
    }

    private string KeyOf(int partition) => string.Create(CultureInfo.InvariantCulture, $"{name}/{partition}");
}
