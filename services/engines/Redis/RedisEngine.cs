using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace CoolChat.Engines.Redis;

/// <summary>
/// The connection to Redis, shared by everything in the process. It comes back by itself; while it is away operations fail at once, for what
/// Redis holds can be missed: users of it go on with what they know and catch up.
/// </summary>
public sealed class RedisEngine : IAsyncDisposable
{
    /// <summary>Configuration key of the connection string, like <c>host:6379,password=...</c>.</summary>
    public const string ConnectionStringKey = "ConnectionStrings:redis";

    /// <summary>Configuration key of what every key and channel begins with; <c>coolchat:</c> by default.</summary>
    public const string PrefixKey = "Redis:Prefix";

    private const int MostMilliseconds = 2_000;
    private readonly ConnectionMultiplexer _connection;

    private RedisEngine(ConnectionMultiplexer connection, string prefix)
    {
        _connection = connection;
        Prefix = prefix;
    }

    /// <summary>What every key and channel begins with.</summary>
    public string Prefix { get; }

    /// <summary>Keys.</summary>
    public IDatabase Database => _connection.GetDatabase();

    /// <summary>Channels.</summary>
    public ISubscriber Subscriber => _connection.GetSubscriber();

    /// <summary>Reads the configuration and begins to connect.</summary>
    /// <exception cref="EngineStartException">A key is missing or wrong: names it.</exception>
    public static RedisEngine Open(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        string? address = configuration[ConnectionStringKey];
        if (string.IsNullOrWhiteSpace(address))
            throw new EngineStartException($"{ConnectionStringKey} is not set: name the Redis, for example host:6379.");
        ConfigurationOptions options;
        try
        {
            options = ConfigurationOptions.Parse(address);
        }
        catch (ArgumentException)
        {
            // The parser's message may quote the address, and with it a password.
            throw new EngineStartException($"{ConnectionStringKey} is not a Redis connection string (host:port,option=value...).");
        }

        options.ClientName ??= "CoolChat";
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ConnectTimeout = MostMilliseconds;
        options.SyncTimeout = MostMilliseconds;
        options.AsyncTimeout = MostMilliseconds;
        options.HeartbeatInterval = TimeSpan.FromMilliseconds(500);
        options.ReconnectRetryPolicy = new LinearRetry(250);
        return new RedisEngine(ConnectionMultiplexer.Connect(options), configuration[PrefixKey] ?? "coolchat:");
    }

    /// <summary>A key under the prefix.</summary>
    public RedisKey Key(string name) => Prefix + name;

    /// <summary>A channel under the prefix.</summary>
    public RedisChannel Channel(string name) => RedisChannel.Literal(Prefix + name);

    /// <summary>Not reachable or too slow: nothing that this program did.</summary>
    public static bool IsAway(Exception failure) => failure is RedisException or TimeoutException or ObjectDisposedException;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
