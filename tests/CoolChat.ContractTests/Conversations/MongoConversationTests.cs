using CoolChat.Engines.Mongo;
using CoolChat.Processing;
using Xunit;

namespace CoolChat.ContractTests.Conversations;

/// <summary>The suite on MongoDB.</summary>
public sealed class MongoConversationTests(MongoDatabases databases) : ConversationContract, IClassFixture<MongoDatabases>
{
    protected override async Task<IConversationBackend> OpenAsync(string folder, Neighbours neighbours) => await ConversationHost.StartAsync(
        neighbours,
        builder => builder.AddMongoProcessing(),
        new KeyValuePair<string, string?>(MongoEngine.ConnectionStringKey, await databases.ConnectionStringAsync(Path.GetFileName(folder))));
}
