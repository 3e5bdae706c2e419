using Microsoft.Extensions.Configuration;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.Engines.Mongo;

/// <summary>
/// The connection to MongoDB: a replica set or a sharded cluster, for transactions. Writes are acknowledged by a majority with its journal,
/// reads see what a majority has, unless an operation says otherwise.
/// </summary>
public sealed class MongoEngine : IDisposable
{
    /// <summary>Configuration key of the connection string; it names the database too (by default <c>coolchat</c>).</summary>
    public const string ConnectionStringKey = "ConnectionStrings:mongodb";

    private const string DefaultDatabase = "coolchat";
    private const int MostPartitions = 64;

    private readonly MongoClient _client;

    private MongoEngine(MongoClient client, IMongoDatabase database, MongoOptions options)
    {
        _client = client;
        Database = database;
        Options = options;
    }

    /// <summary>How it is used.</summary>
    public MongoOptions Options { get; }

    /// <summary>The one database of this deployment.</summary>
    public IMongoDatabase Database { get; }

    /// <summary>For sessions.</summary>
    public IMongoClient Client => _client;

    /// <summary>What every commit that must not be lost is written with.</summary>
    public static WriteConcern Durable { get; } = WriteConcern.WMajority.With(journal: true);

    /// <summary>Reads the configuration; connecting happens with the first operation.</summary>
    /// <exception cref="EngineStartException">A key is missing or wrong: names it.</exception>
    public static MongoEngine Open(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        string? address = configuration[ConnectionStringKey];
        if (string.IsNullOrWhiteSpace(address))
            throw new EngineStartException($"{ConnectionStringKey} is not set: name the MongoDB replica set, for example mongodb://host:27017/coolchat?replicaSet=rs0.");
        MongoOptions options = ReadOptions(configuration);
        if (options.Partitions is < 1 or > MostPartitions)
            throw new EngineStartException($"{MongoOptions.Section}:{nameof(MongoOptions.Partitions)} is 1 to {MostPartitions}.");
        if (options.TimeoutSeconds is < 1 or > 300)
            throw new EngineStartException($"{MongoOptions.Section}:{nameof(MongoOptions.TimeoutSeconds)} is 1 to 300.");
        try
        {
            MongoUrl url = new(address);
            MongoClient client = new(Settings(url, options));
            return new MongoEngine(client, client.GetDatabase(url.DatabaseName ?? DefaultDatabase), options);
        }
        catch (Exception failure) when (failure is MongoConfigurationException or ArgumentException)
        {
            // The driver's message may quote the address, and with it a password.
            throw new EngineStartException($"{ConnectionStringKey} is not a MongoDB connection string (mongodb://... or mongodb+srv://...).");
        }
    }

    /// <summary>A collection of documents as they are; ids are always the caller's.</summary>
    public IMongoCollection<BsonDocument> Collection(string name) =>
        Database.GetCollection<BsonDocument>(name, new MongoCollectionSettings { AssignIdOnInsert = false });

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static MongoOptions ReadOptions(IConfiguration configuration)
    {
        try
        {
            return configuration.GetSection(MongoOptions.Section).Get<MongoOptions>() ?? new MongoOptions();
        }
        catch (InvalidOperationException failure)
        {
            // Names the key.
            throw new EngineStartException(failure.Message, failure);
        }
    }

    private static MongoClientSettings Settings(MongoUrl url, MongoOptions options)
    {
        MongoClientSettings settings = MongoClientSettings.FromUrl(url);
        TimeSpan timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
        settings.ApplicationName ??= "CoolChat";
        settings.ServerSelectionTimeout = timeout;
        settings.ConnectTimeout = timeout;
        settings.WaitQueueTimeout = timeout;
        settings.WriteConcern = Durable;
        settings.ReadConcern = ReadConcern.Majority;
        return settings;
    }
}
