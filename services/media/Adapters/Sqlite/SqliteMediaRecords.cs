using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Engines.Sqlite;

namespace CoolChat.Media.Adapters.Sqlite;

/// <summary>
/// What is known of uploads and objects, in <c>media.db</c>; written by this service only.
/// <code>
/// media  id, owner, file_name, content_type, size, sha256, encrypted, part_size, state (0 open, 1 complete, 2 deleting),
///        created_at, expires_at, completed_at
/// </code>
/// Every row counts towards its owner's quota until its bytes are gone.
/// </summary>
internal sealed class SqliteMediaRecords(SqliteDatabase database) : IMediaRecords
{
    public static readonly IReadOnlyList<string> Migrations =
    [
        """
        CREATE TABLE media (
            id BLOB PRIMARY KEY,
            owner BLOB NOT NULL,
            file_name TEXT NOT NULL,
            content_type TEXT NOT NULL,
            size INTEGER NOT NULL,
            sha256 TEXT,
            encrypted INTEGER NOT NULL,
            part_size INTEGER NOT NULL,
            state INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            completed_at INTEGER) WITHOUT ROWID;
        CREATE INDEX media_owner ON media (owner, id);
        CREATE INDEX media_unfinished ON media (state, expires_at) WHERE state <> 1;
        """,
    ];

    private const string Columns =
        "id, owner, file_name, content_type, size, sha256, encrypted, part_size, state, created_at, expires_at, completed_at";

    public async ValueTask<Refusal?> TryStartAsync(MediaRecord record, int maxOpen, long quota, CancellationToken cancellationToken) =>
        await database.WriteAsync(unit => Start(unit, record, maxOpen, quota), cancellationToken);

    public ValueTask<MediaRecord?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        new(database.Read(unit => unit.Find($"SELECT {Columns} FROM media WHERE id = ?1", Map, id)));

    public async ValueTask<bool> CompleteAsync(MediaRecord record, CancellationToken cancellationToken) =>
        await database.WriteAsync(
            unit => unit.Execute(
                "UPDATE media SET state = 1, content_type = ?2, sha256 = ?3, completed_at = ?4 WHERE id = ?1 AND state = 0",
                record.Id, record.ContentType, record.Sha256, record.CompletedAt),
            cancellationToken) == 1;

    public async ValueTask<bool> MarkDeletingAsync(Guid id, MediaState from, CancellationToken cancellationToken) =>
        await database.WriteAsync(
            unit => unit.Execute("UPDATE media SET state = 2 WHERE id = ?1 AND state = ?2", id, (long)from),
            cancellationToken) == 1;

    public async ValueTask RemoveAsync(Guid id, CancellationToken cancellationToken) =>
        await database.WriteAsync(unit => { unit.Execute("DELETE FROM media WHERE id = ?1 AND state = 2", id); }, cancellationToken);

    public ValueTask<IReadOnlyList<MediaRecord>> ListDoomedAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        new(database.Read(unit => unit.Query(
            $"SELECT {Columns} FROM media WHERE state <> 1 AND (state = 2 OR expires_at <= ?1) LIMIT 1000", Map, now)));

    public ValueTask<IReadOnlyList<MediaRecord>> ListCompleteAsync(DateTimeOffset completedBy, Guid after, int limit, CancellationToken cancellationToken) =>
        new(database.Read(unit => unit.Query(
            $"SELECT {Columns} FROM media WHERE id > ?2 AND state = 1 AND completed_at <= ?1 ORDER BY id LIMIT ?3", Map, completedBy, after, (long)limit)));

    public ValueTask<IReadOnlyList<MediaRecord>> ListOwnedAsync(Guid owner, Guid after, int limit, CancellationToken cancellationToken) =>
        new(database.Read(unit => unit.Query(
            $"SELECT {Columns} FROM media WHERE owner = ?1 AND state <> 2 AND id > ?2 ORDER BY id LIMIT ?3", Map, owner, after, (long)limit)));

    private static Refusal? Start(SqliteUnit unit, MediaRecord record, int maxOpen, long quota)
    {
        long open = unit.Number(
            "SELECT COUNT(*) FROM media WHERE owner = ?1 AND state = 0 AND expires_at > ?2", record.Owner, record.CreatedAt);
        if (open >= maxOpen)
            return new Refusal(ErrorCodes.RateLimited, $"At most {maxOpen} uploads at once: complete or delete one first.");
        long used = unit.Number("SELECT COALESCE(SUM(size), 0) FROM media WHERE owner = ?1", record.Owner);
        if (used + record.Size > quota)
        {
            return new Refusal(ErrorCodes.TooLarge,
                $"That would go over your {quota} bytes of storage; {Math.Max(0, quota - used)} are left.", "size");
        }

        unit.Execute(
            $"INSERT INTO media ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9, ?10, NULL)",
            record.Id, record.Owner, record.FileName, record.ContentType, record.Size, record.Sha256, record.Encrypted,
            record.PartSize, record.CreatedAt, record.ExpiresAt);
        return null;
    }

    private static MediaRecord Map(SqliteRow row) => new()
    {
        Id = row.Id(0),
        Owner = row.Id(1),
        FileName = row.Text(2),
        ContentType = row.Text(3),
        Size = row.Number(4),
        Sha256 = row.TextOrNull(5),
        Encrypted = row.Flag(6),
        PartSize = row.Number(7),
        State = (MediaState)row.Number(8),
        CreatedAt = row.Time(9),
        ExpiresAt = row.Time(10),
        CompletedAt = row.TimeOrNull(11),
    };
}
