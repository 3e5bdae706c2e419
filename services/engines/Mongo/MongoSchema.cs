using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.Engines.Mongo;

/// <summary>Steps of a migration; each can be repeated, and taken by several instances at once.</summary>
public static class MongoSchema
{
    private const int NamespaceExists = 48;

    /// <summary>Makes a collection unless it is there.</summary>
    public static void EnsureCollection(this MongoEngine engine, string name)
    {
        ArgumentNullException.ThrowIfNull(engine);
        try
        {
            engine.Database.CreateCollection(name);
        }
        catch (MongoCommandException failure) when (failure.Code == NamespaceExists)
        {
            // Made by an earlier start, or by another instance at this moment.
        }
    }

    /// <summary>On a sharded cluster spreads a collection by the hash of a field; elsewhere there is nothing to do.</summary>
    public static void EnsureSharded(this MongoEngine engine, IEnumerable<string> collections, string field)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(collections);
        if (engine.Database.RunCommand<BsonDocument>(new BsonDocument("hello", 1)).GetValue("msg", "") != "isdbgrid")
            return;
        IMongoDatabase admin = engine.Client.GetDatabase("admin");
        foreach (string collection in collections)
        {
            admin.RunCommand<BsonDocument>(new BsonDocument
            {
                { "shardCollection", $"{engine.Database.DatabaseNamespace.DatabaseName}.{collection}" },
                { "key", new BsonDocument(field, "hashed") },
            });
        }
    }
}
