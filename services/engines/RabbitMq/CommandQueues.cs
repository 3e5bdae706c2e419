using System.Globalization;
using RabbitMQ.Client;

namespace CoolChat.Engines.RabbitMq;

/// <summary>
/// The queues between chat and processing, made by processing (prefix <c>coolchat</c> unless configured):
/// <list type="bullet">
/// <item><c>coolchat.commands.P.n</c> for n = 0 to P - 1: commands of the conversations of partition n of P, in the order in which they are decided. Quorum,
/// one active consumer. P is in the name, so that services which disagree on it don't reach each other's queues. Chat publishes by the default
/// exchange, processing consumes.</item>
/// <item><c>coolchat.dead</c>, a fanout exchange and its quorum queue: what fails each time, with its reason. Processing publishes with a reason, the broker
/// what it delivered too often; operators replay.</item>
/// </list>
/// </summary>
public sealed class CommandQueues
{
    private const int MostDeliveries = 20;
    private const int MostDead = 100_000;
    // Whoever looks at a dead letter puts it back: newer brokers would drop it after 20 looks.
    private const int MostLooks = 1_000_000_000;
    private readonly RabbitMqOptions _options;
    private readonly string[] _names;

    internal CommandQueues(RabbitMqOptions options, int partitions)
    {
        _options = options;
        _names = [.. Enumerable.Range(0, partitions).Select(number => string.Create(CultureInfo.InvariantCulture, $"{options.Prefix}.commands.{partitions}.{number}"))];
        Dead = options.Prefix + ".dead";
    }

    /// <summary>How many partitions there are.</summary>
    public int Partitions => _names.Length;

    /// <summary>Name of the exchange and of the queue of dead letters.</summary>
    public string Dead { get; }

    /// <summary>Name of a partition's queue.</summary>
    public string NameOf(int partition) => _names[partition];

    /// <summary>Makes what is missing. What is there with other arguments is an error that names the queue.</summary>
    public async Task DeclareAsync(IChannel channel, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        await channel.ExchangeDeclareAsync(Dead, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(Dead, durable: true, exclusive: false, autoDelete: false, DeadArguments(), cancellationToken: cancellationToken);
        await channel.QueueBindAsync(Dead, Dead, "", cancellationToken: cancellationToken);
        foreach (string name in _names)
            await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, CommandArguments(), cancellationToken: cancellationToken);
    }

    /// <summary>Fails unless all partitions' queues are there.</summary>
    public async Task RequireAsync(IChannel channel, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        foreach (string name in _names)
            await channel.QueueDeclarePassiveAsync(name, cancellationToken);
    }

    private Dictionary<string, object?> CommandArguments() => new()
    {
        ["x-queue-type"] = "quorum",
        ["x-quorum-initial-group-size"] = _options.QueueCopies,
        ["x-queue-leader-locator"] = "balanced",
        ["x-single-active-consumer"] = true,
        ["x-delivery-limit"] = MostDeliveries,
        ["x-overflow"] = "reject-publish",
        ["x-max-length"] = _options.QueueMessages,
        ["x-max-length-bytes"] = _options.QueueBytes,
        ["x-dead-letter-exchange"] = Dead,
        ["x-dead-letter-strategy"] = "at-least-once",
    };

    private Dictionary<string, object?> DeadArguments() => new()
    {
        ["x-queue-type"] = "quorum",
        ["x-quorum-initial-group-size"] = _options.QueueCopies,
        ["x-queue-leader-locator"] = "balanced",
        ["x-overflow"] = "reject-publish",
        ["x-max-length"] = MostDead,
        ["x-delivery-limit"] = MostLooks,
    };
}
