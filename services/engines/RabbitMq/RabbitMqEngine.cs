using CoolChat.Engines.Mongo;
using Microsoft.Extensions.Configuration;
using RabbitMQ.Client;

namespace CoolChat.Engines.RabbitMq;

/// <summary>
/// Connections to RabbitMQ. Nobody shares one: publishers are held up by a broker that is short of memory, consumers must not be. A lost
/// connection is not repaired behind its user's back, who alone knows what has to be sent again: the user opens a new one.
/// </summary>
public sealed class RabbitMqEngine
{
    /// <summary>Configuration key of the AMQP URI; it names the virtual host too.</summary>
    public const string ConnectionStringKey = "ConnectionStrings:rabbitmq";

    private const int MostPartitions = 64;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);
    private readonly Uri _address;
    private readonly RabbitMqOptions _options;
    private int _open;

    private RabbitMqEngine(Uri address, RabbitMqOptions options, int partitions)
    {
        _address = address;
        _options = options;
        Queues = new CommandQueues(options, partitions);
    }

    /// <summary>The queues of commands.</summary>
    public CommandQueues Queues { get; }

    /// <summary>Name of the exchange of integration events.</summary>
    public string EventsExchange => _options.Prefix + ".events";

    /// <summary>Whether a connection is open.</summary>
    public bool IsConnected => Volatile.Read(ref _open) > 0;

    /// <summary>How long to wait for the broker.</summary>
    public TimeSpan Timeout => TimeSpan.FromSeconds(_options.TimeoutSeconds);

    /// <summary>Reads the configuration; nothing is connected yet.</summary>
    /// <exception cref="EngineStartException">A key is missing or wrong: names it.</exception>
    public static RabbitMqEngine Open(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        string? address = configuration[ConnectionStringKey];
        if (string.IsNullOrWhiteSpace(address))
            throw new EngineStartException($"{ConnectionStringKey} is not set: name the RabbitMQ broker, for example amqp://user:password@host:5672/vhost.");
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("amqp" or "amqps"))
        {
            // The address may hold a password: it is not quoted.
            throw new EngineStartException($"{ConnectionStringKey} is not an AMQP URI (amqp://... or amqps://...).");
        }
        RabbitMqOptions options = configuration.GetSection(RabbitMqOptions.Section).Get<RabbitMqOptions>() ?? new RabbitMqOptions();
        if (options.Check() is { } wrong)
            throw new EngineStartException(wrong);
        // One number for the log and for its queues: the consumer of a queue is then the writer of that partition of the log.
        MongoOptions log = configuration.GetSection(MongoOptions.Section).Get<MongoOptions>() ?? new MongoOptions();
        if (log.Partitions is < 1 or > MostPartitions)
            throw new EngineStartException($"{MongoOptions.Section}:{nameof(MongoOptions.Partitions)} is 1 to {MostPartitions}.");
        return new RabbitMqEngine(uri, options, log.Partitions);
    }

    /// <summary>Opens a connection; <paramref name="purpose"/> names it in the broker's list.</summary>
    public async Task<IConnection> ConnectAsync(string purpose, CancellationToken cancellationToken)
    {
        ConnectionFactory factory = new()
        {
            Uri = _address,
            ClientProvidedName = $"{purpose} ({Environment.MachineName}, {Environment.ProcessId})",
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = Heartbeat,
            RequestedConnectionTimeout = Timeout,
            HandshakeContinuationTimeout = Timeout,
            ContinuationTimeout = Timeout,
        };
        IConnection connection = await factory.CreateConnectionAsync(cancellationToken);
        Interlocked.Increment(ref _open);
        connection.ConnectionShutdownAsync += (_, _) =>
        {
            Interlocked.Decrement(ref _open);
            return Task.CompletedTask;
        };
        return connection;
    }
}
