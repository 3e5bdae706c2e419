using System.Buffers;
using System.Collections.Concurrent;
using CoolChat.Contracts.Internal;
using CoolChat.Engines.RabbitMq;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace CoolChat.Chat.Adapters.RabbitMq;

/// <summary>
/// One connection with one channel: publishes messages of operations and hears confirmations and outcomes, which come to the same channel (direct
/// reply-to). Whatever goes wrong with it ends it; the next session sends again what needs to be.
/// </summary>
internal sealed class PublishingSession : IAsyncDisposable
{
    private const string ReplyTo = "amq.rabbitmq.reply-to";
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly RabbitMqEngine _engine;
    private readonly CachedString[] _queues;
    private readonly CachedString _defaultExchange = new("");
    private readonly ConcurrentDictionary<ulong, PartitionBuffer> _unconfirmed = new();
    private readonly ConcurrentDictionary<ulong, bool> _returned = new();
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ArrayBufferWriter<byte> _body = new(64 * 1024);
    private ulong _lastTag;

    /// <summary>What the broker says about messages.</summary>
    public enum Verdict
    {
        Taken,
        Refused,
        NoQueue,
    }

    private PublishingSession(RabbitMqEngine engine, IConnection connection, IChannel channel)
    {
        _engine = engine;
        _connection = connection;
        _channel = channel;
        _queues = [.. Enumerable.Range(0, engine.Queues.Partitions).Select(partition => new CachedString(engine.Queues.NameOf(partition)))];
    }

    /// <summary>Completes with the reason when the session is no longer of use.</summary>
    public Task<string> Ended => _ended.Task;

    /// <summary>Whether the broker takes nothing at present because it is short of memory or disk.</summary>
    public bool IsBlocked { get; private set; }

    /// <summary>Connects, and checks that the queues are there.</summary>
    public static async Task<PublishingSession> OpenAsync(
        RabbitMqEngine engine, Action<PublishingSession, PartitionBuffer, Verdict> answered, Action<ReadOnlyMemory<byte>> replied, CancellationToken cancellationToken)
    {
        IConnection connection = await engine.ConnectAsync("coolchat commands", cancellationToken);
        try
        {
            // Confirmations are matched here, with one message out per partition: the library's own tracking would limit their rate besides.
            IChannel channel = await connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false, outstandingPublisherConfirmationsRateLimiter: null),
                cancellationToken);
            PublishingSession session = new(engine, connection, channel);
            await engine.Queues.RequireAsync(channel, cancellationToken);
            session.Listen(answered);
            await channel.BasicConsumeAsync(ReplyTo, autoAck: true, new Replies(channel, replied), cancellationToken);
            return session;
        }
        catch (Exception)
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends one message; called by one thread at a time.</summary>
    public void Publish(PartitionBuffer partition, IReadOnlyList<Outgoing> operations)
    {
        _body.ResetWrittenCount();
        foreach (Outgoing operation in operations)
        {
            operation.Sent = true;
            _body.Write(operation.Line);
        }
        ulong tag = ++_lastTag;
        _unconfirmed[tag] = partition;
        BasicProperties properties = new()
        {
            Type = OperationWire.Operations,
            ContentType = OperationWire.ContentType,
            DeliveryMode = DeliveryModes.Persistent,
            ReplyTo = ReplyTo,
            MessageId = tag.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        try
        {
            ValueTask sent = _channel.BasicPublishAsync(_defaultExchange, _queues[partition.Number], mandatory: true, properties, _body.WrittenMemory);
            if (!sent.IsCompletedSuccessfully)
                sent.AsTask().GetAwaiter().GetResult();
        }
        catch (Exception failure)
        {
            // Whether it went out is unknown now: a new session sends it again.
            End(failure.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        End("closed");
        try
        {
            await _connection.CloseAsync(200, "Goodbye", _engine.Timeout, abort: true, CancellationToken.None);
        }
        finally
        {
            await _connection.DisposeAsync();
        }
    }

    private void End(string reason) => _ended.TrySetResult(reason);

    private void Listen(Action<PublishingSession, PartitionBuffer, Verdict> answered)
    {
        _channel.BasicAcksAsync += (_, confirmed) => Answer(confirmed.DeliveryTag, confirmed.Multiple, taken: true, answered);
        _channel.BasicNacksAsync += (_, refused) => Answer(refused.DeliveryTag, refused.Multiple, taken: false, answered);
        _channel.BasicReturnAsync += (_, returned) =>
        {
            // Comes before the confirmation of the same message.
            if (ulong.TryParse(returned.BasicProperties.MessageId, out ulong tag))
                _returned[tag] = true;
            return Task.CompletedTask;
        };
        _channel.ChannelShutdownAsync += (_, shutdown) => Ending(shutdown);
        _channel.CallbackExceptionAsync += (_, failed) =>
        {
            End(failed.Exception.Message);
            return Task.CompletedTask;
        };
        _connection.ConnectionShutdownAsync += (_, shutdown) => Ending(shutdown);
        _connection.ConnectionBlockedAsync += (_, _) => Block(true);
        _connection.ConnectionUnblockedAsync += (_, _) => Block(false);
    }

    private Task Ending(ShutdownEventArgs shutdown)
    {
        End(shutdown.ReplyText);
        return Task.CompletedTask;
    }

    private Task Block(bool blocked)
    {
        IsBlocked = blocked;
        return Task.CompletedTask;
    }

    private Task Answer(ulong tag, bool multiple, bool taken, Action<PublishingSession, PartitionBuffer, Verdict> answered)
    {
        foreach (ulong one in multiple ? [.. _unconfirmed.Keys.Where(key => key <= tag).Order()] : (ulong[])[tag])
        {
            if (!_unconfirmed.TryRemove(one, out PartitionBuffer? partition))
                continue;
            bool unroutable = _returned.TryRemove(one, out _);
            answered(this, partition, unroutable ? Verdict.NoQueue : taken ? Verdict.Taken : Verdict.Refused);
            if (unroutable)
                End("A queue is gone.");
        }
        return Task.CompletedTask;
    }

    private sealed class Replies(IChannel channel, Action<ReadOnlyMemory<byte>> replied) : AsyncDefaultBasicConsumer(channel)
    {
        public override Task HandleBasicDeliverAsync(
            string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body,
            CancellationToken cancellationToken = default)
        {
            if (properties.Type == OperationWire.Outcomes)
                replied(body);
            return Task.CompletedTask;
        }
    }
}
