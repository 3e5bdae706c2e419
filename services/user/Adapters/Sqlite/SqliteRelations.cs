using CoolChat.Engines.Sqlite;
using CoolChat.User.Relations;

namespace CoolChat.User.Adapters.Sqlite;

/// <summary>Table <c>relation</c>: (kind, owner, other) with the time of the first noting.</summary>
internal sealed class SqliteRelations(UserDatabase database) : IRelationStore
{
    public const string Schema = """
        CREATE TABLE relation(
            kind INTEGER NOT NULL, owner BLOB NOT NULL REFERENCES account(id), other BLOB NOT NULL REFERENCES account(id), since INTEGER NOT NULL,
            PRIMARY KEY(kind, owner, other)) STRICT, WITHOUT ROWID;
        CREATE INDEX relation_other ON relation(other);
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
            return true;
        }, cancellationToken);

    public async ValueTask<bool> RemoveAsync(RelationKind kind, Guid owner, Guid other, CancellationToken cancellationToken) =>
        await _sql.WriteAsync(
            unit => unit.Execute("DELETE FROM relation WHERE kind = ?1 AND owner = ?2 AND other = ?3", (long)kind, owner, other) == 1,
            cancellationToken);

    public ValueTask<bool> HasAsync(RelationKind kind, Guid owner, Guid other, CancellationToken cancellationToken) =>
        new(_sql.Read(unit => unit.Any("SELECT 1 FROM relation WHERE kind = ?1 AND owner = ?2 AND other = ?3", (long)kind, owner, other)));

    public ValueTask<IReadOnlyList<Relation>> ListAsync(RelationKind kind, Guid owner, Guid? after, int limit, CancellationToken cancellationToken) =>
        new(_sql.Read<IReadOnlyList<Relation>>(unit => unit.Query(
            "SELECT other, since FROM relation WHERE kind = ?1 AND owner = ?2 AND other > ?3 ORDER BY other LIMIT ?4",
            static row => new Relation(row.Id(0), row.Time(1)), (long)kind, owner, after ?? Guid.Empty, limit)));

    public ValueTask<IReadOnlyList<(Guid Owner, Guid Other)>> AllAsync(RelationKind kind, CancellationToken cancellationToken) =>
        new(_sql.Read<IReadOnlyList<(Guid, Guid)>>(unit => unit.Query(
            "SELECT owner, other FROM relation WHERE kind = ?1", static row => (row.Id(0), row.Id(1)), (long)kind)));

    public async ValueTask ForgetAsync(Guid userId, CancellationToken cancellationToken) => await _sql.WriteAsync(unit =>
    {
        unit.Execute("DELETE FROM relation WHERE owner = ?1", userId);
        unit.Execute("DELETE FROM relation WHERE other = ?1 AND kind = ?2", userId, (long)RelationKind.Contact);
    }, cancellationToken);
}
