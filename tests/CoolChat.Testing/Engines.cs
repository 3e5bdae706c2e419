using System.Collections.Concurrent;
using Xunit;

namespace CoolChat.Testing;

/// <summary>
/// Where the real engines are that adapters are tested against: the addresses of the environment, or else of engines that are started once
/// for the test assembly and go down with it. Where neither can be had the test is skipped, which the report shows; with
/// COOLCHAT_REQUIRE_ENGINES=1 it fails. Tests share the engines: each uses databases, keys, queues or buckets with names of its own.
/// </summary>
public static class Engines
{
    private static readonly Lazy<EngineSet> Shared = new(() => new EngineSet());
    private static readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyDictionary<string, string>>>> Started = new();

    private static bool AreRequired => Environment.GetEnvironmentVariable("COOLCHAT_REQUIRE_ENGINES") == "1";

    /// <summary>A MongoDB connection string; COOLCHAT_TEST_MONGODB.</summary>
    public static Task<string> MongoDbAsync() => AddressAsync("mongodb", "COOLCHAT_TEST_MONGODB");

    /// <summary>An AMQP URI; COOLCHAT_TEST_RABBITMQ.</summary>
    public static Task<string> RabbitMqAsync() => AddressAsync("rabbitmq", "COOLCHAT_TEST_RABBITMQ");

    /// <summary>The address of RabbitMQ's management API, with user and password; COOLCHAT_TEST_RABBITMQ_MANAGEMENT.</summary>
    public static Task<string> RabbitMqManagementAsync() => AddressAsync("rabbitmq", "COOLCHAT_TEST_RABBITMQ_MANAGEMENT");

    /// <summary>A StackExchange.Redis configuration; COOLCHAT_TEST_REDIS.</summary>
    public static Task<string> RedisAsync() => AddressAsync("redis", "COOLCHAT_TEST_REDIS");

    /// <summary>
    /// An S3 endpoint as http(s)://ACCESS-KEY:SECRET-KEY@HOST:PORT/?region=NAME, both keys percent-encoded; COOLCHAT_TEST_S3.
    /// </summary>
    public static Task<string> S3Async() => AddressAsync("s3", "COOLCHAT_TEST_S3");

    /// <summary>For a test that needs an <see cref="EngineSet"/> of its own: starts the engine in it, or skips or fails as above.</summary>
    public static async Task<string> StartInAsync(EngineSet set, string engine)
    {
        ArgumentNullException.ThrowIfNull(set);
        return await OrSkipAsync(async () => (await set.StartAsync(engine))[$"COOLCHAT_TEST_{engine.ToUpperInvariant()}"]);
    }

    private static async Task<string> AddressAsync(string engine, string variable)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given)
            return given;
        return await OrSkipAsync(async () =>
        {
            Lazy<Task<IReadOnlyDictionary<string, string>>> started = Started.GetOrAdd(engine, name => new(() => Shared.Value.StartAsync(name)));
            return (await started.Value)[variable];
        });
    }

    private static async Task<string> OrSkipAsync(Func<Task<string>> address)
    {
        try
        {
            return await address();
        }
        catch (EngineNotAvailableException missing) when (!AreRequired)
        {
            Assert.Skip(missing.Message);
            throw;
        }
    }
}
