using System.Globalization;
using CoolChat.Contracts.Internal;
using CoolChat.Engines.RocksDb;
using RocksDbSharp;

namespace CoolChat.Conversations.Adapters.RocksDb;

/// <summary>The log's part of a backup: a checkpoint, which costs hard links and the last write-ahead log.</summary>
internal sealed class LogBackup(RocksDbEngine engine) : IBackupPart
{
    public int Order => 0;

    public Task SaveAsync(string folder, CancellationToken cancellationToken) =>
        Task.Run(() => engine.Checkpoint(Path.Combine(folder, LogFolder.Name)), cancellationToken);
}

/// <summary>
/// Gives every conversation of a restored log a new epoch (DESIGN section 3, guarantee 5) and the store a new mark: clients refetch and resend what they
/// sent after the backup.
/// </summary>
internal sealed class LogRestore(RocksDbEngine engine, ConversationFamilies families) : IRestorePart
{
    public Task<string> RestoreAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        using WriteBatch batch = new();
        int count = 0;
        using (RocksDbView view = engine.View())
        {
            Scan.Up(view, families.Heads, default, default, (key, value) =>
            {
                batch.Put(key, Codec.Head(Codec.Head(value.ToArray()) with { Epoch = Guid.NewGuid() }), families.Heads);
                count++;
                return true;
            });
        }
        batch.Put(Keys.Store, Keys.Id(Guid.NewGuid()), families.Meta);
        engine.Commit(batch);
        return Task.FromResult(string.Create(CultureInfo.InvariantCulture, $"{count} conversations have a new epoch"));
    }
}

/// <summary>The log's folder in the data folder.</summary>
public static class LogFolder
{
    /// <summary>Its name.</summary>
    public const string Name = "log";
}
