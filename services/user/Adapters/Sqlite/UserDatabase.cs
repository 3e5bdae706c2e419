using CoolChat.Engines;
using CoolChat.Engines.Sqlite;
using Microsoft.Extensions.Configuration;

namespace CoolChat.User.Adapters.Sqlite;

/// <summary>
/// The file user.db: accounts, sessions, relations and the server's own secrets. Written by the user service only. Its tables are described on the
/// stores that own them.
/// </summary>
internal sealed class UserDatabase(string path) : IDisposable
{
    public const string FileName = "user.db";

    private static readonly string[] Migrations =
    [
        SqliteAccounts.Schema + SqliteSessions.Schema + SqliteRelations.Schema + SqliteServer.Schema,
        SqliteAccounts.SeenSchema,
        SqliteRelations.ChangesSchema,
    ];

    public UserDatabase(IConfiguration configuration)
        : this(Path.Combine(DataFolder.Of(configuration), FileName))
    {
    }

    public SqliteDatabase Sql { get; } = SqliteDatabase.Open(path, Migrations);

    public void Dispose() => Sql.Dispose();
}
