using CoolChat.Engines.Mongo;
using CoolChat.User.Accounts;
using CoolChat.User.Adapters.Mongo;
using CoolChat.User.Registration;
using CoolChat.User.Relations;
using CoolChat.User.Sessions;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace CoolChat.ContractTests.User;

/// <summary>The user service's collections in a database of their own.</summary>
internal sealed class MongoUserDatabase(MongoDatabases databases) : IDisposable
{
    private readonly string _name = Guid.NewGuid().ToString("N");
    private readonly List<MongoEngine> _engines = [];
    private IConfiguration? _configuration;

    public async ValueTask InitializeAsync()
    {
        _configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new(MongoEngine.ConnectionStringKey, await databases.ConnectionStringAsync(_name))])
            .Build();
        Open().Migrate();
    }

    /// <summary>Another instance.</summary>
    public UserCollections Open()
    {
        MongoEngine engine = MongoEngine.Open(_configuration!);
        _engines.Add(engine);
        return new UserCollections(engine);
    }

    public UserCollections Restart()
    {
        Dispose();
        UserCollections opened = Open();
        opened.Migrate();
        return opened;
    }

    public void Dispose()
    {
        _engines.ForEach(static engine => engine.Dispose());
        _engines.Clear();
    }
}

public sealed class MongoAccountsTests(MongoDatabases databases) : AccountStoreContract, IClassFixture<MongoDatabases>, IAsyncLifetime
{
    private readonly MongoUserDatabase _database = new(databases);

    public ValueTask InitializeAsync() => _database.InitializeAsync();

    private protected override IAccountStore Open() => new MongoAccounts(_database.Open());

    private protected override IAccountStore Restart() => new MongoAccounts(_database.Restart());

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class MongoSessionsTests(MongoDatabases databases) : SessionStoreContract, IClassFixture<MongoDatabases>, IAsyncLifetime
{
    private readonly MongoUserDatabase _database = new(databases);

    public ValueTask InitializeAsync() => _database.InitializeAsync();

    private protected override (IAccountStore Accounts, ISessionStore Sessions) Open() => Stores(_database.Open());

    private protected override (IAccountStore Accounts, ISessionStore Sessions) Restart() => Stores(_database.Restart());

    private static (IAccountStore, ISessionStore) Stores(UserCollections collections) => (new MongoAccounts(collections), new MongoSessions(collections));

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class MongoRelationsTests(MongoDatabases databases) : RelationStoreContract, IClassFixture<MongoDatabases>, IAsyncLifetime
{
    private readonly MongoUserDatabase _database = new(databases);

    public ValueTask InitializeAsync() => _database.InitializeAsync();

    private protected override (IAccountStore Accounts, IRelationStore Relations) Open() => Stores(_database.Open());

    private protected override (IAccountStore Accounts, IRelationStore Relations) Restart() => Stores(_database.Restart());

    private static (IAccountStore, IRelationStore) Stores(UserCollections collections) => (new MongoAccounts(collections), new MongoRelations(collections, Kept));

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class MongoServerTests(MongoDatabases databases) : ServerStoreContract, IClassFixture<MongoDatabases>, IAsyncLifetime
{
    private readonly MongoUserDatabase _database = new(databases);

    public ValueTask InitializeAsync() => _database.InitializeAsync();

    private protected override IServerStore Open() => new MongoServer(_database.Open());

    private protected override IServerStore Restart() => new MongoServer(_database.Restart());

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        return ValueTask.CompletedTask;
    }
}
