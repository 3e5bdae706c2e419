using CoolChat.ContractTests.Conversations;

namespace CoolChat.ContractTests.Search;

/// <summary>The suite on SQLite's FTS5 behind the RocksDB log.</summary>
public sealed class SqliteMessageSearchTests : MessageSearchContract
{
    protected override Task<SearchWorld> OpenAsync(string folder, Neighbours neighbours) => SearchWorld.OpenAsync(folder, neighbours);
}
