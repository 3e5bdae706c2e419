using CoolChat.Contracts.Internal;
using CoolChat.Engines;
using CoolChat.Engines.Sqlite;
using Xunit;

namespace CoolChat.UnitTests.Engines;

public sealed class SqliteDatabaseTests : IDisposable
{
    private static readonly string[] Schema = ["CREATE TABLE item(id BLOB PRIMARY KEY, name TEXT NOT NULL) STRICT"];
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly string _folder = Directory.CreateTempSubdirectory("coolchat-sqlite").FullName;

    private string File => Path.Combine(_folder, "test.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static int Insert(SqliteUnit unit, Guid id, string name) => unit.Execute("INSERT INTO item VALUES(?1, ?2)", id, name);

    private static long Count(SqliteDatabase database) => database.Read(static unit => unit.Number("SELECT count(*) FROM item"));

    [Fact]
    public async Task WriteAsync_Committed_IsThereAfterReopening()
    {
        Guid id = Guid.CreateVersion7();
        using (SqliteDatabase first = SqliteDatabase.Open(File, Schema))
            await first.WriteAsync(unit => Insert(unit, id, "name"), None);
        using SqliteDatabase second = SqliteDatabase.Open(File, Schema);
        Assert.Equal("name", second.Read(unit => unit.Find("SELECT name FROM item WHERE id = ?1", static row => row.Text(0), id)));
    }

    [Fact]
    public async Task WriteAsync_OneOfABatchThrows_OnlyThatOneIsUndone()
    {
        using SqliteDatabase database = SqliteDatabase.Open(File, Schema);
        using ManualResetEventSlim begun = new();
        using ManualResetEventSlim go = new();
        Task blocker = database.WriteAsync(_ => { begun.Set(); go.Wait(); }, None);
        begun.Wait(None);
        Task[] writes = [.. Enumerable.Range(0, 20).Select(i => database.WriteAsync(unit =>
        {
            Insert(unit, Guid.CreateVersion7(), "n");
            if (i == 7)
                throw new InvalidOperationException("7");
        }, None))];
        go.Set();
        await blocker;
        await Assert.ThrowsAsync<InvalidOperationException>(() => Task.WhenAll(writes));
        Assert.Equal(19, Count(database));
        Assert.Equal(19, writes.Count(static write => write.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task WriteAsync_CancelledBeforeItBegan_WritesNothing()
    {
        using SqliteDatabase database = SqliteDatabase.Open(File, Schema);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => database.WriteAsync(unit => Insert(unit, Guid.CreateVersion7(), "n"), new CancellationToken(canceled: true)));
        Assert.Equal(0, Count(database));
    }

    [Fact]
    public async Task Read_DuringAWrite_SeesOneState()
    {
        using SqliteDatabase database = SqliteDatabase.Open(File, Schema);
        await database.WriteAsync(unit => Insert(unit, Guid.CreateVersion7(), "n"), None);
        (long before, long after) = database.Read(unit =>
        {
            long first = unit.Number("SELECT count(*) FROM item");
            database.WriteAsync(other => Insert(other, Guid.CreateVersion7(), "n"), None).GetAwaiter().GetResult();
            return (first, unit.Number("SELECT count(*) FROM item"));
        });
        Assert.Equal((1, 1), (before, after));
        Assert.Equal(2, Count(database));
    }

    [Fact]
    public void Read_ThatWrites_IsRefused()
    {
        using SqliteDatabase database = SqliteDatabase.Open(File, Schema);
        Assert.Throws<Microsoft.Data.Sqlite.SqliteException>(() => database.Read(static unit => Insert(unit, Guid.CreateVersion7(), "n")));
    }

    [Fact]
    public void Open_Twice_SecondSaysWhoHoldsIt()
    {
        using SqliteDatabase database = SqliteDatabase.Open(File, Schema);
        EngineStartException refused = Assert.Throws<EngineStartException>(() => SqliteDatabase.Open(File, Schema));
        Assert.Contains("another CoolChat uses this folder", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NewerVersion_RefusesAndLeavesTheFileAlone()
    {
        SqliteDatabase.Open(File, [.. Schema, "CREATE TABLE later(id INTEGER)"]).Dispose();
        byte[] before = System.IO.File.ReadAllBytes(File);
        EngineStartException refused = Assert.Throws<EngineStartException>(() => SqliteDatabase.Open(File, Schema));
        Assert.Contains("newer CoolChat", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Equal(before, System.IO.File.ReadAllBytes(File));
    }

    [Fact]
    public void Open_NotADatabase_SaysThatItIsDamaged()
    {
        System.IO.File.WriteAllText(File, new string('x', 5000));
        EngineStartException refused = Assert.Throws<EngineStartException>(() => SqliteDatabase.Open(File, Schema));
        Assert.Contains("damaged", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OlderVersion_Migrates()
    {
        SqliteDatabase.Open(File, Schema).Dispose();
        using SqliteDatabase database = SqliteDatabase.Open(File, [.. Schema, "CREATE TABLE later(id INTEGER); INSERT INTO later VALUES(3)"]);
        Assert.Equal(3, database.Read(static unit => unit.Number("SELECT id FROM later")));
    }

    [Fact]
    public async Task WriteAsync_DiskFull_IsRefusedAndRecovers()
    {
        using SqliteDatabase database = SqliteDatabase.Open(File, Schema);
        long pages = await database.WriteAsync(static unit => unit.Number("PRAGMA page_count"), None);
        await database.WriteAsync(unit => unit.Execute($"PRAGMA max_page_count = {pages + 2}"), None);
        RefusedException refused = await Assert.ThrowsAsync<RefusedException>(
            () => database.WriteAsync(static unit => Insert(unit, Guid.CreateVersion7(), new string('x', 100_000)), None));
        Assert.Equal("storage_full", refused.Refusal.Code);
        Assert.Equal(0, Count(database));
        await database.WriteAsync(static unit => unit.Execute("PRAGMA max_page_count = 1000000"), None);
        await database.WriteAsync(static unit => Insert(unit, Guid.CreateVersion7(), new string('x', 100_000)), None);
        Assert.Equal(1, Count(database));
    }

    [Fact]
    public async Task BackUp_WhileOpen_CopiesEverything()
    {
        string copy = Path.Combine(_folder, "copy.db");
        using SqliteDatabase database = SqliteDatabase.Open(File, Schema);
        await database.WriteAsync(unit => Insert(unit, Guid.CreateVersion7(), "n"), None);
        database.BackUp(copy);
        using SqliteDatabase opened = SqliteDatabase.Open(copy, Schema);
        Assert.Equal(1, Count(opened));
        Assert.True(OperatingSystem.IsWindows() || System.IO.File.GetUnixFileMode(copy) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }
}
