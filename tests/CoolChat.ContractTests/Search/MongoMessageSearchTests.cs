using CoolChat.ContractTests.Conversations;
using Xunit;

namespace CoolChat.ContractTests.Search;

/// <summary>The suite on MongoDB.</summary>
public sealed class MongoMessageSearchTests(MongoDatabases databases) : MessageSearchContract, IClassFixture<MongoDatabases>
{
    protected override Task<SearchWorld> OpenAsync(string folder, Neighbours neighbours) => SearchWorld.OpenAsync(databases, folder, neighbours);
}
