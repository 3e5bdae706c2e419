using CoolChat.Contracts.Internal;
using CoolChat.Engines.RabbitMq;
using RabbitMQ.Client;

namespace CoolChat.Processing.Adapters.RabbitMq;

/// <summary>Where poison goes, with its reason; confirmed before the original is acknowledged.</summary>
internal sealed class DeadLetterBox
{
    public const string Reason = "coolchat-reason";
    public const string From = "coolchat-queue";

    private readonly IChannel _channel;
    private readonly CommandQueues _queues;

    private DeadLetterBox(IChannel channel, CommandQueues queues)
    {
        _channel = channel;
        _queues = queues;
    }

    public static async Task<DeadLetterBox> OpenAsync(IConnection connection, CommandQueues queues, CancellationToken cancellationToken) =>
        new(await connection.CreateChannelAsync(new CreateChannelOptions(true, true), cancellationToken), queues);

    public async ValueTask PutAsync(ReadOnlyMemory<byte> line, string reason, int partition)
    {
        BasicProperties properties = new()
        {
            Type = OperationWire.Operations,
            ContentType = OperationWire.ContentType,
            DeliveryMode = DeliveryModes.Persistent,
            Headers = new Dictionary<string, object?> { [Reason] = reason, [From] = _queues.NameOf(partition) },
        };
        await _channel.BasicPublishAsync(_queues.Dead, "", mandatory: true, properties, line);
    }
}
