using RabbitMQ.Client;

namespace CoolChat.Engines.RabbitMq.Events;

/// <summary>
/// From the broker's coming to its going: one connection that publishes, one that consumes. Exchange <c>PREFIX.events</c> (topic, durable); for each session
/// a queue <c>PREFIX.events.SERVICE.SESSION</c>, which goes with its connection.
/// </summary>
internal sealed class EventsSession : IAsyncDisposable
{
    private const int MostWaiting = 10_000;
    private const ushort Prefetch = 100;

    private readonly RabbitMqEngine _engine;
    private readonly IConnection _publishing;
    private readonly IConnection _consuming;
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IChannel? _out;

    private EventsSession(RabbitMqEngine engine, IConnection publishing, IConnection consuming)
    {
        _engine = engine;
        _publishing = publishing;
        _consuming = consuming;
        foreach (IConnection connection in (IConnection[])[consuming, publishing])
            connection.ConnectionShutdownAsync += (_, shutdown) => EndAsync(shutdown.ReplyText);
    }

    /// <summary>Hears an event: its name, who published it, its body, which is the caller's only until it returns.</summary>
    public delegate Task Hear(string name, string? publisher, ReadOnlyMemory<byte> body);

    /// <summary>Completes with the reason when the session is no longer of use.</summary>
    public Task<string> Ended => _ended.Task;

    /// <summary>Connects; from when it returns on, everything that anybody publishes is heard.</summary>
    public static async Task<EventsSession> OpenAsync(RabbitMqEngine engine, string service, Hear hear, CancellationToken cancellationToken)
    {
        IConnection publishing = await engine.ConnectAsync("coolchat events", cancellationToken);
        EventsSession? session = null;
        try
        {
            session = new EventsSession(engine, publishing, await engine.ConnectAsync($"coolchat events to {service}", cancellationToken));
            await session.StartAsync(service, hear, cancellationToken);
            return session;
        }
        catch (Exception)
        {
            if (session is null)
                await publishing.DisposeAsync();
            else
                await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>The broker has it when this returns.</summary>
    public async Task PublishAsync(EventKind kind, string publisher, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        // No queue of these outlives its node, so that there is nothing to write to disk; and that nobody listens is no failure.
        BasicProperties properties = new() { AppId = publisher, ContentType = "application/json", DeliveryMode = DeliveryModes.Transient };
        await _out!.BasicPublishAsync(_engine.EventsExchange, kind.Name, mandatory: false, properties, body, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync("closed");
        foreach (IConnection connection in (IConnection[])[_consuming, _publishing])
        {
            await connection.CloseAsync(200, "Goodbye", _engine.Timeout, abort: true, CancellationToken.None);
            await connection.DisposeAsync();
        }
    }

    private Task EndAsync(string reason)
    {
        _ended.TrySetResult(reason);
        return Task.CompletedTask;
    }

    private async Task StartAsync(string service, Hear hear, CancellationToken cancellationToken)
    {
        _out = await _publishing.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        _out.ChannelShutdownAsync += (_, shutdown) => EndAsync(shutdown.ReplyText);
        string exchange = _engine.EventsExchange, queue = $"{exchange}.{service}.{Guid.NewGuid():N}";
        await _out.ExchangeDeclareAsync(exchange, ExchangeType.Topic, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        // One at a time, in order: the library's default.
        IChannel channel = await _consuming.CreateChannelAsync(cancellationToken: cancellationToken);
        channel.ChannelShutdownAsync += (_, shutdown) => EndAsync(shutdown.ReplyText);
        await channel.QueueDeclareAsync(queue, durable: false, exclusive: true, autoDelete: true, QueueArguments(), cancellationToken: cancellationToken);
        await channel.QueueBindAsync(queue, exchange, "#", cancellationToken: cancellationToken);
        await channel.BasicQosAsync(0, Prefetch, global: false, cancellationToken);
        await channel.BasicConsumeAsync(queue, autoAck: false, new Consumer(channel, hear), cancellationToken);
    }

    /// <summary>A node that can't keep up loses the oldest, as if it had been away.</summary>
    private static Dictionary<string, object?> QueueArguments() => new()
    {
        ["x-queue-type"] = "classic",
        ["x-max-length"] = MostWaiting,
        ["x-overflow"] = "drop-head",
    };

    private sealed class Consumer(IChannel channel, Hear hear) : AsyncDefaultBasicConsumer(channel)
    {
        public override async Task HandleBasicDeliverAsync(
            string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body,
            CancellationToken cancellationToken = default)
        {
            await hear(routingKey, properties.AppId, body);
            await Channel.BasicAckAsync(deliveryTag, multiple: false, cancellationToken);
        }

        // The queue was deleted, by whom ever: without it this session hears nothing.
        public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default) =>
            Channel.CloseAsync(200, "The queue is gone", abort: true, cancellationToken);
    }
}
