using CoolChat.Contracts.Internal;
using CoolChat.Engines.Sqlite;
using CoolChat.User.Relations;

namespace CoolChat.User.Adapters.Sqlite;

/// <summary>
/// Table <c>relation</c>: (kind, owner, other) with the time of the first noting. <c>block_change</c>: the latest changes of blocks, by version.
/// </summary>
internal sealed class SqliteRelations(UserDatabase database, int keptChanges = IRelationStore.KeptChanges) : IRelationStore
{
    public const string Schema = """
        CREATE TABLE relation(
            kind INTEGER NOT NULL, owner BLOB NOT NULL REFERENCES account(id), other BLOB NOT NULL REFERENCES account(id), since INTEGER NOT NULL,
            PRIMARY KEY(kind, owner, other)) STRICT, WITHOUT ROWID;
        CREATE INDEX relation_other ON relation(other);
        """;

    public const string ChangesSchema = """
        CREATE TABLE block_change(version INTEGER PRIMARY KEY, owner BLOB NOT NULL, other BLOB NOT NULL, blocked INTEGER NOT NULL) STRICT;
        """;

    private readonly SqliteDatabase _sql = database.Sql;

    public async ValueTask<bool> PutAsync(RelationKind kind, Guid owner, Guid other, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        await _sql.WriteAsync(unit =>
        {
            if (unit.Any("SELECT 1 FROM relation WHERE kind = ?1 AND owner = ?2 AND other = ?3", (long)kind, owner, other))
                return true;
            if (unit.Number("SELECT count(*) FROM relation WHERE kind = ?1 AND owner = ?2", (long)kind, owner) >= limit)
                return false;
            unit.Execute("INSERT INTO relation VALUES(?1, ?2, ?3, ?4)", (long)kind, owner, other, now);
            if (kind == RelationKind.Block)
                AddChange(unit, owner, other, isBlocked: true);
            return true;
        }, cancellationToken);

    public async ValueTask<bool> RemoveAsync(RelationKind kind, Guid owner, Guid other, CancellationToken cancellationToken) =>
        await _sql.WriteAsync(unit =>
        {
            bool removed = unit.Execute("DELETE FROM relation WHERE kind = ?1 AND owner = ?2 AND other = ?3", (long)kind, owner, other) == 1;
            if (removed && kind == RelationKind.Block)
                AddChange(unit, owner, other, isBlocked: false);
            return removed;
        }, cancellationToken);

    public ValueTask<bool> HasAsync(RelationKind kind, Guid owner, Guid other, CancellationToken cancellationToken) =>
        new(_sql.Read(unit => unit.Any("SELECT 1 FROM relation WHERE kind = ?1 AND owner = ?2 AND other = ?3", (long)kind, owner, other)));

    public ValueTask<IReadOnlyList<Relation>> ListAsync(RelationKind kind, Guid owner, Guid? after, int limit, CancellationToken cancellationToken) =>
        new(_sql.Read<IReadOnlyList<Relation>>(unit => unit.Query(
            "SELECT other, since FROM relation WHERE kind = ?1 AND owner = ?2 AND other > ?3 ORDER BY other LIMIT ?4",
            static row => new Relation(row.Id(0), row.Time(1)), (long)kind, owner, after ?? Guid.Empty, limit)));

    public ValueTask<IReadOnlyList<Block>> BlocksAsync(Block after, int limit, CancellationToken cancellationToken) =>
        new(_sql.Read<IReadOnlyList<Block>>(unit => unit.Query(
            "SELECT owner, other FROM relation WHERE kind = ?1 AND (owner, other) > (?2, ?3) ORDER BY owner, other LIMIT ?4",
            static row => new Block(row.Id(0), row.Id(1)), (long)RelationKind.Block, after.Blocker, after.Blocked, limit)));

    public ValueTask<BlockChanges> BlockChangesAsync(long version, int limit, CancellationToken cancellationToken) => new(_sql.Read(unit =>
    {
        long last = LastVersion(unit);
        if (version < Math.Max(0, last - keptChanges) || version > last)
            return new BlockChanges { Version = last, Reset = true, Changes = [] };
        List<BlockEntry> changes = unit.Query(
            "SELECT version, owner, other, blocked FROM block_change WHERE version > ?1 ORDER BY version LIMIT ?2",
            static row => new BlockEntry(row.Number(0), row.Id(1), row.Id(2), row.Flag(3)), version, limit);
        return new BlockChanges { Version = changes.Count > 0 ? changes[^1].Version : version, Changes = changes };
    }));

    public async ValueTask ForgetAsync(Guid userId, CancellationToken cancellationToken) => await _sql.WriteAsync(unit =>
    {
        List<Guid> blocked = unit.Query(
            "SELECT other FROM relation WHERE owner = ?1 AND kind = ?2", static row => row.Id(0), userId, (long)RelationKind.Block);
        foreach (Guid other in blocked)
            AddChange(unit, userId, other, isBlocked: false);
        unit.Execute("DELETE FROM relation WHERE owner = ?1", userId);
        unit.Execute("DELETE FROM relation WHERE other = ?1 AND kind = ?2", userId, (long)RelationKind.Contact);
    }, cancellationToken);

    private void AddChange(SqliteUnit unit, Guid owner, Guid other, bool isBlocked)
    {
        long version = LastVersion(unit) + 1;
        unit.Execute("INSERT INTO block_change VALUES(?1, ?2, ?3, ?4)", version, owner, other, isBlocked ? 1L : 0L);
        unit.Execute("DELETE FROM block_change WHERE version <= ?1", version - keptChanges);
    }

    private static long LastVersion(SqliteUnit unit) => unit.Number("SELECT coalesce(max(version), 0) FROM block_change");
}
