using CoolChat.Engines.Sqlite;
using CoolChat.Media;
using CoolChat.Media.Adapters.Sqlite;

namespace CoolChat.ContractTests.Media;

public sealed class SqliteMediaRecordsTests : MediaRecordsContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coolchat-records-").FullName;
    private SqliteDatabase _database;

    public SqliteMediaRecordsTests() => _database = New();

    private SqliteDatabase New() => SqliteDatabase.Open(Path.Combine(_folder, "media.db"), SqliteMediaRecords.Migrations);

    private protected override IMediaRecords Open() => new SqliteMediaRecords(_database);

    private protected override IMediaRecords Restart()
    {
        _database.Dispose();
        _database = New();
        return Open();
    }

    public void Dispose()
    {
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
