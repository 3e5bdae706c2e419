using CoolChat.User.Accounts;
using CoolChat.User.Adapters.Sqlite;
using CoolChat.User.Registration;
using CoolChat.User.Relations;
using CoolChat.User.Sessions;

namespace CoolChat.ContractTests.User;

/// <summary>A user.db in a folder of its own; instances share the one connection that the file allows.</summary>
internal sealed class UserFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coolchat-user").FullName;

    public UserFile() => Database = New();

    public UserDatabase Database { get; private set; }

    private UserDatabase New() => new(Path.Combine(_folder, "user.db"));

    public UserFile Restart()
    {
        Database.Dispose();
        Database = New();
        return this;
    }

    public void Dispose()
    {
        Database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

public sealed class SqliteAccountsTests : AccountStoreContract, IDisposable
{
    private readonly UserFile _file = new();

    private protected override IAccountStore Open() => new SqliteAccounts(_file.Database);

    private protected override IAccountStore Restart() => new SqliteAccounts(_file.Restart().Database);

    public void Dispose() => _file.Dispose();
}

public sealed class SqliteSessionsTests : SessionStoreContract, IDisposable
{
    private readonly UserFile _file = new();

    private protected override (IAccountStore Accounts, ISessionStore Sessions) Open() =>
        (new SqliteAccounts(_file.Database), new SqliteSessions(_file.Database));

    private protected override (IAccountStore Accounts, ISessionStore Sessions) Restart()
    {
        _file.Restart();
        return Open();
    }

    public void Dispose() => _file.Dispose();
}

public sealed class SqliteRelationsTests : RelationStoreContract, IDisposable
{
    private readonly UserFile _file = new();

    private protected override (IAccountStore Accounts, IRelationStore Relations) Open() =>
        (new SqliteAccounts(_file.Database), new SqliteRelations(_file.Database, Kept));

    private protected override (IAccountStore Accounts, IRelationStore Relations) Restart()
    {
        _file.Restart();
        return Open();
    }

    public void Dispose() => _file.Dispose();
}

public sealed class SqliteServerTests : ServerStoreContract, IDisposable
{
    private readonly UserFile _file = new();

    private protected override IServerStore Open() => new SqliteServer(_file.Database);

    private protected override IServerStore Restart() => new SqliteServer(_file.Restart().Database);

    public void Dispose() => _file.Dispose();
}
