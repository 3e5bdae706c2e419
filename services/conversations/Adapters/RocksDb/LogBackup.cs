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

/// <summary>The log's folder in the data folder.</summary>
public static class LogFolder
{
    /// <summary>Its name.</summary>
    public const string Name = "log";

    /// <summary>
    /// Gives every conversation of a restored log a new epoch (DESIGN section 3, guarantee 5) and the store a new mark: clients refetch and
    /// resend what they sent after the backup. The log must not be open.
    /// </summary>
    /// <returns>How many conversations there are.</returns>
    public static int BeginNewEpoch(string dataFolder)
    {
        using RocksDbEngine engine = RocksDbEngine.Open(Path.Combine(dataFolder, Name), ConversationFamilies.Names, new RocksDbOptions());
        StoreVersion.Ensure(engine);
        ConversationFamilies families = new(engine);
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
        return count;
    }
}
