using CoolChat.Engines.Sqlite;
using CoolChat.User.Accounts;

namespace CoolChat.User.Adapters.Sqlite;

/// <summary>
/// Tables: <c>account</c> (one row a person, tombstones included), <c>wallet</c> (key = <see cref="WalletId.Key"/>, unique on the server),
/// <c>account_name</c> (the folded name from each word on, for search; active people only), <c>erasure</c> (deletions that other services still
/// have to carry out).
/// </summary>
internal sealed class SqliteAccounts(UserDatabase database) : IAccountStore
{
    public const string Schema = """
        CREATE TABLE account(
            id BLOB PRIMARY KEY, created_at INTEGER NOT NULL, activated_at INTEGER, deleted_at INTEGER,
            server_role TEXT, suspended INTEGER NOT NULL DEFAULT 0,
            display_name TEXT, bio TEXT, status_text TEXT, status_emoji TEXT, status_until INTEGER,
            language TEXT, time_zone TEXT, avatar BLOB) STRICT, WITHOUT ROWID;
        CREATE INDEX account_avatar ON account(avatar) WHERE avatar IS NOT NULL;
        CREATE INDEX account_role ON account(server_role) WHERE server_role IS NOT NULL;
        CREATE TABLE wallet(
            key TEXT PRIMARY KEY, account BLOB NOT NULL REFERENCES account(id), address TEXT NOT NULL, chain TEXT,
            is_primary INTEGER NOT NULL, linked_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX wallet_account ON wallet(account);
        CREATE UNIQUE INDEX wallet_primary ON wallet(account) WHERE is_primary = 1;
        CREATE TABLE account_name(key TEXT NOT NULL, account BLOB NOT NULL REFERENCES account(id), PRIMARY KEY(key, account)) STRICT, WITHOUT ROWID;
        CREATE INDEX account_name_account ON account_name(account);
        CREATE TABLE erasure(account BLOB PRIMARY KEY, erase_messages INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        """;

    /// <summary>Second migration.</summary>
    public const string SeenSchema = "ALTER TABLE account ADD COLUMN last_seen INTEGER;";

    private const string Select = """
        SELECT a.id, a.created_at, a.activated_at, a.deleted_at, a.server_role, a.suspended, a.display_name, a.bio, a.status_text, a.status_emoji,
            a.status_until, a.language, a.time_zone, a.avatar, w.address, w.chain
        FROM account a LEFT JOIN wallet w ON w.account = a.id AND w.is_primary = 1
        """;

    /// <summary>
    /// Both halves walk an index from the cursor on and stop after a page, however many match. A person stands where their first matching name key is,
    /// or, when no word of the name matches, their first matching wallet.
    /// </summary>
    private const string Search = """
        SELECT key, account FROM (
            SELECT * FROM (
                SELECT n.key, n.account FROM account_name n JOIN account a ON a.id = n.account
                WHERE n.key >= ?1 AND n.key < ?2 AND (n.key, n.account) > (?3, ?4)
                    AND a.activated_at IS NOT NULL AND a.deleted_at IS NULL AND a.suspended = 0
                    AND NOT EXISTS (SELECT 1 FROM account_name e WHERE e.account = n.account AND e.key >= ?1 AND e.key < n.key)
                ORDER BY n.key, n.account LIMIT ?5)
            UNION ALL SELECT * FROM (
                SELECT w.key, w.account FROM wallet w JOIN account a ON a.id = w.account
                WHERE w.key >= ?1 AND w.key < ?2 AND (w.key, w.account) > (?3, ?4)
                    AND a.activated_at IS NOT NULL AND a.deleted_at IS NULL AND a.suspended = 0
                    AND NOT EXISTS (SELECT 1 FROM account_name e WHERE e.account = w.account AND e.key >= ?1 AND e.key < ?2)
                    AND NOT EXISTS (SELECT 1 FROM wallet e WHERE e.account = w.account AND e.key >= ?1 AND e.key < w.key)
                ORDER BY w.key, w.account LIMIT ?5))
        ORDER BY key, account LIMIT ?5
        """;

    private readonly SqliteDatabase _sql = database.Sql;

    public ValueTask<Account?> FindAsync(Guid id, CancellationToken cancellationToken) => new(_sql.Read(unit => Find(unit, id)));

    public ValueTask<IReadOnlyList<Account>> FindManyAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        new(_sql.Read<IReadOnlyList<Account>>(unit => [.. ids.Distinct().Select(id => Find(unit, id)).OfType<Account>()]));

    public ValueTask<Account?> FindByWalletAsync(WalletId wallet, CancellationToken cancellationToken) =>
        new(_sql.Read(unit => FindByWallet(unit, wallet)));

    public async ValueTask<Account> EnsureAsync(WalletId wallet, DateTimeOffset now, CancellationToken cancellationToken) =>
        await FindByWalletAsync(wallet, cancellationToken) ?? await _sql.WriteAsync(unit =>
        {
            if (FindByWallet(unit, wallet) is { } raced)
                return raced;
            Guid id = Guid.CreateVersion7(now);
            unit.Execute("INSERT INTO account(id, created_at) VALUES(?1, ?2)", id, now);
            unit.Execute("INSERT INTO wallet VALUES(?1, ?2, ?3, ?4, 1, ?5)", wallet.Key, id, wallet.Address, wallet.Chain, now);
            return Find(unit, id)!;
        }, cancellationToken);

    public async ValueTask ActivateAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken) => await _sql.WriteAsync(
        unit => unit.Execute("UPDATE account SET activated_at = ?2 WHERE id = ?1 AND activated_at IS NULL AND deleted_at IS NULL", id, now),
        cancellationToken);

    public async ValueTask<Account?> ChangeProfileAsync(Guid id, Func<Profile, Profile> change, CancellationToken cancellationToken) =>
        await _sql.WriteAsync(unit =>
        {
            if (Find(unit, id) is not { Deleted: false } account)
                return null;
            Profile next = change(account.Profile);
            unit.Execute(
                """
                UPDATE account SET display_name = ?2, bio = ?3, status_text = ?4, status_emoji = ?5, status_until = ?6, language = ?7, time_zone = ?8,
                    avatar = ?9 WHERE id = ?1
                """,
                id, next.DisplayName, next.Bio, next.StatusText, next.StatusEmoji, next.StatusUntil, next.Language, next.TimeZone, next.Avatar);
            if (next.DisplayName != account.Profile.DisplayName)
                Rename(unit, id, next.DisplayName);
            return account with { Profile = next };
        }, cancellationToken);

    public ValueTask<IReadOnlyList<Wallet>> WalletsAsync(Guid id, CancellationToken cancellationToken) =>
        new(_sql.Read<IReadOnlyList<Wallet>>(unit => unit.Query(
            "SELECT address, chain, is_primary, linked_at FROM wallet WHERE account = ?1 ORDER BY linked_at, key",
            static row => new Wallet(new WalletId(row.Text(0), row.TextOrNull(1)), row.Flag(2), row.Time(3)), id)));

    public async ValueTask<LinkOutcome> LinkAsync(Guid id, WalletId wallet, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        await _sql.WriteAsync(unit =>
        {
            if (FindByWallet(unit, wallet) is { } holder)
                return holder.Id == id ? LinkOutcome.AlreadyYours : holder.Waiting ? LinkOutcome.Awaited : LinkOutcome.Taken;
            if (Find(unit, id) is not { Deleted: false })
                return LinkOutcome.NoAccount;
            if (unit.Number("SELECT count(*) FROM wallet WHERE account = ?1", id) >= limit)
                return LinkOutcome.TooMany;
            unit.Execute("INSERT INTO wallet VALUES(?1, ?2, ?3, ?4, 0, ?5)", wallet.Key, id, wallet.Address, wallet.Chain, now);
            return LinkOutcome.Linked;
        }, cancellationToken);

    public async ValueTask<UnlinkOutcome> UnlinkAsync(Guid id, WalletId wallet, CancellationToken cancellationToken) =>
        await _sql.WriteAsync(unit =>
        {
            if (!unit.Any("SELECT 1 FROM wallet WHERE key = ?1 AND account = ?2", wallet.Key, id))
                return UnlinkOutcome.NotFound;
            if (unit.Number("SELECT count(*) FROM wallet WHERE account = ?1", id) == 1)
                return UnlinkOutcome.Last;
            unit.Execute("DELETE FROM wallet WHERE key = ?1 AND account = ?2", wallet.Key, id);
            unit.Execute(
                """
                UPDATE wallet SET is_primary = 1
                WHERE key = (SELECT key FROM wallet WHERE account = ?1 ORDER BY linked_at, key LIMIT 1)
                    AND NOT EXISTS (SELECT 1 FROM wallet WHERE account = ?1 AND is_primary = 1)
                """, id);
            return UnlinkOutcome.Removed;
        }, cancellationToken);

    public async ValueTask<bool> MakePrimaryAsync(Guid id, WalletId wallet, CancellationToken cancellationToken) =>
        await _sql.WriteAsync(unit =>
        {
            if (!unit.Any("SELECT 1 FROM wallet WHERE key = ?1 AND account = ?2", wallet.Key, id))
                return false;
            unit.Execute("UPDATE wallet SET is_primary = 0 WHERE account = ?1 AND is_primary = 1", id);
            unit.Execute("UPDATE wallet SET is_primary = 1 WHERE key = ?1", wallet.Key);
            return true;
        }, cancellationToken);

    public ValueTask<IReadOnlyList<AccountMatch>> SearchAsync(string prefix, AccountCursor? after, int limit, CancellationToken cancellationToken) =>
        new(_sql.Read<IReadOnlyList<AccountMatch>>(unit =>
        {
            List<AccountCursor> found = unit.Query(
                Search,
                static row => new AccountCursor(row.Text(0), row.Id(1)), prefix, prefix + "\U0010FFFF", after?.Key ?? "", after?.Id ?? Guid.Empty, limit);
            return [.. found.Select(at => new AccountMatch(Find(unit, at.Id)!, at))];
        }));

    public async ValueTask<bool> TryMakeFirstOwnerAsync(Guid id, CancellationToken cancellationToken) => await _sql.WriteAsync(
        unit => unit.Execute(
            """
            UPDATE account SET server_role = 'owner' WHERE id = ?1 AND activated_at IS NOT NULL AND deleted_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM account WHERE server_role = 'owner')
            """, id) == 1,
        cancellationToken);

    public ValueTask<bool> HasOwnerAsync(CancellationToken cancellationToken) =>
        new(_sql.Read(static unit => unit.Any("SELECT 1 FROM account WHERE server_role = 'owner'")));

    public async ValueTask<RoleOutcome> SetStandingAsync(Guid id, string? serverRole, bool suspended, CancellationToken cancellationToken) =>
        await _sql.WriteAsync(unit =>
        {
            if (Find(unit, id) is not { Deleted: false } account)
                return RoleOutcome.NotFound;
            bool leaves = account.ServerRole == ServerRoles.Owner && (serverRole != ServerRoles.Owner || suspended);
            if (leaves && unit.Number("SELECT count(*) FROM account WHERE server_role = 'owner' AND suspended = 0") <= 1)
                return RoleOutcome.LastOwner;
            unit.Execute("UPDATE account SET server_role = ?2, suspended = ?3 WHERE id = ?1", id, serverRole, suspended);
            return RoleOutcome.Done;
        }, cancellationToken);

    public async ValueTask NoteSeenAsync(IReadOnlyCollection<KeyValuePair<Guid, DateTimeOffset>> seen, CancellationToken cancellationToken) =>
        await _sql.WriteAsync(unit =>
        {
            foreach ((Guid id, DateTimeOffset at) in seen)
                unit.Execute("UPDATE account SET last_seen = ?2 WHERE id = ?1 AND deleted_at IS NULL AND coalesce(last_seen, 0) < ?2", id, at);
        }, cancellationToken);

    public ValueTask<IReadOnlyDictionary<Guid, DateTimeOffset>> SeenAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        new(_sql.Read<IReadOnlyDictionary<Guid, DateTimeOffset>>(unit =>
        {
            Dictionary<Guid, DateTimeOffset> seen = [];
            foreach (Guid id in ids)
            {
                if (unit.Find("SELECT last_seen FROM account WHERE id = ?1", static row => row.TimeOrNull(0), id) is { } at)
                    seen[id] = at;
            }
            return seen;
        }));

    public ValueTask<bool> IsAvatarAsync(Guid mediaId, CancellationToken cancellationToken) =>
        new(_sql.Read(unit => unit.Any("SELECT 1 FROM account WHERE avatar = ?1", mediaId)));

    public async ValueTask EraseAsync(Guid id, bool eraseMessages, DateTimeOffset now, CancellationToken cancellationToken) =>
        await _sql.WriteAsync(unit =>
        {
            int changed = unit.Execute(
                """
                UPDATE account SET deleted_at = ?2, server_role = NULL, display_name = NULL, bio = NULL, status_text = NULL, status_emoji = NULL,
                    status_until = NULL, language = NULL, time_zone = NULL, avatar = NULL, last_seen = NULL WHERE id = ?1 AND deleted_at IS NULL
                """, id, now);
            if (changed == 0)
                return;
            unit.Execute("DELETE FROM wallet WHERE account = ?1", id);
            unit.Execute("DELETE FROM account_name WHERE account = ?1", id);
            unit.Execute("INSERT INTO erasure VALUES(?1, ?2)", id, eraseMessages);
        }, cancellationToken);

    public ValueTask<IReadOnlyList<Erasure>> ErasuresAsync(CancellationToken cancellationToken) =>
        new(_sql.Read<IReadOnlyList<Erasure>>(static unit =>
            unit.Query("SELECT account, erase_messages FROM erasure", static row => new Erasure(row.Id(0), row.Flag(1)))));

    public async ValueTask ErasedAsync(Guid id, CancellationToken cancellationToken) =>
        await _sql.WriteAsync(unit => unit.Execute("DELETE FROM erasure WHERE account = ?1", id), cancellationToken);

    private static void Rename(SqliteUnit unit, Guid id, string? name)
    {
        unit.Execute("DELETE FROM account_name WHERE account = ?1", id);
        foreach (string key in NameKeys.Of(name))
            unit.Execute("INSERT OR IGNORE INTO account_name VALUES(?1, ?2)", key, id);
    }

    private static Account? Find(SqliteUnit unit, Guid id) => unit.Find(Select + " WHERE a.id = ?1", Map, id);

    private static Account? FindByWallet(SqliteUnit unit, WalletId wallet) =>
        unit.Find(Select + " WHERE a.id = (SELECT account FROM wallet WHERE key = ?1)", Map, wallet.Key);

    private static Account Map(SqliteRow row) => new()
    {
        Id = row.Id(0),
        CreatedAt = row.Time(1),
        ActivatedAt = row.TimeOrNull(2),
        DeletedAt = row.TimeOrNull(3),
        ServerRole = row.TextOrNull(4),
        Suspended = row.Flag(5),
        Profile = new Profile
        {
            DisplayName = row.TextOrNull(6),
            Bio = row.TextOrNull(7),
            StatusText = row.TextOrNull(8),
            StatusEmoji = row.TextOrNull(9),
            StatusUntil = row.TimeOrNull(10),
            Language = row.TextOrNull(11),
            TimeZone = row.TextOrNull(12),
            Avatar = row.IdOrNull(13),
        },
        Wallet = row.TextOrNull(14) is { } address ? new WalletId(address, row.TextOrNull(15)) : null,
    };
}
