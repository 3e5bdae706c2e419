using System.Globalization;
using CoolChat.Contracts;
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
        MongoLogPage page = await ReadAsync(Parse(position), limit, cancellationToken);
        return new LogFeedPage([.. page.Events.Select(placed => placed.Event)], Format(page.Stamps));
    }

    /// <summary>The same for some of the partitions: those that <paramref name="stamps"/> has a value for.</summary>
    public async ValueTask<MongoLogPage> ReadAsync(long?[] stamps, int limit, CancellationToken cancellationToken) =>
        await MongoView.ReadAsync(collections.Engine, async view =>
        {
            long?[] read = [.. stamps];
            List<(BsonBinaryData Key, CommitPlace Place)> events = [];
            foreach (BsonDocument commit in (await CommitsAsync(view, stamps, limit)).Commits)
            {
                if (events.Count >= limit)
                    break;
                (int partition, long stamp) = PlaceOf(commit);
                read[partition] = stamp;
                events.AddRange(Documents.RunKeys(commit).Select((key, index) => (key, new CommitPlace(partition, stamp, index))));
            }
            Dictionary<BsonValue, BsonDocument> found = await view.FindManyAsync(collections.Events, events.Select(entry => entry.Key));
            return new MongoLogPage(
                [.. events.Where(entry => found.ContainsKey(entry.Key)).Select(entry => new PlacedEvent(Documents.Event(found[entry.Key]).ToWire(), entry.Place))],
                read);
        }, cancellationToken);

    public Task WaitAsync(string? position, CancellationToken cancellationToken) => WaitAsync(Parse(position), Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Completes when there is something after <paramref name="stamps"/>, or after <paramref name="most"/>.</summary>
    public async Task WaitAsync(long?[] stamps, TimeSpan most, CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        while (most == Timeout.InfiniteTimeSpan || time.GetElapsedTime(began) < most)
        {
            // Taken before the look: what is committed after it is signalled.
            long seen = signal.Last;
            CommitsAfter after = await MongoView.ReadAsync(collections.Engine, view => CommitsAsync(view, stamps, 1), cancellationToken);
            if (after.Commits.Count > 0)
                return;
            // Commits without events need no second look.
            stamps = after.Ends;
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(signal.WaitAsync(seen, either.Token), Task.Delay(Interval, time, either.Token));
            cancellationToken.ThrowIfCancellationRequested();
            await either.CancelAsync();
        }
    }

    /// <summary>
    /// Commits with events after <paramref name="stamps"/>, at most <paramref name="limit"/> of each partition, by stamp. Only partitions that have moved
    /// are asked.
    /// </summary>
    private async Task<CommitsAfter> CommitsAsync(MongoView view, long?[] stamps, int limit)
    {
        List<BsonDocument> commits = [];
        long?[] ends = [.. stamps];
        List<BsonDocument> partitions = await view.QueryAsync(collections.Partitions, FilterDefinition<BsonDocument>.Empty, new BsonDocument("_id", 1));
        foreach (BsonDocument partition in partitions)
        {
            (int number, long end) = (partition["_id"].AsInt32, partition["stamp"].AsInt64);
            if (stamps[number] is not { } known || known >= end)
                continue;
            commits.AddRange(await view.RangeAsync(
                collections.Commits, DocumentKeys.Commit(number, known + 1), DocumentKeys.Commit(number, long.MaxValue), limit));
            ends[number] = end;
        }
        return new CommitsAfter([.. commits.OrderBy(commit => PlaceOf(commit).Stamp)], ends);
    }

    private static (int Partition, long Stamp) PlaceOf(BsonDocument commit) =>
        ((int)DocumentKeys.ReadNumber(commit["_id"], 0), DocumentKeys.ReadNumber(commit["_id"], 8));

    private long?[] Parse(string? position)
    {
        if (position is null)
            return [.. new long[collections.Meta.Partitions].Cast<long?>()];
        long?[] stamps = [.. position.Split(',').Select(stamp => (long?)long.Parse(stamp, NumberStyles.None, CultureInfo.InvariantCulture))];
        return stamps.Length == collections.Meta.Partitions
            ? stamps
            : throw new FormatException($"A position of {stamps.Length} partitions; the store has {collections.Meta.Partitions}.");
    }

    private static string Format(long?[] stamps) => string.Join(',', stamps.Select(stamp => stamp?.ToString(CultureInfo.InvariantCulture)));

    /// <param name="Commits">By stamp.</param>
    /// <param name="Ends">Where the partitions stood.</param>
    private sealed record CommitsAfter(List<BsonDocument> Commits, long?[] Ends);
}

/// <summary>Some of the log.</summary>
/// <param name="Events">In commit order.</param>
/// <param name="Stamps">Of each partition that was asked for, how far it was read.</param>
internal sealed record MongoLogPage(IReadOnlyList<PlacedEvent> Events, long?[] Stamps);

/// <summary>An event and where it was committed.</summary>
internal readonly record struct PlacedEvent(ChatEvent Event, CommitPlace Place);

/// <summary>Unique: the commit, and which event of it.</summary>
internal readonly record struct CommitPlace(int Partition, long Stamp, int Index);
