using CoolChat.Engines.Sqlite;
using CoolChat.User.Registration;

namespace CoolChat.User.Adapters.Sqlite;

/// <summary>
/// Tables <c>setting</c>, <c>secret</c>, <c>signing_key</c> (private keys, PKCS #8: the file is readable by the server's user only),
/// <c>registration_invite</c> (codes as SHA-256 hashes) and <c>used_nonce</c>.
/// </summary>
internal sealed class SqliteServer(UserDatabase database) : IServerStore
{
    public const string Schema = """
        CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE secret(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE signing_key(key_id TEXT PRIMARY KEY, pkcs8 BLOB NOT NULL, signs_from INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE registration_invite(
            id BLOB PRIMARY KEY, code_hash BLOB NOT NULL UNIQUE, created_by BLOB NOT NULL, expires_at INTEGER NOT NULL,
            max_uses INTEGER NOT NULL, uses INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
        CREATE TABLE used_nonce(nonce TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX used_nonce_expires ON used_nonce(expires_at);
        """;

    private readonly SqliteDatabase _sql = database.Sql;

    public ValueTask<string?> SettingAsync(string name, CancellationToken cancellationToken) =>
        new(_sql.Read(unit => unit.Find("SELECT value FROM setting WHERE name = ?1", static row => row.Text(0), name)));

    public async ValueTask SetAsync(string name, string? value, CancellationToken cancellationToken) => await _sql.WriteAsync(
        unit => value is null
            ? unit.Execute("DELETE FROM setting WHERE name = ?1", name)
            : unit.Execute("INSERT INTO setting VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET value = excluded.value", name, value),
        cancellationToken);

    public async ValueTask<byte[]> SecretAsync(string name, byte[] fresh, CancellationToken cancellationToken) => await _sql.WriteAsync(unit =>
    {
        unit.Execute("INSERT OR IGNORE INTO secret VALUES(?1, ?2)", name, fresh);
        return unit.Find("SELECT value FROM secret WHERE name = ?1", static row => row.Bytes(0), name)!;
    }, cancellationToken);

    public async ValueTask DropSecretAsync(string name, CancellationToken cancellationToken) =>
        await _sql.WriteAsync(unit => unit.Execute("DELETE FROM secret WHERE name = ?1", name), cancellationToken);

    public ValueTask<IReadOnlyList<StoredKey>> KeysAsync(CancellationToken cancellationToken) =>
        new(_sql.Read<IReadOnlyList<StoredKey>>(static unit => unit.Query(
            "SELECT key_id, pkcs8, signs_from FROM signing_key ORDER BY signs_from DESC, key_id DESC",
            static row => new StoredKey(row.Text(0), row.Bytes(1), row.Time(2)))));

    public async ValueTask<bool> AddKeyAsync(StoredKey key, string? newest, CancellationToken cancellationToken) => await _sql.WriteAsync(unit =>
    {
        string? found = unit.Find("SELECT key_id FROM signing_key ORDER BY signs_from DESC, key_id DESC LIMIT 1", static row => row.Text(0));
        if (found != newest)
            return false;
        unit.Execute("INSERT INTO signing_key VALUES(?1, ?2, ?3)", key.KeyId, key.Pkcs8, key.SignsFrom);
        return true;
    }, cancellationToken);

    public async ValueTask RemoveKeyAsync(string keyId, CancellationToken cancellationToken) =>
        await _sql.WriteAsync(unit => unit.Execute("DELETE FROM signing_key WHERE key_id = ?1", keyId), cancellationToken);

    public async ValueTask AddInviteAsync(RegistrationInvite invite, ReadOnlyMemory<byte> codeHash, CancellationToken cancellationToken) =>
        await _sql.WriteAsync(unit => unit.Execute(
            "INSERT INTO registration_invite VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
            invite.Id, codeHash, invite.CreatedBy, invite.ExpiresAt, (long)invite.MaxUses, (long)invite.Uses), cancellationToken);

    public async ValueTask<bool> TryUseInviteAsync(ReadOnlyMemory<byte> codeHash, DateTimeOffset now, CancellationToken cancellationToken) =>
        await _sql.WriteAsync(
            unit => unit.Execute(
                "UPDATE registration_invite SET uses = uses + 1 WHERE code_hash = ?1 AND expires_at > ?2 AND uses < max_uses", codeHash, now) == 1,
            cancellationToken);

    public ValueTask<IReadOnlyList<RegistrationInvite>> InvitesAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        new(_sql.Read<IReadOnlyList<RegistrationInvite>>(unit => unit.Query(
            "SELECT id, created_by, expires_at, max_uses, uses FROM registration_invite WHERE expires_at > ?1 AND uses < max_uses ORDER BY id DESC LIMIT 200",
            static row => new RegistrationInvite(row.Id(0), row.Id(1), row.Time(2), (int)row.Number(3), (int)row.Number(4)), now)));

    public async ValueTask<bool> RemoveInviteAsync(Guid id, CancellationToken cancellationToken) =>
        await _sql.WriteAsync(unit => unit.Execute("DELETE FROM registration_invite WHERE id = ?1", id) == 1, cancellationToken);

    public async ValueTask<bool> TryUseNonceAsync(string nonce, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        await _sql.WriteAsync(unit => unit.Execute("INSERT OR IGNORE INTO used_nonce VALUES(?1, ?2)", nonce, expiresAt) == 1, cancellationToken);

    public async ValueTask SweepAsync(DateTimeOffset before, CancellationToken cancellationToken) => await _sql.WriteAsync(unit =>
    {
        unit.Execute("DELETE FROM used_nonce WHERE expires_at < ?1", before);
        unit.Execute("DELETE FROM registration_invite WHERE expires_at < ?1", before);
    }, cancellationToken);
}
