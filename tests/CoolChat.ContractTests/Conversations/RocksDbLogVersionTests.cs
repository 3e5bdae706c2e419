using CoolChat.Conversations.Adapters.RocksDb;
using CoolChat.Engines;
using CoolChat.Engines.RocksDb;
using RocksDbSharp;
using Xunit;

namespace CoolChat.ContractTests.Conversations;

public sealed class RocksDbLogVersionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coolchat-version-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Ensure_LogOfANewerVersion_RefusesAndLetsItGo()
    {
        using (RocksDbEngine engine = Open())
        {
            StoreVersion.Ensure(engine);
            using WriteBatch batch = new();
            batch.Put(Keys.Version, Keys.Number(99), engine.Family("meta"));
            engine.Commit(batch);
        }
        EngineStartException refused = Assert.Throws<EngineStartException>(() => StoreVersion.Ensure(Open()));
        Assert.Contains("newer CoolChat (layout 99", refused.Message, StringComparison.Ordinal);
        // The engine was closed: the version that knows it can have it.
        Open().Dispose();
    }

    private RocksDbEngine Open() => RocksDbEngine.Open(Path.Combine(_folder, "log"), ConversationFamilies.Names, new RocksDbOptions());
}
