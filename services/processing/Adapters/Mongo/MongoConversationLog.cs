using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Adapters.Mongo;
using CoolChat.Conversations.Log;
using CoolChat.Engines.Mongo;
using CoolChat.Processing.Writing;
using MongoDB.Bson;
using MongoDB.Driver;
using Timer = CoolChat.Conversations.Log.Timer;

namespace CoolChat.Processing.Adapters.Mongo;

/// <summary>
/// The log on MongoDB; collections are documented on <see cref="ConversationCollections"/>, the way of committing in
/// docs/decisions/mongo-commits.md. One instance serves one lane of a writer. It remembers the stamp of each partition as it was before anything of the
/// partition was read; a commit, and a batch that only refuses, holds only while those stamps are still the last ones.
/// </summary>
internal sealed class MongoConversationLog(
    ConversationCollections collections, MembershipCache memberships, TimeProvider time, LaneShare? share = null) : IConversationLog
{
    private const int MostMarksLoaded = 50;

    /// <summary>Partition -> its last stamp when this writer began to read it, or its own last commit there.</summary>
    private readonly Dictionary<int, long> _held = [];

    /// <summary>Partitions that the decisions of the current commit rest on.</summary>
    private readonly HashSet<int> _consulted = [];

    private readonly LaneShare _share = share ?? new LaneShare();

    /// <summary>The stamps of the store are known to the clock.</summary>
    private bool _clockIsSet;

    public ConversationCollections Collections => collections;

    /// <summary>What killed writers left behind.</summary>
    public StrandedTransactions Stranded => field ??= new StrandedTransactions(collections, _share);

    public ConversationState? Load(Guid conversationId) => Guarded(() =>
    {
        Consult(conversationId);
        BsonBinaryData id = DocumentKeys.Of(conversationId);
        if (collections.Conversations.Collection.Find(collections.Conversations.At(id)).FirstOrDefault() is not { } document)
            return null;
        ConversationHead head = Documents.Head(document);
        ConversationState state = new()
        {
            Id = conversationId,
            Epoch = head.Epoch,
            Info = Documents.Info(document),
            Seq = head.Seq,
            Ordinal = head.Ordinal,
            AtMs = head.AtMs,
            LastMessageSeq = head.LastMessageSeq,
            HeaderHash = head.HeaderHash,
        };
        FilterDefinition<BsonDocument> members = collections.Members.Between(
            DocumentKeys.Of(conversationId, Guid.Empty), DocumentKeys.Of(conversationId, Guid.AllBitsSet));
        foreach (BsonDocument member in collections.Members.Collection.Find(members).ToEnumerable())
        {
            MemberRecord record = Documents.Member(member);
            state.Members[DocumentKeys.ReadId(member["_id"], 16)] = new MemberState { Role = record.Role, FirstSeq = record.FirstSeq, JoinedSeq = record.JoinedSeq };
        }
        if (state.Members.Count <= MostMarksLoaded)
            LoadMarks(state);
        return state;
    });

    /// <summary>In a small conversation everybody's marks will move soon: one read for all instead of one for each.</summary>
    private void LoadMarks(ConversationState state)
    {
        FilterDefinition<BsonDocument> places = collections.Memberships.AnyOf(state.Members.Keys.Select(user => DocumentKeys.Of(user, state.Id)));
        foreach (BsonDocument place in collections.Memberships.Collection.Find(places).ToEnumerable())
            state.Members[DocumentKeys.ReadId(place["_id"], 0)].Marks = Documents.Marks(place);
    }

    public ICommit Begin() => Guarded(() =>
    {
        _consulted.Clear();
        if (!_clockIsSet)
            _share.Observe(ReadStamps(null).Values.DefaultIfEmpty().Max());
        _clockIsSet = true;
        // Microseconds, so that conversations of different partitions sort by when they changed; counted on where the clock stands still.
        long now = time.GetUtcNow().Ticks / TimeSpan.TicksPerMicrosecond;
        return new MongoCommit(this, _share.Next(now));
    });

    /// <summary>Called by the timers' own thread: touches nothing of the writer's. None are due while the store is away; it is asked again soon.</summary>
    public IReadOnlyList<Timer> DueTimers(long nowMs, int limit)
    {
        FilterDefinition<BsonDocument> due = Builders<BsonDocument>.Filter.Lt("_id", DocumentKeys.Timer(nowMs + 1, Guid.Empty, 0, Guid.Empty));
        try
        {
            return [.. collections.Timers.Collection.Find(due).Sort(new BsonDocument("_id", 1)).Limit(limit).ToEnumerable().Select(ReadTimer)];
        }
        catch (Exception failure) when (MongoFailures.IsAway(failure))
        {
            return [];
        }
    }

    private static Timer ReadTimer(BsonDocument timer) => new(
        DocumentKeys.ReadNumber(timer["_id"], 0),
        (TimerKind)timer["_id"].AsBsonBinaryData.Bytes[24],
        DocumentKeys.ReadId(timer["_id"], 8),
        DocumentKeys.ReadId(timer["_id"], 25),
        DocumentKeys.ReadId(timer["v"], 0));

    /// <summary>A full server says so itself when it is written to.</summary>
    public bool IsFull() => false;

    /// <summary>
    /// The current decisions rest on this conversation. The first time that a partition is met its stamp is read, before anything else of it: that
    /// order is what the compare-and-set of the commit proves.
    /// </summary>
    public void Consult(Guid conversationId)
    {
        int partition = PartitionOf(conversationId);
        _consulted.Add(partition);
        if (_held.ContainsKey(partition))
            return;
        long stamp = ReadStamps([partition])[partition];
        _held[partition] = stamp;
        _share.Observe(stamp);
    }

    /// <summary>Whether the partition was met before: what is read of it now is covered by its stamp.</summary>
    public bool Holds(Guid conversationId) => _held.ContainsKey(PartitionOf(conversationId));

    public int PartitionOf(Guid conversationId) => ConversationIds.Partition(conversationId, collections.Meta.Partitions);

    public IConversationLog Split() => new MongoConversationLog(collections, memberships, time, _share);

    /// <summary>What the commit's writes in a partition compare with.</summary>
    public long Held(int partition) => _held[partition];

    /// <summary>Partitions whose state was used and that the commit doesn't write to.</summary>
    public IReadOnlyCollection<int> OnlyConsulted(IReadOnlySet<int> written) => [.. _consulted.Where(partition => !written.Contains(partition))];

    /// <summary>The commit is durable.</summary>
    public void Committed(long stamp, IReadOnlyCollection<int> partitions, IReadOnlyCollection<(Guid Conversation, Guid User)> changedMembers)
    {
        foreach (int partition in partitions)
            _held[partition] = stamp;
        memberships.Forget(changedMembers);
    }

    /// <summary>Nothing that was read may be used any more.</summary>
    public void Forget()
    {
        _held.Clear();
        _consulted.Clear();
        _clockIsSet = false;
    }

    /// <summary>Stamps of these partitions (null = all) as a majority knows them.</summary>
    public Dictionary<int, long> ReadStamps(IReadOnlyCollection<int>? partitions, IClientSessionHandle? session = null)
    {
        FilterDefinition<BsonDocument> filter = partitions is null
            ? FilterDefinition<BsonDocument>.Empty
            : Builders<BsonDocument>.Filter.In("_id", partitions);
        IFindFluent<BsonDocument, BsonDocument> found = session is null ? collections.Partitions.Find(filter) : collections.Partitions.Find(session, filter);
        return found.ToList().ToDictionary(partition => partition["_id"].AsInt32, partition => partition["stamp"].AsInt64);
    }

    /// <summary>Driver exceptions as the writer knows them.</summary>
    public T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (MongoFailures.IsFull(failure))
        {
            Forget();
            throw new StorageFullException(ErrorCodes.StorageFull, failure);
        }
        catch (Exception failure) when (MongoFailures.IsAway(failure))
        {
            Forget();
            throw new LogUnavailableException("MongoDB does not answer.", failure);
        }
    }
}
