using CoolChat.Processing;

namespace CoolChat.ContractTests.Conversations;

/// <summary>The suite on RocksDB.</summary>
public sealed class RocksDbConversationTests : ConversationContract
{
    protected override async Task<IConversationBackend> OpenAsync(string folder, Neighbours neighbours) =>
        await ConversationHost.StartAsync(neighbours, builder => builder.AddProcessing(), new KeyValuePair<string, string?>("CoolChat:Data", folder));
}
