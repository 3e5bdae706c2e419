using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Engines.RabbitMq;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace CoolChat.Processing.Adapters.RabbitMq;

/// <summary>A page of dead letters, in the queue's order.</summary>
/// <param name="Total">How many there are, besides those that somebody else is looking at.</param>
/// <param name="Items">Some of them.</param>
internal sealed record DeadLetterPage(long Total, IReadOnlyList<DeadLetterView> Items);

/// <summary>What a replay did.</summary>
/// <param name="Replayed">Letters whose operations are in their partitions' queues again.</param>
/// <param name="Left">Letters that it looked at and left: not asked for, or not readable.</param>
internal sealed record ReplayResult(int Replayed, int Left);

/// <summary>
/// The queue of dead letters for an operator. Looking takes letters from the broker and lets it put them back, so one looks at a time, at no more than
/// <see cref="MostAtOnce"/>.
/// </summary>
internal sealed partial class DeadLetters(RabbitMqEngine engine, ILogger<DeadLetters> logger) : IDisposable
{
    public const int MostAtOnce = 1_000;

    private readonly SemaphoreSlim _looking = new(1, 1);

    public Task<DeadLetterPage> ListAsync(int skip, int limit, CancellationToken cancellationToken) => WithChannelAsync(async channel =>
    {
        uint total = await channel.MessageCountAsync(engine.Queues.Dead, cancellationToken);
        List<DeadLetterView> items = [];
        for (int i = 0; i < skip + limit && await channel.BasicGetAsync(engine.Queues.Dead, autoAck: false, cancellationToken) is { } got; i++)
        {
            if (i >= skip)
                items.Add(new DeadLetter(got.BasicProperties, got.Body).View());
        }
        // The end of the channel puts them all back.
        return new DeadLetterPage(total, items);
    }, cancellationToken);

    /// <param name="ids">Which; null: all.</param>
    /// <param name="cancellationToken">Ends it between two letters.</param>
    public Task<ReplayResult> ReplayAsync(IReadOnlySet<string>? ids, CancellationToken cancellationToken) => WithChannelAsync(async channel =>
    {
        int replayed = 0, left = 0;
        // What a replay sets aside anew comes behind these.
        for (long waiting = Math.Min(MostAtOnce, await channel.MessageCountAsync(engine.Queues.Dead, cancellationToken)); waiting > 0; waiting--)
        {
            if (await channel.BasicGetAsync(engine.Queues.Dead, autoAck: false, cancellationToken) is not { } got)
                break;
            DeadLetter letter = new(got.BasicProperties, got.Body);
            if (letter.Operations.Count == 0 || ids?.Contains(letter.Id) == false)
            {
                left++;
                continue;
            }
            // In the partition's queue before it leaves this one: a crash between the two replays it twice, which is once.
            foreach (ConversationOperation operation in letter.Replayed())
                await PublishAsync(channel, operation);
            await channel.BasicAckAsync(got.DeliveryTag, multiple: false, CancellationToken.None);
            LogReplayed(logger, letter.Id, letter.Operations.Count);
            replayed++;
        }
        return new ReplayResult(replayed, left);
    }, cancellationToken);

    public void Dispose() => _looking.Dispose();

    /// <summary>The broker has it when this returns.</summary>
    private async Task PublishAsync(IChannel channel, ConversationOperation operation)
    {
        BasicProperties properties = new() { Type = OperationWire.Operations, ContentType = OperationWire.ContentType, DeliveryMode = DeliveryModes.Persistent };
        string queue = engine.Queues.NameOf(ConversationIds.Partition(operation.ConversationId, engine.Queues.Partitions));
        // Nobody waits for an outcome: number 0, no address.
        await channel.BasicPublishAsync("", queue, mandatory: true, properties, OperationWire.Encode(0, operation), CancellationToken.None);
    }

    private async Task<T> WithChannelAsync<T>(Func<IChannel, Task<T>> work, CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken);
        try
        {
            await using IConnection connection = await engine.ConnectAsync("coolchat operator", cancellationToken);
            await using IChannel channel = await connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
            return await work(channel);
        }
        catch (Exception failure) when (failure is BrokerUnreachableException or OperationInterruptedException or AlreadyClosedException or PublishException or IOException or TimeoutException)
        {
            throw new RefusedException(new Refusal(ErrorCodes.Unavailable, "The broker, or its queue of dead letters, is not there just now; try again later.", RetryAfter: 5), failure);
        }
        finally
        {
            _looking.Release();
        }
    }

    [LoggerMessage(3110, LogLevel.Information, "Dead letter {Id} with {Operations} operations was replayed by the operator")]
    private static partial void LogReplayed(ILogger logger, string id, int operations);
}
