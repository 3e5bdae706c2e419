using System.Globalization;
using CoolChat.Contracts.Internal;
using CoolChat.Engines.Sqlite;
using CoolChat.User.Registration;

namespace CoolChat.User.Adapters.Sqlite;

/// <summary>The user service's part of a backup: a compact copy of user.db.</summary>
internal sealed class UserBackup(UserDatabase database) : IBackupPart
{
    public int Order => 10;

    public Task SaveAsync(string folder, CancellationToken cancellationToken) =>
        Task.Run(() => database.Sql.BackUp(Path.Combine(folder, UserDatabase.FileName)), cancellationToken);
}

/// <summary>
/// Ends every session of a restored data folder, those that began after the backup included, and drops the keys and the secrets of what was pending: a
/// backup can't know which of them were ended since (docs/decisions/restore-ends-sessions.md).
/// </summary>
internal sealed class UserRestore(UserDatabase database) : IRestorePart
{
    public async Task<string> RestoreAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        int ended = await database.Sql.WriteAsync(unit => EndSessions(unit, now), cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"{ended} sessions ended");
    }

    private static int EndSessions(SqliteUnit unit, DateTimeOffset now)
    {
        unit.Execute("DELETE FROM signing_key");
        // Those of the used nonces that are missing could be used again, and so could a claim that was made. Refresh tokens keep their key: it tells
        // ours, whose holders learn what happened, from inventions.
        unit.Execute("DELETE FROM secret WHERE name IN (?1, ?2)", SecretNames.Nonces, SecretNames.OwnerClaim);
        unit.Execute(
            "INSERT INTO setting VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
            SettingNames.RestoredAt, now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));
        return unit.Execute("DELETE FROM session");
    }
}
