using System.Buffers;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Engines;
using CoolChat.Engines.RabbitMq;
using CoolChat.Processing.Writing;
using RabbitMQ.Client;

namespace CoolChat.Processing.Adapters.RabbitMq;

/// <summary>
/// Tells outcomes and only then acknowledges: takes all deliveries that have finished, sends each chat node one message with all its outcomes, sets
/// aside what is poison, and acknowledges each partition once. On a connection of its own, because a broker that is short of memory holds up whoever
/// publishes, and must not hold up acknowledgements.
/// </summary>
internal sealed class Answers : IDisposable
{
    private const int MostBytes = 256 * 1024;

    private readonly IChannel _replies;
    private readonly DeadLetterBox _dead;
    private readonly Action<string> _failed;
    private readonly Dictionary<string, ArrayBufferWriter<byte>> _byReply = [];
    private readonly CachedString _defaultExchange = new("");
    private readonly BasicProperties _properties = new() { Type = OperationWire.Outcomes, ContentType = OperationWire.ContentType };
    private readonly BlockingInbox<Delivery> _finished = new();
    private readonly Thread _thread;

    private Answers(IChannel replies, DeadLetterBox dead, Action<string> failed)
    {
        _replies = replies;
        _dead = dead;
        _failed = failed;
        _thread = new Thread(Run) { IsBackground = true, Name = "command answers" };
    }

    /// <param name="connection">Not the consumers' one: see above. Its owner closes it.</param>
    /// <param name="queues">For dead letters.</param>
    /// <param name="failed">Told once when nothing can be answered any more.</param>
    /// <param name="cancellationToken">For opening.</param>
    public static async Task<Answers> OpenAsync(IConnection connection, CommandQueues queues, Action<string> failed, CancellationToken cancellationToken)
    {
        IChannel replies = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        Answers answers = new(replies, await DeadLetterBox.OpenAsync(connection, queues, cancellationToken), failed);
        answers._thread.Start();
        return answers;
    }

    /// <summary>The delivery's outcomes are all there.</summary>
    public void Add(Delivery delivery) => _finished.Add(delivery);

    public void Dispose() => _finished.Close();

    private void Run()
    {
        try
        {
            while (_finished.Take() is { } finished)
                AnswerAsync(finished).AsTask().GetAwaiter().GetResult();
        }
        catch (Exception failure)
        {
            // Nothing was acknowledged that was not answered: a new session gets the rest again.
            _failed(failure.Message);
        }
    }

    private async ValueTask AnswerAsync(IReadOnlyList<Delivery> finished)
    {
        foreach (Delivery delivery in finished)
        {
            if (delivery.Operations.Any(operation => operation.Result.Refusal is { } refusal && IsPassing(refusal)))
            {
                delivery.Partition.StepDown("The log was not to be had.");
                continue;
            }
            foreach (Delivered operation in delivery.Operations)
                await AnswerAsync(delivery, operation);
            delivery.IsAnswered = true;
        }
        foreach ((string to, ArrayBufferWriter<byte> lines) in _byReply)
            await SendAsync(to, lines);
        _byReply.Clear();
        foreach (PartitionConsumer partition in finished.Select(delivery => delivery.Partition).Distinct())
            await partition.AcknowledgeAsync();
    }

    /// <summary>Says nothing about the operation, which therefore is not done: no caller may hear it as its outcome.</summary>
    private static bool IsPassing(Refusal refusal) => refusal.Code is ErrorCodes.Busy or ErrorCodes.Unavailable or ErrorCodes.StorageFull;

    private async ValueTask AnswerAsync(Delivery delivery, Delivered operation)
    {
        // The same object: a resend of what was set aside earlier is told so, but is no second dead letter.
        if (ReferenceEquals(operation.Result.Refusal, OperationDecider.PoisonRefusal))
        {
            await _dead.PutAsync(
                operation.Line, operation.DeadBecause ?? "Deciding it fails; see the log of processing.", delivery.Partition.Partition, decided: operation.DeadBecause is null);
        }
        if (delivery.ReplyTo is not { } to || operation.Number == 0)
            return;
        if (!_byReply.TryGetValue(to, out ArrayBufferWriter<byte>? lines))
            _byReply[to] = lines = new ArrayBufferWriter<byte>(4096);
        OperationWire.WriteOutcome(lines, operation.Number, operation.Result);
        if (lines.WrittenCount > MostBytes)
        {
            await SendAsync(to, lines);
            lines.ResetWrittenCount();
        }
    }

    /// <summary>A caller that is gone hears nothing; it asks for the outcome by the command's id.</summary>
    private async ValueTask SendAsync(string to, ArrayBufferWriter<byte> lines)
    {
        if (lines.WrittenCount > 0)
            await _replies.BasicPublishAsync(_defaultExchange, new CachedString(to), mandatory: false, _properties, lines.WrittenMemory);
    }
}
