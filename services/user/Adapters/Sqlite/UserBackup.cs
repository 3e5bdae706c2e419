using CoolChat.Contracts.Internal;

namespace CoolChat.User.Adapters.Sqlite;

/// <summary>The user service's part of a backup: a compact copy of user.db.</summary>
internal sealed class UserBackup(UserDatabase database) : IBackupPart
{
    public int Order => 10;

    public Task SaveAsync(string folder, CancellationToken cancellationToken) =>
        Task.Run(() => database.Sql.BackUp(Path.Combine(folder, "user.db")), cancellationToken);
}
