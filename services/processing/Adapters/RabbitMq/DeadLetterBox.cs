using CoolChat.Contracts.Internal;
using CoolChat.Engines.RabbitMq;
using RabbitMQ.Client;

namespace CoolChat.Processing.Adapters.RabbitMq;

/// <summary>Where poison goes, with its reason; confirmed before the original is acknowledged.</summary>
internal sealed class DeadLetterBox
{
    public const string Reason = "coolchat-reason";
    public const string From = "coolchat-queue";
    /// <summary>There where the log holds the command's rejection: its id can't be used again.</summary>
    public const string Decided = "coolchat-decided";

    private readonly IChannel _channel;
    private readonly CommandQueues _queues;

    private DeadLetterBox(IChannel channel, CommandQueues queues)
    {
        _channel = channel;
        _queues = queues;
    }

    public static async Task<DeadLetterBox> OpenAsync(IConnection connection, CommandQueues queues, CancellationToken cancellationToken) =>
        new(await connection.CreateChannelAsync(new CreateChannelOptions(true, true), cancellationToken), queues);

    /// <param name="line">The operation.</param>
    /// <param name="reason">Why, without any content.</param>
    /// <param name="partition">Whose queue it came from.</param>
    /// <param name="decided">Whether its rejection was written down.</param>
    public async ValueTask PutAsync(ReadOnlyMemory<byte> line, string reason, int partition, bool decided)
    {
        BasicProperties properties = new()
        {
            Type = OperationWire.Operations,
            ContentType = OperationWire.ContentType,
            DeliveryMode = DeliveryModes.Persistent,
            Headers = new Dictionary<string, object?> { [Reason] = reason, [From] = _queues.NameOf(partition), [Decided] = decided },
        };
        await _channel.BasicPublishAsync(_queues.Dead, "", mandatory: true, properties, line);
    }
}
