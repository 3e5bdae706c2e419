using CoolChat.Conversations;
using CoolChat.Engines;
using CoolChat.Engines.Mongo;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace CoolChat.UnitTests.Engines;

/// <summary>Half a configuration is a start-up error that names the key, and never the password.</summary>
public sealed class MongoStartTests
{
    [Theory]
    [InlineData("ConnectionStrings:mongodb")]
    [InlineData("ConnectionStrings:mongodb", "ConnectionStrings:mongodb= ")]
    [InlineData("ConnectionStrings:mongodb", "ConnectionStrings:mongodb=amqp://coolchat:hunter2@host")]
    [InlineData("ConnectionStrings:mongodb", "ConnectionStrings:mongodb=mongodb://coolchat:hunter2@host:port/")]
    [InlineData("Storage:Mongo:Partitions", "ConnectionStrings:mongodb=mongodb://host", "Storage:Mongo:Partitions=0")]
    [InlineData("Storage:Mongo:Partitions", "ConnectionStrings:mongodb=mongodb://host", "Storage:Mongo:Partitions=many")]
    [InlineData("Storage:Mongo:TimeoutSeconds", "ConnectionStrings:mongodb=mongodb://host", "Storage:Mongo:TimeoutSeconds=0")]
    public async Task Start_WithoutWhatItNeeds_NamesTheKey(string key, params string[] settings)
    {
        using IHost host = Cluster(settings);
        EngineStartException refused = await Assert.ThrowsAsync<EngineStartException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Shape_Unknown_IsRefused()
    {
        EngineStartException refused = Assert.Throws<EngineStartException>(() => Cluster("CoolChat:Shape=swarm"));
        Assert.Contains("CoolChat:Shape", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shape_NotSaid_IsStandaloneWhateverAddressesAreSet()
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new(MongoEngine.ConnectionStringKey, "mongodb://host")]).Build();
        Assert.False(Shape.IsCluster(configuration));
    }

    private static IHost Cluster(params string[] settings)
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection([new(Shape.Key, "cluster")]);
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => setting.Split('=', 2)).Select(pair => new KeyValuePair<string, string?>(pair[0], pair[1])));
        builder.AddConversations();
        return builder.Build();
    }
}
