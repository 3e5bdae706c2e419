using System.Text.Json;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace CoolChat.Engines.Redis.Fanout;

/// <summary>
/// The writer's end of live fan-out between processes. The hand-over is bounded and never blocks: what doesn't fit, and what Redis doesn't take,
/// is dropped but counted, so that chat nodes see that something is missing.
/// </summary>
public sealed partial class RedisLiveFanout(RedisEngine redis, ILogger<RedisLiveFanout> logger) : BackgroundService, ILiveFanout
{
    private const int MostWaiting = 100_000;
    private readonly Guid _run = Guid.NewGuid();
    private readonly long[] _numbers = new long[FanoutChannels.Partitions];
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _signal = new(0);
    private List<LiveBatch> _waiting = [];
    private int _weight;
    private bool _overflowed;
    private bool _away;

    /// <inheritdoc/>
    public void Publish(LiveBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        bool first = false;
        lock (_gate)
        {
            if (_weight > MostWaiting)
            {
                _overflowed = true;
            }
            else
            {
                _weight += 1 + batch.Events.Count + batch.Marks.Count + batch.PrivateChanges.Count;
                _waiting.Add(batch);
                first = _waiting.Count == 1;
            }
        }

        if (first)
            _signal.Release();
        // Whoever waits for an outcome waits here, not on a chat node.
        foreach (LiveOutcome outcome in batch.Outcomes)
            outcome.Tell();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _signal.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long aliveAt = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            await SendWaitingAsync();
            if (Environment.TickCount64 - aliveAt >= (long)FanoutChannels.AliveEvery.TotalMilliseconds)
            {
                await SendAsync([(FanoutChannels.Alive, new FanoutAlive(_run, _numbers))]);
                aliveAt = Environment.TickCount64;
            }

            try
            {
                await _signal.WaitAsync(FanoutChannels.AliveEvery, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                // A stop: what was handed over is still told.
            }
        }

        await SendWaitingAsync();
        await SendAsync([(FanoutChannels.Alive, new FanoutAlive(_run, _numbers, Ends: true))]);
    }

    private async Task SendWaitingAsync()
    {
        List<LiveBatch> batches;
        bool overflowed;
        lock (_gate)
        {
            (batches, _waiting) = (_waiting, []);
            _weight = 0;
            (overflowed, _overflowed) = (_overflowed, false);
        }

        if (batches.Count > 0)
            await SendAsync([.. batches.SelectMany(Split).Select(part => (FanoutChannels.Of(part.Partition), (object)part))]);
        if (!overflowed)
            return;
        LogOverflow(logger, MostWaiting);
        for (int partition = 0; partition < _numbers.Length; partition++)
            _numbers[partition]++;
    }

    /// <summary>By partition; within one the order stays.</summary>
    private IEnumerable<FanoutBatch> Split(LiveBatch batch)
    {
        ILookup<int, LiveEvent> events = batch.Events.ToLookup(live => PartitionOf(live.Event.ConversationId));
        ILookup<int, LiveMarks> marks = batch.Marks.ToLookup(mark => PartitionOf(mark.ConversationId));
        ILookup<int, PrivateChange> changes = batch.PrivateChanges.ToLookup(change => PartitionOf(change.ConversationId));
        foreach (int partition in events.Select(group => group.Key).Union(marks.Select(group => group.Key)).Union(changes.Select(group => group.Key)))
            yield return new FanoutBatch(_run, partition, ++_numbers[partition], [.. events[partition]], [.. marks[partition]], [.. changes[partition]]);
    }

    private async Task SendAsync(IReadOnlyList<(string Channel, object Message)> messages)
    {
        try
        {
            ISubscriber subscriber = redis.Subscriber;
            await Task.WhenAll(messages.Select(message =>
                subscriber.PublishAsync(redis.Channel(message.Channel), JsonSerializer.SerializeToUtf8Bytes(message.Message, message.Message.GetType(), FanoutChannels.Json))));
            _away = false;
        }
        catch (Exception away) when (RedisEngine.IsAway(away))
        {
            if (!_away)
                LogAway(logger, away);
            _away = true;
        }
    }

    private static int PartitionOf(Guid conversationId) => ConversationIds.Partition(conversationId, FanoutChannels.Partitions);

    [LoggerMessage(6010, LogLevel.Warning, "Redis is away: nothing is told live until it is back, then every client syncs")]
    private static partial void LogAway(ILogger logger, Exception failure);

    [LoggerMessage(6011, LogLevel.Warning, "Live fan-out fell behind by more than {Most} events; every client syncs")]
    private static partial void LogOverflow(ILogger logger, int most);
}
