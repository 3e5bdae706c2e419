using CoolChat.Engines;
using CoolChat.Engines.RocksDb;
using RocksDbSharp;

namespace CoolChat.Conversations.Adapters.RocksDb;

/// <summary>The layout's version: a newer one is refused before anything is touched.</summary>
internal static class StoreVersion
{
    private const long Current = 1;

    public static void Ensure(RocksDbEngine engine)
    {
        ColumnFamilyHandle meta = engine.Family("meta");
        if (engine.Get(Keys.Version, meta) is { } stored)
        {
            long version = Keys.ReadNumber(stored, 0);
            if (version > Current)
            {
                engine.Dispose();
                throw new EngineStartException(
                    $"Cannot open {engine.Path}: it was written by a newer CoolChat (layout {version}, this one knows {Current}): start that version, or choose another folder with --data.");
            }
            return;
        }
        using WriteBatch batch = new();
        batch.Put(Keys.Version, Keys.Number(Current), meta);
        batch.Put(Keys.Store, Keys.Id(Guid.NewGuid()), meta);
        engine.Commit(batch);
    }
}
