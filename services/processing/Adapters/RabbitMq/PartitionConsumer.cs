using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Engines.RabbitMq;
using CoolChat.Processing.Writing;
using RabbitMQ.Client;

namespace CoolChat.Processing.Adapters.RabbitMq;

/// <summary>
/// One partition's queue on a channel of its own: feeds the writer in the queue's order, and acknowledges what is decided, committed, shown and
/// answered. The broker gives the partition to one consumer at a time; the log's fence holds even where the broker errs. It is handed over by
/// closing the channel when nothing is under way: what was not taken yet goes back to the queue in its order, before anybody else gets a message.
/// </summary>
internal sealed class PartitionConsumer : AsyncDefaultBasicConsumer
{
    private static readonly TimeSpan FullPause = TimeSpan.FromMilliseconds(5);

    private readonly ConversationWriter _writer;
    private readonly Action<Delivery> _finished;
    private readonly Action<PartitionConsumer, string> _probed;
    private readonly Queue<Delivery> _underWay = new();
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _letGo;
    private int _closed;

    private PartitionConsumer(IChannel channel, int partition, ConversationWriter writer, Action<Delivery> finished, Action<PartitionConsumer, string> probed)
        : base(channel)
    {
        Partition = partition;
        _writer = writer;
        _finished = finished;
        _probed = probed;
    }

    public int Partition { get; }

    /// <summary>Completes with the reason when the channel is no longer of use.</summary>
    public Task<string> Ended => _ended.Task;

    public static async Task<PartitionConsumer> OpenAsync(
        IConnection connection, CommandQueues queues, int partition, int prefetch, ConversationWriter writer, Action<Delivery> finished,
        Action<PartitionConsumer, string> probed, CancellationToken cancellationToken)
    {
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        PartitionConsumer consumer = new(channel, partition, writer, finished, probed);
        channel.ChannelShutdownAsync += (_, shutdown) =>
        {
            consumer.StepDown(shutdown.ReplyText);
            return Task.CompletedTask;
        };
        await channel.BasicQosAsync(0, (ushort)prefetch, global: false, cancellationToken);
        await channel.BasicConsumeAsync(queues.NameOf(partition), autoAck: false, consumer, cancellationToken);
        return consumer;
    }

    public override async Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey, IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken = default)
    {
        if (properties.Type == Probes.Type)
        {
            if (Begin(new Delivery(this, deliveryTag, null)) is not { } probe)
                return;
            _probed(this, properties.AppId ?? "");
            probe.CloseOne();
            return;
        }
        if (Begin(new Delivery(this, deliveryTag, properties.ReplyTo)) is not { } delivery)
            return;
        // The body's memory is the library's.
        List<(ConversationOperation Operation, Delivered Outcome)> operations = Read(delivery, properties.Type, body.ToArray());
        foreach ((ConversationOperation operation, Delivered outcome) in operations)
            await PostAsync(operation, outcome);
        delivery.CloseOne();
    }

    /// <summary>All operations of a delivery have outcomes; they are answered elsewhere, since this is the writer's or the fan-out's thread.</summary>
    public void Finished(Delivery delivery) => _finished(delivery);

    /// <summary>The channel is given up without an acknowledgement: the queue delivers again what was under way, here or elsewhere.</summary>
    public void StepDown(string reason)
    {
        lock (_gate)
            _letGo = true;
        _ended.TrySetResult(reason);
    }

    /// <summary>Whether what was delivered is somebody else's by now.</summary>
    public bool IsLost => _ended.Task.IsCompleted;

    /// <summary>Called by the thread that answers, which has told the outcomes. Acknowledges everything that is answered without a gap before it.</summary>
    public async ValueTask AcknowledgeAsync()
    {
        ulong last = 0;
        lock (_gate)
        {
            while (_underWay.TryPeek(out Delivery? delivery) && delivery.IsAnswered)
                last = _underWay.Dequeue().Tag;
        }
        if (last > 0 && !IsLost)
            await AcknowledgeAsync(last);
        lock (_gate)
        {
            if (_letGo && _underWay.Count == 0)
                _drained.TrySetResult();
        }
    }

    private async ValueTask AcknowledgeAsync(ulong last)
    {
        try
        {
            await Channel.BasicAckAsync(last, multiple: true);
        }
        catch (Exception failure)
        {
            // Delivered again and found done, here or elsewhere.
            StepDown(failure.Message);
        }
    }

    /// <summary>Takes nothing more, lets what is under way end (at most <paramref name="within"/>), and closes the channel.</summary>
    public async Task LetGoAsync(TimeSpan within)
    {
        lock (_gate)
        {
            _letGo = true;
            if (_underWay.Count == 0)
                _drained.TrySetResult();
        }
        await Task.WhenAny(_drained.Task, _ended.Task, Task.Delay(within));
        await CloseAsync();
    }

    /// <summary>Can be called again.</summary>
    public async Task CloseAsync()
    {
        StepDown("closed");
        if (Interlocked.Exchange(ref _closed, 1) != 0)
            return;
        try
        {
            await Channel.AbortAsync();
        }
        finally
        {
            await Channel.DisposeAsync();
        }
    }

    private Delivery? Begin(Delivery delivery)
    {
        lock (_gate)
        {
            if (_letGo)
                return null;
            _underWay.Enqueue(delivery);
            return delivery;
        }
    }

    private static List<(ConversationOperation Operation, Delivered Outcome)> Read(Delivery delivery, string? type, ReadOnlyMemory<byte> lines)
    {
        List<(ConversationOperation Operation, Delivered Outcome)> readable = [];
        if (type != OperationWire.Operations)
        {
            SetAside(delivery, 0, lines, $"The type '{type}' is not known.");
            return readable;
        }
        while (OperationWire.TryTakeLine(ref lines, out ReadOnlyMemory<byte> line))
        {
            if (OperationWire.TryDecode(line.Span, out OperationLine? operation, out string? why))
            {
                Delivered outcome = new(delivery, operation.Number, line);
                delivery.Add(outcome);
                readable.Add((operation.Do, outcome));
            }
            else
            {
                SetAside(delivery, OperationWire.NumberOf(line.Span), line, why);
            }
        }
        return readable;
    }

    private static void SetAside(Delivery delivery, ulong number, ReadOnlyMemory<byte> line, string why)
    {
        Delivered poison = new(delivery, number, line) { DeadBecause = why };
        delivery.Add(poison);
        poison.Settle(OperationDecider.PoisonRefusal);
    }

    /// <summary>A full writer holds the partition up; a stopping one takes no more, and the queue keeps the rest.</summary>
    private async Task PostAsync(ConversationOperation operation, Delivered outcome)
    {
        while (_writer.Post(operation, outcome) is { } refusal)
        {
            if (refusal.Code != ErrorCodes.Busy || IsLost)
            {
                outcome.Settle(refusal);
                return;
            }
            await Task.Delay(FullPause);
        }
    }
}
