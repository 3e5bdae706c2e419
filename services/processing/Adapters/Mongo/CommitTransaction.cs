using CoolChat.Contracts;
using CoolChat.Conversations.Adapters.Mongo;
using CoolChat.Conversations.Log;
using CoolChat.Engines.Mongo;
using CoolChat.Processing.Writing;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.Processing.Adapters.Mongo;

/// <summary>
/// Writes a commit in one transaction (w:majority, j:true): first the fence of each partition, from the stamp that its decisions rest on to the new
/// one; then events, by insertion; then what is folded from them. A fence that moved, or an event that is there, is a conflict.
/// </summary>
internal sealed class CommitTransaction(MongoConversationLog log, long stamp, IReadOnlySet<int> partitions)
{
    private const int MostAttempts = 5;
    private const int MostCommits = 5;
    private static readonly TransactionOptions Options = new(ReadConcern.Snapshot, ReadPreference.Primary, MongoEngine.Durable);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Everything that the commit changes.</summary>
    public sealed record Writes(
        AppendedEvents Events,
        Changes Changes,
        IReadOnlyList<(BsonBinaryData From, BsonBinaryData To)> DeletedReactions,
        IReadOnlyList<(ConversationHead Head, Guid Id)> Heads,
        IReadOnlyDictionary<Guid, ConversationInfo> Infos);

    /// <exception cref="LogConflictException">Another writer was faster: nothing was written.</exception>
    /// <exception cref="LogUnavailableException">The store is away; whether anything was written is unknown.</exception>
    public void Run(Writes writes)
    {
        try
        {
            CheckStamp();
            if (partitions.Count == 0)
                Check(log.ReadStamps(log.OnlyConsulted(partitions)));
            else
                WriteWithRetry(writes);
        }
        catch (ConversationLogException)
        {
            log.Forget();
            throw;
        }
        catch (Exception failure) when (MongoFailures.IsFull(failure))
        {
            log.Forget();
            throw new StorageFullException(ErrorCodes.StorageFull, failure);
        }
        catch (Exception failure) when (MongoFailures.IsDuplicateKey(failure))
        {
            log.Forget();
            throw new LogConflictException("Another writer appended first.", failure);
        }
        catch (Exception failure) when (MongoFailures.IsAway(failure))
        {
            log.Forget();
            throw new LogUnavailableException("MongoDB did not answer a commit.", failure);
        }
    }

    /// <summary>
    /// A writer whose clock is ahead handed the partition over: the stamp that the decisions have used already is too low. The next one is higher.
    /// </summary>
    private void CheckStamp()
    {
        if (partitions.Any(partition => log.Held(partition) >= stamp))
            throw new LogConflictException("The partition's stamp is ahead of this commit's.");
    }

    private void WriteWithRetry(Writes writes)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                Write(writes);
                log.Stranded.Passed();
                return;
            }
            catch (LogConflictException)
            {
                log.Stranded.Passed();
                throw;
            }
            catch (MongoException failure) when (MongoFailures.IsTransient(failure))
            {
                log.Stranded.HeldUp();
                if (attempt == MostAttempts)
                    throw;
                // Rolled back. Should it have committed after all, the fence has moved, and the next attempt finds that out.
                Thread.Sleep(Pause * attempt);
            }
        }
    }

    private void Write(Writes writes)
    {
        ConversationCollections collections = log.Collections;
        using IClientSessionHandle session = collections.Engine.Client.StartSession();
        log.Stranded.Announce(session);
        session.StartTransaction(Options);
        try
        {
            MoveFences(session, collections);
            AppendEvents(session, collections, writes.Events);
            WriteHeads(session, collections, writes);
            foreach ((BsonBinaryData from, BsonBinaryData to) in writes.DeletedReactions)
                collections.Reactions.Collection.DeleteMany(session, collections.Reactions.Between(from, to));
            foreach (IGrouping<Family, WriteModel<BsonDocument>> models in writes.Changes.Models())
                models.Key.Collection.BulkWrite(session, models, new BulkWriteOptions { IsOrdered = false });
        }
        catch (Exception)
        {
            Abort(session);
            throw;
        }
        Commit(session);
    }

    private void MoveFences(IClientSessionHandle session, ConversationCollections collections)
    {
        UpdateOneModel<BsonDocument>[] moves =
        [
            .. partitions.Order().Select(partition => new UpdateOneModel<BsonDocument>(
                new BsonDocument { { "_id", partition }, { "stamp", log.Held(partition) } },
                Builders<BsonDocument>.Update.Set("stamp", stamp))),
        ];
        if (collections.Partitions.BulkWrite(session, moves).MatchedCount != moves.Length)
            throw new LogConflictException("Another writer committed in the partition.");
        if (log.OnlyConsulted(partitions) is { Count: > 0 } consulted)
            Check(log.ReadStamps(consulted, session));
    }

    /// <summary>What was only read must still be so.</summary>
    private void Check(Dictionary<int, long> stamps)
    {
        if (stamps.Any(partition => partition.Value != log.Held(partition.Key)))
            throw new LogConflictException("Another writer committed in a partition that this decision read.");
    }

    private void AppendEvents(IClientSessionHandle session, ConversationCollections collections, AppendedEvents events)
    {
        if (events.All.Count == 0)
            return;
        collections.Events.Collection.InsertMany(
            session,
            events.All.Select(stored => collections.Events.New(DocumentKeys.Of(stored.Header.ConversationId, stored.Header.Seq)).WithEvent(stored)),
            new InsertManyOptions { IsOrdered = true });
        List<BsonDocument> commits = [];
        foreach (int partition in partitions)
        {
            IReadOnlyList<(Guid Conversation, long First, long Count)> runs = events.Runs(conversation => log.PartitionOf(conversation) == partition);
            if (runs.Count > 0)
                commits.Add(collections.Commits.New(DocumentKeys.Commit(partition, stamp)).WithRuns(runs));
        }
        collections.Commits.Collection.InsertMany(session, commits);
    }

    /// <summary>The filter on seq is the second fence: a head that is further than this commit refuses the upsert by its id.</summary>
    private static void WriteHeads(IClientSessionHandle session, ConversationCollections collections, Writes writes)
    {
        if (writes.Heads.Count == 0)
            return;
        collections.Conversations.Collection.BulkWrite(session, writes.Heads.Select(entry =>
        {
            BsonDocument set = new BsonDocument().WithHead(entry.Head);
            BsonDocument update = new("$set", set);
            if (writes.Infos.TryGetValue(entry.Id, out ConversationInfo? info))
            {
                set.WithInfo(info);
                if (!set.Contains("listed"))
                    update.Add("$unset", new BsonDocument("listed", ""));
            }
            BsonDocument filter = new() { { "_id", DocumentKeys.Of(entry.Id) }, { "seq", new BsonDocument("$lte", entry.Head.Seq) } };
            return new UpdateOneModel<BsonDocument>(filter, update) { IsUpsert = true };
        }));
    }

    /// <summary>The answer to a commit may be lost: asking again is safe and tells.</summary>
    private static void Commit(IClientSessionHandle session)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                session.CommitTransaction();
                return;
            }
            catch (MongoException failure) when (MongoFailures.IsUnknownCommit(failure) && attempt < MostCommits)
            {
                Thread.Sleep(Pause * attempt);
            }
        }
    }

    private static void Abort(IClientSessionHandle session)
    {
        try
        {
            session.AbortTransaction();
        }
        catch (MongoException)
        {
            // It is given up by its time limit then; what failed before is what the caller must hear.
        }
    }
}
