using CoolChat.Conversations.Adapters.Mongo;
using CoolChat.Engines.Mongo;
using CoolChat.Processing.Projections;
using CoolChat.Processing.Writing;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.Processing.Adapters.Mongo.Projections;

/// <summary>What a projection on MongoDB is given.</summary>
internal sealed record MongoProjectionParts(
    ProjectionCollections Collections, ConversationCollections Conversations, MongoLogFeed Feed, TimeProvider Time, IHeldPartitions? Held = null);

/// <summary>
/// A projection in MongoDB. A node folds the partitions that it writes, which are one node's at a time in the usual case; what makes it exactly once is
/// the cursor of each partition, see <see cref="Progress"/>. Where nothing is told of partitions there is one node, which has all.
/// </summary>
internal abstract class MongoProjection(MongoProjectionParts parts, ILogger logger) : LogProjection(parts.Time, logger)
{
    /// <summary>After this a waiting node looks again which partitions are its own.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private Progress? _progress;
    private long?[] _position = [];
    private bool _toldNewer;

    protected ProjectionCollections Collections => parts.Collections;

    /// <summary>The collections of this projection.</summary>
    protected abstract IReadOnlyList<Family> Families { get; }

    private int Partitions => parts.Conversations.Meta.Partitions;

    // The number of partitions is known once the database is prepared.
    private Progress Progress => _progress ??= new Progress(parts.Collections, Name, Partitions);

    /// <summary>Folds a page and writes what comes of it, in this transaction. May be called again for the same page when the transaction was given up.</summary>
    protected abstract Task FoldAsync(IClientSessionHandle session, long run, IReadOnlyList<PlacedEvent> events, CancellationToken cancellationToken);

    protected override async Task RestartAsync(CancellationToken cancellationToken)
    {
        await Progress.BeginAsync(await Progress.ReadAsync(cancellationToken), Form, cancellationToken);
        if (await Progress.ReadAsync(cancellationToken) is { } begun)
            await CleanAsync(begun, cancellationToken);
    }

    protected override async Task<int> AdvanceAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Progress.State? state = await Progress.ReadAsync(cancellationToken);
            if (state?.Form > Form)
                return StandBy();
            if (state is null || state.Form < Form)
            {
                TellRestart();
                await RestartAsync(cancellationToken);
                continue;
            }
            if (state.Clean < state.Run)
                await CleanAsync(state, cancellationToken);
            _position = PositionOf(state);
            MongoLogPage page = await parts.Feed.ReadAsync(_position, BatchEvents, cancellationToken);
            if (page.Events.Count == 0)
                return 0;
            if (await WriteAsync(state, page, cancellationToken))
                return page.Events.Count;
        }
    }

    protected override Task WaitAsync(CancellationToken cancellationToken) => _position.All(stamp => stamp is null)
        ? Task.Delay(LongestWait, parts.Time, cancellationToken)
        : parts.Feed.WaitAsync(_position, LongestWait, cancellationToken);

    private Task<bool> WriteAsync(Progress.State state, MongoLogPage page, CancellationToken cancellationToken) =>
        MongoTransaction.RunAsync(parts.Collections.Engine, async session =>
        {
            if (!await Progress.MoveAsync(session, state, page.Stamps, cancellationToken))
                return false;
            await FoldAsync(session, state.Run, page.Events, cancellationToken);
            return true;
        }, cancellationToken);

    /// <summary>Only documents of older runs: one that is late at it deletes nothing that another has written since.</summary>
    private async Task CleanAsync(Progress.State state, CancellationToken cancellationToken)
    {
        foreach (Family family in Families)
        {
            await MongoTransaction.GuardAsync(family.Collection.DeleteManyAsync(
                new BsonDocument("r", new BsonDocument("$lt", state.Run)), cancellationToken));
        }
        await Progress.CleanedAsync(state.Run, cancellationToken);
    }

    private long?[] PositionOf(Progress.State state)
    {
        IReadOnlyCollection<int>? held = parts.Held?.Held;
        return [.. state.Stamps.Select((stamp, partition) => held is null || held.Contains(partition) ? stamp : (long?)null)];
    }

    /// <summary>While versions are exchanged, the newer one folds.</summary>
    private int StandBy()
    {
        if (!_toldNewer)
            TellNewer();
        _toldNewer = true;
        _position = [];
        return 0;
    }
}
