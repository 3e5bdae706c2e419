using System.Security.Cryptography;
using CoolChat.Engines.Sqlite;
using CoolChat.User.Sessions;

namespace CoolChat.User.Adapters.Sqlite;

/// <summary>Table <c>session</c>: one row a session, ended ones until they are swept; refresh tokens as SHA-256 hashes.</summary>
internal sealed class SqliteSessions(UserDatabase database) : ISessionStore
{
    public const string Schema = """
        CREATE TABLE session(
            id BLOB PRIMARY KEY, account BLOB NOT NULL REFERENCES account(id), device_id BLOB NOT NULL, device TEXT NOT NULL, address TEXT NOT NULL,
            created_at INTEGER NOT NULL, last_seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, ended_at INTEGER,
            refresh_hash BLOB NOT NULL, parent_hash BLOB, rotated_at INTEGER) STRICT, WITHOUT ROWID;
        CREATE INDEX session_account ON session(account);
        CREATE INDEX session_ended ON session(ended_at) WHERE ended_at IS NOT NULL;
        CREATE INDEX session_expires ON session(expires_at);
        """;

    private const string Select =
        "SELECT id, account, device_id, device, address, created_at, last_seen_at, expires_at, ended_at FROM session";

    private readonly SqliteDatabase _sql = database.Sql;

    public async ValueTask AddAsync(Session session, ReadOnlyMemory<byte> refreshHash, CancellationToken cancellationToken) =>
        await _sql.WriteAsync(unit => unit.Execute(
            """
            INSERT INTO session(id, account, device_id, device, address, created_at, last_seen_at, expires_at, refresh_hash)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """,
            session.Id, session.UserId, session.DeviceId, session.Device, session.Address, session.CreatedAt, session.LastSeenAt, session.ExpiresAt,
            refreshHash), cancellationToken);

    public ValueTask<Session?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        new(_sql.Read(unit => unit.Find(Select + " WHERE id = ?1", Map, id)));

    public ValueTask<IReadOnlyList<Session>> ListAsync(Guid userId, DateTimeOffset now, CancellationToken cancellationToken) =>
        new(_sql.Read<IReadOnlyList<Session>>(unit => unit.Query(
            Select + " WHERE account = ?1 AND ended_at IS NULL AND expires_at > ?2 ORDER BY last_seen_at DESC, id DESC", Map, userId, now)));

    public async ValueTask<RotateOutcome> RotateAsync(Rotation rotation, CancellationToken cancellationToken) =>
        await _sql.WriteAsync(unit =>
        {
            Tokens? tokens = unit.Find(
                "SELECT refresh_hash, parent_hash, rotated_at FROM session WHERE id = ?1 AND ended_at IS NULL AND expires_at > ?2",
                static row => new Tokens(row.Bytes(0), row.BytesOrNull(1), row.TimeOrNull(2)), rotation.SessionId, rotation.Now);
            if (tokens is null)
                return RotateOutcome.Ended;
            if (Same(tokens.Current, rotation.Presented))
            {
                unit.Execute(
                    "UPDATE session SET refresh_hash = ?2, parent_hash = refresh_hash, rotated_at = ?3, last_seen_at = ?3, expires_at = ?4 WHERE id = ?1",
                    rotation.SessionId, rotation.Successor, rotation.Now, rotation.ExpiresAt);
                return RotateOutcome.Rotated;
            }
            if (Same(tokens.Parent, rotation.Presented) && rotation.Now - tokens.RotatedAt <= rotation.Overlap)
                return RotateOutcome.Repeated;
            unit.Execute("UPDATE session SET ended_at = ?2 WHERE id = ?1", rotation.SessionId, rotation.Now);
            return RotateOutcome.Reused;
        }, cancellationToken);

    public async ValueTask<bool> EndAsync(Guid userId, Guid id, DateTimeOffset now, CancellationToken cancellationToken) =>
        await _sql.WriteAsync(
            unit => unit.Execute("UPDATE session SET ended_at = ?3 WHERE id = ?1 AND account = ?2 AND ended_at IS NULL", id, userId, now) == 1,
            cancellationToken);

    public async ValueTask<IReadOnlyList<Guid>> EndAllAsync(Guid userId, Guid? except, DateTimeOffset now, CancellationToken cancellationToken) =>
        await _sql.WriteAsync<IReadOnlyList<Guid>>(
            unit => unit.Query("UPDATE session SET ended_at = ?3 WHERE account = ?1 AND id IS NOT ?2 AND ended_at IS NULL RETURNING id",
                static row => row.Id(0), userId, except, now),
            cancellationToken);

    public ValueTask<IReadOnlyList<Guid>> EndedSinceAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        new(_sql.Read<IReadOnlyList<Guid>>(unit => unit.Query("SELECT id FROM session WHERE ended_at >= ?1", static row => row.Id(0), since)));

    public async ValueTask SweepAsync(DateTimeOffset before, CancellationToken cancellationToken) => await _sql.WriteAsync(unit =>
    {
        unit.Execute("DELETE FROM session WHERE ended_at < ?1", before);
        unit.Execute("DELETE FROM session WHERE expires_at < ?1", before);
    }, cancellationToken);

    public async ValueTask ForgetAsync(Guid userId, CancellationToken cancellationToken) =>
        await _sql.WriteAsync(
            unit => unit.Execute("UPDATE session SET device = '', address = '' WHERE account = ?1 AND ended_at IS NOT NULL", userId), cancellationToken);

    private static bool Same(byte[]? stored, ReadOnlyMemory<byte> presented) =>
        stored is not null && CryptographicOperations.FixedTimeEquals(stored, presented.Span);

    private static Session Map(SqliteRow row) => new()
    {
        Id = row.Id(0),
        UserId = row.Id(1),
        DeviceId = row.Id(2),
        Device = row.Text(3),
        Address = row.Text(4),
        CreatedAt = row.Time(5),
        LastSeenAt = row.Time(6),
        ExpiresAt = row.Time(7),
        EndedAt = row.TimeOrNull(8),
    };

    private sealed record Tokens(byte[] Current, byte[]? Parent, DateTimeOffset? RotatedAt);
}
