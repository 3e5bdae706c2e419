using CoolChat.ContractTests.Conversations;
using Xunit;

namespace CoolChat.ContractTests.Search;

/// <summary>The suite on MongoDB.</summary>
public sealed class MongoConversationAnalysisTests(MongoDatabases databases) : ConversationAnalysisContract, IClassFixture<MongoDatabases>
{
    protected override Task<SearchWorld> OpenAsync(string folder, Neighbours neighbours) => SearchWorld.OpenAsync(databases, folder, neighbours);
}
