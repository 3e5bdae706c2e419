using System.Globalization;
using CoolChat.Conversations.Log;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.Conversations.Adapters.Mongo;

/// <summary>
/// Follows the collection <c>commits</c>: a position is the stamp of the last commit read of each partition, comma-separated. Within a partition
/// the order is that of its commits; between partitions it is that of their stamps as far as one page knows them, which is nothing that a reader may
/// rely on, since a conversation lies in one partition.
/// </summary>
internal sealed class MongoLogFeed(ConversationCollections collections, CommitSignal signal, TimeProvider time) : ILogFeed
{
    /// <summary>The signal only tells of writers in this process.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    public async ValueTask<LogFeedPage> ReadAsync(string? position, int limit, CancellationToken cancellationToken)
    {
        long[] stamps = Parse(position);
        return await MongoView.ReadAsync(collections.Engine, async view =>
        {
            long[] read = [.. stamps];
            List<BsonBinaryData> keys = [];
            foreach (BsonDocument commit in await CommitsAsync(view, stamps, limit))
            {
                if (keys.Count >= limit)
                    break;
                read[DocumentKeys.ReadNumber(commit["_id"], 0)] = DocumentKeys.ReadNumber(commit["_id"], 8);
                keys.AddRange(Documents.RunKeys(commit));
            }
            Dictionary<BsonValue, BsonDocument> events = await view.FindManyAsync(collections.Events, keys);
            return new LogFeedPage([.. keys.Where(events.ContainsKey).Select(key => Documents.Event(events[key]).ToWire())], Format(read));
        }, cancellationToken);
    }

    public async Task WaitAsync(string? position, CancellationToken cancellationToken)
    {
        long[] stamps = Parse(position);
        while (true)
        {
            long seen = await LastAsync(cancellationToken);
            if ((await MongoView.ReadAsync(collections.Engine, view => CommitsAsync(view, stamps, 1), cancellationToken)).Count > 0)
                return;
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(signal.WaitAsync(seen, either.Token), Task.Delay(Interval, time, either.Token));
            cancellationToken.ThrowIfCancellationRequested();
            await either.CancelAsync();
        }
    }

    /// <summary>Commits after <paramref name="stamps"/>, at most <paramref name="limit"/> of each partition, by stamp.</summary>
    private async Task<List<BsonDocument>> CommitsAsync(MongoView view, long[] stamps, int limit)
    {
        List<BsonDocument> commits = [];
        for (int partition = 0; partition < stamps.Length; partition++)
        {
            commits.AddRange(await view.RangeAsync(
                collections.Commits, DocumentKeys.Commit(partition, stamps[partition] + 1), DocumentKeys.Commit(partition, long.MaxValue), limit));
        }
        return [.. commits.OrderBy(commit => DocumentKeys.ReadNumber(commit["_id"], 8))];
    }

    private async Task<long> LastAsync(CancellationToken cancellationToken)
    {
        List<BsonDocument> partitions = await MongoView.ReadAsync(
            collections.Engine,
            view => view.QueryAsync(collections.Partitions, FilterDefinition<BsonDocument>.Empty, new BsonDocument("_id", 1)),
            cancellationToken);
        return partitions.Count == 0 ? 0 : partitions.Max(partition => partition["stamp"].AsInt64);
    }

    private long[] Parse(string? position)
    {
        if (position is null)
            return new long[collections.Meta.Partitions];
        long[] stamps = [.. position.Split(',').Select(stamp => long.Parse(stamp, NumberStyles.None, CultureInfo.InvariantCulture))];
        return stamps.Length == collections.Meta.Partitions
            ? stamps
            : throw new FormatException($"A position of {stamps.Length} partitions; the store has {collections.Meta.Partitions}.");
    }

    private static string Format(long[] stamps) => string.Join(',', stamps.Select(stamp => stamp.ToString(CultureInfo.InvariantCulture)));
}
