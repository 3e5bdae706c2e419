using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.Conversations.Adapters.Mongo;

/// <summary>
/// A collection whose documents have a binary <c>_id</c> and, where it can be sharded, a field <c>c</c>: the conversation, person or object that the
/// document belongs to, which the id holds too. Filters name both, so that a sharded cluster asks one shard.
/// </summary>
internal sealed class Family(IMongoCollection<BsonDocument> collection, bool scoped = true, int scopeAt = 0)
{
    private static readonly FilterDefinitionBuilder<BsonDocument> Filter = Builders<BsonDocument>.Filter;

    public const string Scope = "c";

    public IMongoCollection<BsonDocument> Collection { get; } = collection;

    public bool Scoped { get; } = scoped;

    /// <summary>A document with nothing but its key.</summary>
    public BsonDocument New(BsonBinaryData key) => Scoped ? new BsonDocument { { "_id", key }, { Scope, ScopeOf(key) } } : new BsonDocument("_id", key);

    public FilterDefinition<BsonDocument> At(BsonBinaryData key) => Scoped
        ? new BsonDocument { { "_id", key }, { Scope, ScopeOf(key) } }
        : new BsonDocument("_id", key);

    public FilterDefinition<BsonDocument> AnyOf(IEnumerable<BsonBinaryData> keys)
    {
        BsonBinaryData[] all = [.. keys];
        BsonDocument filter = new("_id", new BsonDocument("$in", new BsonArray(all)));
        if (Scoped)
            filter.Add(Scope, new BsonDocument("$in", new BsonArray(all.Select(ScopeOf).Distinct())));
        return filter;
    }

    /// <summary>Ids from <paramref name="from"/> to <paramref name="to"/>, both of one scope, both included.</summary>
    public FilterDefinition<BsonDocument> Between(BsonBinaryData from, BsonBinaryData to)
    {
        BsonDocument filter = new("_id", new BsonDocument { { "$gte", from }, { "$lte", to } });
        if (Scoped)
            filter.Add(Scope, ScopeOf(from));
        return filter;
    }

    /// <summary>Documents of any of the ranges.</summary>
    public FilterDefinition<BsonDocument> Between(IEnumerable<(BsonBinaryData From, BsonBinaryData To)> ranges) =>
        Filter.Or(ranges.Select(range => Between(range.From, range.To)));

    private BsonBinaryData ScopeOf(BsonBinaryData key) => new(key.Bytes.AsSpan(scopeAt, 16).ToArray());
}
