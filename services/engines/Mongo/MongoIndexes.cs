using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.Engines.Mongo;

/// <summary>Indexes of collections.</summary>
public static class MongoIndexes
{
    /// <summary>
    /// Makes an index unless one of that name is there. It looks first: to create even what is there may wait for a transaction on the collection, and one that
    /// a killed process left open lasts a minute.
    /// </summary>
    public static void Ensure(this IMongoCollection<BsonDocument> collection, IndexKeysDefinition<BsonDocument> keys, CreateIndexOptions<BsonDocument> options)
    {
        ArgumentNullException.ThrowIfNull(collection);
        ArgumentNullException.ThrowIfNull(options);
        if (!collection.Indexes.List().ToEnumerable().Any(index => index["name"] == options.Name))
            collection.Indexes.CreateOne(new CreateIndexModel<BsonDocument>(keys, options));
    }
}
