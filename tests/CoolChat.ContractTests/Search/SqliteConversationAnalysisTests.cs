using CoolChat.ContractTests.Conversations;

namespace CoolChat.ContractTests.Search;

/// <summary>The suite on SQLite behind the RocksDB log.</summary>
public sealed class SqliteConversationAnalysisTests : ConversationAnalysisContract
{
    protected override Task<SearchWorld> OpenAsync(string folder, Neighbours neighbours) => SearchWorld.OpenAsync(folder, neighbours);
}
