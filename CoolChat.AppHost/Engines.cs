using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MongoDB.Bson;
using MongoDB.Driver;
using StackExchange.Redis;

namespace CoolChat.AppHost;

/// <param name="Name">Name of the connection string that services get: <c>ConnectionStrings__{Name}</c>.</param>
/// <param name="Connection">What services reference.</param>
/// <param name="Server">The container to wait for; null when the engine was started otherwise.</param>
/// <param name="Parameters">
/// Variables that go with a connection string made of parameters: the chart's values get a place for those parameters only where
/// a service receives them as variables of their own (without, the secret renders with an empty user and password).
/// </param>
internal sealed record Engine(
    string Name,
    IResourceBuilder<IResourceWithConnectionString> Connection,
    IResourceBuilder<ContainerResource>? Server,
    Dictionary<string, IResourceBuilder<ParameterResource>>? Parameters = null);

/// <summary>
/// MongoDB, Redis, RabbitMQ and S3: containers of this app model, or engines started otherwise.
/// <c>Engines</c> = <c>containers</c> (default) or <c>external</c>; <c>Engines:{name}</c> overrides it for one engine.
/// An external engine's address is <c>ConnectionStrings:{name}</c>.
/// </summary>
internal sealed class Engines
{
    private readonly IDistributedApplicationBuilder _builder;

    public Engines(IDistributedApplicationBuilder builder)
    {
        _builder = builder;
        MongoDB = Choose("mongodb", AddMongoDB);
        Redis = Choose("redis", AddRedis);
        RabbitMQ = Choose("rabbitmq", AddRabbitMQ);
        S3 = Choose("s3", AddMinio);
        AddFlushCommand(Redis.Connection);
    }

    public Engine MongoDB { get; }
    public Engine Redis { get; }
    public Engine RabbitMQ { get; }
    public Engine S3 { get; }

    private Engine Choose(string name, Func<string, Engine> container)
    {
        switch (_builder.Configuration[$"Engines:{name}"] ?? _builder.Configuration["Engines"] ?? "containers")
        {
            case "containers":
                return container(name);
            case "external":
                // Aspire would start, and wait for a value typed into the dashboard.
                if (_builder.ExecutionContext.IsRunMode && string.IsNullOrEmpty(_builder.Configuration.GetConnectionString(name)))
                {
                    throw new DistributedApplicationException($"Engines:{name} is external, but ConnectionStrings:{name} is not set.");
                }

                return new Engine(name, _builder.AddConnectionString(name), null);
            case var other:
                throw new DistributedApplicationException($"Engines:{name} is '{other}': it must be 'containers' or 'external'.");
        }
    }

    /// <summary>A replica set of one: transactions and majority reads need one. Its own name for the server, so that "mongodb" stays the connection.</summary>
    /// <remarks>
    /// The image's entry point makes the root user without --replSet and --keyFile first, then starts mongod with them. The loop
    /// beside it initiates the set once. The member's name is "localhost" when run: services are processes of the host and reach
    /// the container at another port, so they connect with directConnection; in a cluster it is the service's name.
    /// </remarks>
    private Engine AddMongoDB(string name)
    {
        const string start = """
            printf '%s' "$MONGO_KEYFILE" > /tmp/keyfile && chmod 400 /tmp/keyfile && chown mongodb:mongodb /tmp/keyfile
            ( until mongosh --quiet -u "$MONGO_INITDB_ROOT_USERNAME" -p "$MONGO_INITDB_ROOT_PASSWORD" --authenticationDatabase admin --eval \
              'try { rs.status() } catch (e) { if (e.codeName !== "NotYetInitialized") throw e; rs.initiate({ _id: "rs0", members: [{ _id: 0, host: process.env.MONGO_MEMBER }] }) }' \
              >/dev/null 2>&1; do sleep 1; done ) &
            exec docker-entrypoint.sh mongod --replSet rs0 --keyFile /tmp/keyfile --bind_ip_all
            """;
        var user = _builder.AddParameter("mongodb-user", "coolchat", publishValueAsDefault: true);
        var password = _builder.AddSecret("mongodb-password");
        var server = _builder.AddMongoDB("mongo", userName: user, password: password)
            .WithImageTag("8.0")
            .WithEntrypoint("bash")
            .WithArgs("-c", start)
            .WithEnvironment("MONGO_KEYFILE", _builder.AddSecret("mongodb-keyfile"))
            .WithDataVolume("coolchat-mongodb")
            .WithLifetime(ContainerLifetime.Persistent);
        var endpoint = server.Resource.PrimaryEndpoint;
        if (_builder.ExecutionContext.IsRunMode)
        {
            server.WithEnvironment("MONGO_MEMBER", "localhost:27017");
        }
        else
        {
            server.WithEnvironment("MONGO_MEMBER", endpoint.Property(EndpointProperty.HostAndPort));
        }

        var topology = _builder.ExecutionContext.IsRunMode ? "directConnection=true" : "replicaSet=rs0";
        var connection = _builder.AddConnectionString(name, ReferenceExpression.Create(
            $"mongodb://{user:uri}:{password:uri}@{endpoint.Property(EndpointProperty.HostAndPort)}/coolchat?authSource=admin&{topology}"));

        // Aspire's own check follows the set to its member's name, which only the container can reach: replace it.
        foreach (var own in server.Resource.Annotations.OfType<HealthCheckAnnotation>().ToList())
        {
            server.Resource.Annotations.Remove(own);
        }

        MongoClient? client = null;
        _builder.Services.AddHealthChecks().AddAsyncCheck("mongo-primary", async ct =>
        {
            client ??= new MongoClient(await connection.Resource.ConnectionStringExpression.GetValueAsync(ct));
            var hello = await client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("hello", 1), ReadPreference.Nearest, ct);
            return hello.GetValue("isWritablePrimary", false).ToBoolean() ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("no primary yet");
        });
        server.WithHealthCheck("mongo-primary");
        return new Engine(name, connection, server, new() { ["MONGODB_USERNAME"] = user, ["MONGODB_PASSWORD"] = password });
    }

    private Engine AddRedis(string name)
    {
        var server = _builder.AddRedis(name, password: _builder.AddSecret("redis-password"))
            .WithImageTag("8.2")
            .WithoutHttpsCertificate() // else the endpoint turns to TLS wherever a developer certificate is trusted
            .WithDataVolume("coolchat-redis")
            .WithPersistence(interval: TimeSpan.FromSeconds(60), keysChangedThreshold: 1)
            .WithLifetime(ContainerLifetime.Persistent);
        return new Engine(name, server, server);
    }

    private Engine AddRabbitMQ(string name)
    {
        var user = _builder.AddParameter("rabbitmq-user", "coolchat", publishValueAsDefault: true);
        var server = _builder.AddRabbitMQ(name, user, _builder.AddSecret("rabbitmq-password"))
            .WithImageTag("4.1")
            .WithDataVolume("coolchat-rabbitmq")
            .WithLifetime(ContainerLifetime.Persistent);
        if (_builder.ExecutionContext.IsPublishMode)
        {
            server.WithEnvironment("RABBITMQ_NODENAME", "rabbit@localhost"); // its data folder is named after the node; Aspire fixes the name only when run
        }
        else
        {
            server.WithManagementPlugin() // after the tag: it turns the tag into its -management twin
                .WithUrlForEndpoint("management", url => url.DisplayText = "RabbitMQ management");
        }

        return new Engine(name, server, server);
    }

    /// <summary>MinIO, its bucket made by the <c>mc</c> in its own image; the media service makes it too where it may.</summary>
    private Engine AddMinio(string name)
    {
        const string start = """
            ( until mc alias set local http://localhost:9000 "$MINIO_ROOT_USER" "$MINIO_ROOT_PASSWORD" && mc mb --ignore-existing "local/$MINIO_BUCKET"; do sleep 1; done ) >/dev/null 2>&1 &
            exec minio server /data --console-address :9001
            """;
        var user = _builder.AddParameter("s3-access-key", "coolchat", publishValueAsDefault: true);
        var secret = _builder.AddSecret("s3-secret-key");
        var server = _builder.AddContainer("minio", "minio/minio", "RELEASE.2025-09-07T16-13-09Z")
            .WithEntrypoint("sh")
            .WithArgs("-c", start)
            .WithHttpEndpoint(targetPort: 9000, name: "api")
            .WithEnvironment("MINIO_ROOT_USER", user)
            .WithEnvironment("MINIO_ROOT_PASSWORD", secret)
            .WithEnvironment("MINIO_BUCKET", "coolchat-media")
            .WithVolume("coolchat-media", "/data")
            .WithHttpProbe(ProbeType.Readiness, "/minio/health/ready", endpointName: "api")
            .WithHttpProbe(ProbeType.Liveness, "/minio/health/live", endpointName: "api")
            .WithLifetime(ContainerLifetime.Persistent);
        if (_builder.ExecutionContext.IsRunMode)
        {
            server.WithHttpEndpoint(targetPort: 9001, name: "console");
        }

        var connection = _builder.AddConnectionString(name, ReferenceExpression.Create(
            $"Endpoint={server.GetEndpoint("api")};AccessKey={user};SecretKey={secret};Bucket=coolchat-media;Region=us-east-1"));
        return new Engine(name, connection, server, new() { ["S3_ACCESSKEY"] = user, ["S3_SECRETKEY"] = secret });
    }

    /// <summary>What a developer asks for in the dashboard. Whatever Redis holds may be lost at any time, so this is also a test.</summary>
    private static void AddFlushCommand(IResourceBuilder<IResourceWithConnectionString> redis) =>
        redis.WithCommand("flush-cache", "Flush the cache", async context =>
        {
            var address = await redis.Resource.GetConnectionStringAsync(context.CancellationToken);
            await using var connection = await ConnectionMultiplexer.ConnectAsync($"{address},allowAdmin=true,abortConnect=true");
            foreach (var server in connection.GetServers().Where(server => !server.IsReplica))
            {
                await server.FlushAllDatabasesAsync();
            }

            return CommandResults.Success();
        }, new CommandOptions { IconName = "Broom", ConfirmationMessage = "Forget presence, hot reads and limits? Nothing that must last is kept there." });
}
