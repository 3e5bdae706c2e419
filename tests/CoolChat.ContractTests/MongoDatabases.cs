using System.Collections.Concurrent;
using MongoDB.Driver;

namespace CoolChat.ContractTests;

/// <summary>Databases of a test class on the MongoDB that <see cref="Testing.Engines"/> finds, dropped when its tests are done.</summary>
public sealed class MongoDatabases : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, string> _made = new();

    /// <summary>The connection string of a database of this name; the same name is the same database.</summary>
    public async Task<string> ConnectionStringAsync(string name)
    {
        string address = new MongoUrlBuilder(await Testing.Engines.MongoDbAsync()) { DatabaseName = "test_" + name }.ToString();
        _made[name] = address;
        return address;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (string address in _made.Values)
        {
            using MongoClient client = new(address);
            await client.DropDatabaseAsync(new MongoUrl(address).DatabaseName);
        }
    }
}
