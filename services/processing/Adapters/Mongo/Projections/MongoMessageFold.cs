using CoolChat.Contracts;
using CoolChat.Conversations.Adapters.Mongo;
using CoolChat.Engines.Mongo;
using CoolChat.Processing.Projections;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.Processing.Adapters.Mongo.Projections;

/// <summary>
/// Folds a batch into documents of messages, which have the fields <c>s</c> (seq) and <c>u</c> (sender): reads at once what the batch speaks of, changes
/// it in memory, and writes each document once, as it is at the end. So a batch costs the same few round trips whatever is in it.
/// </summary>
internal abstract class MongoMessageFold(Family family, long run, IClientSessionHandle session, CancellationToken cancellationToken) : IMessageFold
{
    private readonly Dictionary<BsonBinaryData, BsonDocument> _before = [];
    private readonly Dictionary<BsonBinaryData, BsonDocument?> _now = [];
    private readonly List<BsonDocument> _erased = [];

    protected IClientSessionHandle Session => session;

    protected CancellationToken CancellationToken => cancellationToken;

    protected long Run => run;

    protected CommitPlace Place { get; private set; }

    /// <summary>Messages that the batch changed: what they were, and what they are. Those of <see cref="Erased"/> only as far as the batch spoke of them.</summary>
    protected IEnumerable<(BsonDocument? Before, BsonDocument? After)> Changed => _now.Select(entry => (_before.GetValueOrDefault(entry.Key), entry.Value));

    /// <summary>Filters of what the batch erased altogether, without what <see cref="Changed"/> holds.</summary>
    protected IEnumerable<BsonDocument> Erased => _erased.Select(filter =>
        new BsonDocument(filter).Add("_id", new BsonDocument("$nin", new BsonArray(_now.Keys.Where(_before.ContainsKey)))));

    /// <summary>Adds what a message never changes.</summary>
    protected abstract void Create(BsonDocument document, ChatEvent sent);

    /// <summary>Sets what its body says.</summary>
    protected abstract void Describe(BsonDocument document, MessageBody body);

    public virtual async Task RunAsync(IReadOnlyList<PlacedEvent> events)
    {
        BsonBinaryData[] spokenOf =
        [
            .. events.Where(placed => placed.Event.MessageId is not null || placed.Event.Type == EventTypes.MessageSent)
                .Select(placed => KeyOf(placed.Event.ConversationId, placed.Event.MessageId ?? placed.Event.CommandId)).Distinct(),
        ];
        if (spokenOf.Length > 0)
        {
            foreach (BsonDocument document in await family.Collection.Find(session, family.AnyOf(spokenOf)).ToListAsync(cancellationToken))
                _before[document["_id"].AsBsonBinaryData] = document;
        }
        foreach (PlacedEvent placed in events)
        {
            Place = placed.Place;
            this.Apply(placed.Event);
        }
        await BeforeWritingAsync();
        await WriteAsync();
    }

    public void Add(ChatEvent sent, MessageBody body)
    {
        BsonBinaryData key = KeyOf(sent.ConversationId, sent.MessageId ?? sent.CommandId);
        if (Find(key) is not null)
            return;
        BsonDocument document = family.New(key).Add("r", run).Add("s", sent.Seq).Add("u", MongoValues.Id(sent.Sender));
        Create(document, sent);
        Describe(document, body);
        _now[key] = document;
    }

    public void Replace(ChatEvent edited, Guid message, MessageBody body)
    {
        BsonBinaryData key = KeyOf(edited.ConversationId, message);
        if (Find(key) is not { } known)
            return;
        BsonDocument document = new(known);
        Describe(document, body);
        _now[key] = document;
    }

    public void Remove(Guid conversation, Guid message)
    {
        BsonBinaryData key = KeyOf(conversation, message);
        if (Find(key) is not null)
            _now[key] = null;
    }

    public void RemoveAllOf(Guid conversation, Guid sender, long before)
    {
        (BsonBinaryData scope, BsonBinaryData user) = (MongoValues.Id(conversation), MongoValues.Id(sender));
        BsonBinaryData[] here =
        [
            .. _before.Keys.Concat(_now.Keys).Distinct()
                .Where(key => Find(key) is { } document && document[Family.Scope] == scope && document["u"] == user && document["s"].AsInt64 < before),
        ];
        foreach (BsonBinaryData key in here)
            _now[key] = null;
        _erased.Add(new BsonDocument { { Family.Scope, scope }, { "s", new BsonDocument("$lt", before) }, { "u", user } });
    }

    /// <summary>The store holds what was before still.</summary>
    protected virtual Task BeforeWritingAsync() => Task.CompletedTask;

    private async Task WriteAsync()
    {
        foreach (BsonDocument filter in _erased)
            await family.Collection.DeleteManyAsync(session, filter, cancellationToken: cancellationToken);
        BsonBinaryData[] stale = [.. _now.Keys.Where(_before.ContainsKey)];
        if (stale.Length > 0)
            await family.Collection.DeleteManyAsync(session, family.AnyOf(stale), cancellationToken: cancellationToken);
        BsonDocument[] fresh = [.. _now.Values.OfType<BsonDocument>()];
        if (fresh.Length > 0)
            await family.Collection.InsertManyAsync(session, fresh, new InsertManyOptions { IsOrdered = false }, cancellationToken);
    }

    private BsonDocument? Find(BsonBinaryData key) => _now.TryGetValue(key, out BsonDocument? now) ? now : _before.GetValueOrDefault(key);

    private static BsonBinaryData KeyOf(Guid conversation, Guid message) => DocumentKeys.Of(conversation, message);
}
