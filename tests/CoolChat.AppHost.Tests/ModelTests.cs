using Microsoft.Extensions.DependencyInjection;

namespace CoolChat.AppHost.Tests;

/// <summary>
/// The app model with containers. Never BuildAsync here: disposing an app that was built and not started starts it first,
/// and takes 20 seconds to fail without a container runtime.
/// </summary>
public sealed class ModelTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string[], string[]> Services => new()
    {
        // service, connections and services it references, what it waits for
        { "user", ["mongodb", "redis", "rabbitmq", "media", "chat"], ["mongo", "redis", "rabbitmq"] },
        { "media", ["mongodb", "redis", "s3", "user"], ["mongo", "redis", "minio"] },
        { "processing", ["mongodb", "redis", "rabbitmq", "user"], ["mongo", "redis", "rabbitmq", "user"] },
        { "chat", ["mongodb", "redis", "rabbitmq", "user", "media", "processing"], ["mongo", "redis", "rabbitmq", "user", "processing"] },
        { "gateway", ["redis"], ["redis", "chat", "user", "media"] },
    };

    private static Task<IDistributedApplicationTestingBuilder> Model(params string[] args) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.CoolChat_AppHost>(args, Ct);

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Service_WithContainers_HasItsReferencesWaitsAndProbes(string name, string[] references, string[] waits)
    {
        await using var model = await Model();
        var service = model.Resources.OfType<ProjectResource>().Single(r => r.Name == name);

        var referenced = service.Annotations.OfType<ResourceRelationshipAnnotation>().Where(r => r.Type == "Reference").Select(r => r.Resource.Name);
        Assert.Superset(references.ToHashSet(), referenced.ToHashSet());
        Assert.Equal(waits.Order(), service.Annotations.OfType<WaitAnnotation>().Select(w => w.Resource.Name).Order());
        Assert.Equal(["Liveness /alive", "Readiness /health"],
            service.Annotations.OfType<EndpointProbeAnnotation>().Select(p => $"{p.Type} {p.Path}").Order());
        Assert.Equal(2, service.Annotations.OfType<HealthCheckAnnotation>().Count());
    }

    [Fact]
    public async Task Model_WithContainers_ScalesAndExposesWhatItShould()
    {
        await using var model = await Model();

        Assert.Equal(["chat 2", "media 2", "processing 2"], model.Resources.Where(r => r.Annotations.OfType<ReplicaAnnotation>().Any())
            .Select(r => $"{r.Name} {r.Annotations.OfType<ReplicaAnnotation>().Single().Replicas}").Order());
        Assert.Equal(["gateway"], model.Resources.Where(r => r.Annotations.OfType<EndpointAnnotation>().Any(e => e.IsExternal)).Select(r => r.Name));
        Assert.Equal(["redis flush-cache"], model.Resources.SelectMany(r => r.Annotations.OfType<ResourceCommandAnnotation>()
            .Where(c => !c.Name.StartsWith("resource-", StringComparison.Ordinal)).Select(c => $"{r.Name} {c.Name}")));
        Assert.Equal(["grafana", "minio", "mongo", "prometheus", "rabbitmq", "redis"], model.Resources.OfType<ContainerResource>().Select(r => r.Name).Order());
        foreach (var container in model.Resources.OfType<ContainerResource>())
        {
            Assert.Single(container.Annotations.OfType<ContainerMountAnnotation>());
            Assert.Equal(ContainerLifetime.Persistent, container.Annotations.OfType<ContainerLifetimeAnnotation>().Single().Lifetime);
            Assert.NotEmpty(container.Annotations.OfType<HealthCheckAnnotation>());
        }
    }

    [Fact]
    public async Task Parameters_ThatAreSecret_SaySo()
    {
        await using var model = await Model();

        Assert.Equal(
            ["grafana-password", "key-chat-media", "key-chat-processing", "key-chat-user", "key-media-user", "key-processing-user", "key-user-chat", "key-user-media",
                "mongodb-keyfile", "mongodb-password", "rabbitmq-password", "redis-password", "s3-secret-key"],
            model.Resources.OfType<ParameterResource>().Where(p => p.Secret).Select(p => p.Name).Order());
    }

    /// <summary>The variables that a service gets when run with containers: evaluated with made-up ports, nothing started.</summary>
    [Fact]
    public async Task Service_WithContainers_GetsItsKeysInTheirShapes()
    {
        await using var model = await Model();
        await using var services = model.Services.BuildServiceProvider();
        var context = new DistributedApplicationExecutionContext(new DistributedApplicationExecutionContextOptions(DistributedApplicationOperation.Run) { Services = services });
        foreach (var endpoint in model.Resources.SelectMany(r => r.Annotations.OfType<EndpointAnnotation>()))
        {
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", 1234);
        }

        async Task<Dictionary<string, string>> Keys(string name)
        {
            var config = await ExecutionConfigurationBuilder.Create(model.Resources.Single(r => r.Name == name)).WithEnvironmentVariablesConfig()
                .BuildAsync(context, cancellationToken: Ct);
            return config.EnvironmentVariables.ToDictionary(e => e.Key, e => e.Value);
        }

        var user = await Keys("user");
        Assert.Matches("^mongodb://coolchat:[^@/]+@localhost:1234/coolchat\\?authSource=admin&directConnection=true$", user["ConnectionStrings__mongodb"]);
        Assert.Matches("^localhost:1234,password=.+$", user["ConnectionStrings__redis"]);
        Assert.Matches("^amqp://coolchat:[^@/]+@localhost:1234$", user["ConnectionStrings__rabbitmq"]);
        Assert.Equal("http://localhost:1234", user["services__media__http__0"]);
        Assert.Equal("http://localhost:1234", user["Auth__PublicOrigins__0"]);
        Assert.Equal("cluster", user["CoolChat__Shape"]);
        Assert.DoesNotContain("ConnectionStrings__s3", user.Keys);
        var media = await Keys("media");
        Assert.Matches("^Endpoint=http://localhost:1234;AccessKey=coolchat;SecretKey=[^;]+;Bucket=coolchat-media;Region=us-east-1$", media["ConnectionStrings__s3"]);
        Assert.Equal("http://localhost:1234", media["services__user__http__0"]);
        Assert.Equal(user["Services__media__Key"], media["Callers__user__Key"]);
        Assert.Equal(media["Services__user__Key"], user["Callers__media__Key"]);
        Assert.NotEqual(user["Services__media__Key"], media["Services__user__Key"]);
        Assert.DoesNotContain("ConnectionStrings__rabbitmq", media.Keys);
        foreach (var (caller, called) in new[] { ("user", "chat"), ("processing", "user"), ("chat", "user"), ("chat", "media"), ("chat", "processing") })
        {
            var from = await Keys(caller);
            Assert.Equal("http://localhost:1234", from[$"services__{called}__http__0"]);
            Assert.Equal(from[$"Services__{called}__Key"], (await Keys(called))[$"Callers__{caller}__Key"]);
        }

        var gateway = await Keys("gateway");
        Assert.Equal(["ConnectionStrings__redis"],
            gateway.Keys.Where(k => k.StartsWith("ConnectionStrings__", StringComparison.Ordinal) || k.EndsWith("__Key", StringComparison.Ordinal)));
        foreach (var service in new[] { "chat", "user", "media" })
        {
            Assert.Equal("http://localhost:1234", gateway[$"ReverseProxy__Clusters__{service}__Destinations__{service}__Address"]);
        }
    }

    [Theory]
    [InlineData("mongodb")]
    [InlineData("redis")]
    [InlineData("rabbitmq")]
    [InlineData("s3")]
    public async Task Engine_ExternalWithoutAnAddress_NamesTheKey(string engine)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => Model($"--Engines:{engine}=external"));

        Assert.Contains($"ConnectionStrings:{engine} is not set", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engine_ExternalOneByOne_ReplacesOnlyItsContainer()
    {
        await using var model = await Model("--Engines:redis=external", "--ConnectionStrings:redis=localhost:6379");

        Assert.Equal(["grafana", "minio", "mongo", "prometheus", "rabbitmq"], model.Resources.OfType<ContainerResource>().Select(r => r.Name).Order());
        Assert.True(model.Resources.Single(r => r.Name == "redis") is IResourceWithConnectionString);
    }

    [Fact]
    public async Task Standalone_Chosen_IsOneProcessWithoutEngines()
    {
        await using var model = await Model("--standalone");

        Assert.Equal(["coolchat"], model.Resources.OfType<ProjectResource>().Select(r => r.Name));
        Assert.Empty(model.Resources.OfType<ContainerResource>());
    }
}
