using System.Text.Json;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace CoolChat.Engines.Redis.Fanout;

/// <summary>
/// The chat node's end of live fan-out between processes. Batches are delivered in the order of their publisher. When something may be missing (a
/// number is skipped, a publisher falls silent or begins anew, Redis is away) it says so, at most once a second; while Redis is away it says so
/// every ten seconds, so that clients see what happens even then, only later.
/// </summary>
/// <param name="redis">The connection.</param>
/// <param name="deliver">Takes a batch; returns at once.</param>
/// <param name="lost">Something may be missing: what clients have must be brought up to date from the log. Returns at once.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Says what was lost.</param>
public sealed partial class RedisFanoutFeed(RedisEngine redis, Action<LiveBatch> deliver, Action lost, TimeProvider time, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan RepeatEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private readonly Dictionary<Guid, Publisher> _publishers = [];
    private readonly Lock _gate = new();
    private ChannelMessageQueue? _messages;
    private string? _missing;
    private long _toldAt;
    private bool _baseline = true;
    private bool _away;

    /// <summary>How often it has looked after its publishers, about once a second; 0 until it listens.</summary>
    public int Looks { get; private set; }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(LookEvery, time);
        try
        {
            do
            {
                await LookAsync();
                TellLost();
                if (_messages is not null)
                    Looks++;
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A stop.
        }
    }

    private async Task LookAsync()
    {
        try
        {
            if (_messages is null)
            {
                _messages = await redis.Subscriber.SubscribeAsync(RedisChannel.Pattern(redis.Prefix + FanoutChannels.Any));
                _messages.OnMessage(message => Hear(message.Channel, message.Message));
            }
            else
            {
                // Whoever publishes now is known after the first of these looks; a publisher that appears later is a loss.
                _baseline = false;
            }

            await redis.Database.PingAsync();
            if (_away)
                Missing("Redis was away");
            _away = false;
            ForgetSilent();
        }
        catch (Exception away) when (RedisEngine.IsAway(away))
        {
            if (!_away || time.GetElapsedTime(_toldAt) >= RepeatEvery)
                Missing("Redis is away");
            _away = true;
        }
    }

    private void Hear(string? channel, RedisValue value)
    {
        try
        {
            if (channel is not null && channel.EndsWith(FanoutChannels.Alive, StringComparison.Ordinal))
                HearAlive(JsonSerializer.Deserialize<FanoutAlive>((byte[])value!, FanoutChannels.Json)!);
            else
                HearBatch(JsonSerializer.Deserialize<FanoutBatch>((byte[])value!, FanoutChannels.Json)!);
        }
        catch (JsonException failure)
        {
            // Of another version, whose number is then missing.
            LogUnreadable(logger, failure);
        }
    }

    private void HearBatch(FanoutBatch batch)
    {
        Publisher publisher = Find(batch.Run);
        lock (_gate)
        {
            if (publisher.Numbers[batch.Partition] is { } known && batch.Number != known + 1)
                Missing("a number was skipped");
            publisher.Numbers[batch.Partition] = batch.Number;
        }

        deliver(new LiveBatch { Events = batch.Events, Marks = batch.Marks, PrivateChanges = batch.PrivateChanges });
    }

    private void HearAlive(FanoutAlive alive)
    {
        Publisher publisher = Find(alive.Run);
        lock (_gate)
        {
            for (int partition = 0; partition < alive.Numbers.Count; partition++)
            {
                if (publisher.Numbers[partition] is { } known && known != alive.Numbers[partition])
                    Missing("a number was skipped");
                publisher.Numbers[partition] = alive.Numbers[partition];
            }

            if (alive.Ends)
                _publishers.Remove(alive.Run);
        }
    }

    private Publisher Find(Guid run)
    {
        lock (_gate)
        {
            if (!_publishers.TryGetValue(run, out Publisher? publisher))
            {
                _publishers[run] = publisher = new Publisher();
                // The one before it may have ended between a commit and its telling.
                if (!_baseline)
                    Missing("a new publisher");
            }

            publisher.HeardAt = time.GetTimestamp();
            return publisher;
        }
    }

    /// <summary>A publisher that died may have committed what it didn't tell.</summary>
    private void ForgetSilent()
    {
        lock (_gate)
        {
            foreach ((Guid run, Publisher publisher) in _publishers)
            {
                if (time.GetElapsedTime(publisher.HeardAt) > SilentAfter && _publishers.Remove(run))
                    Missing("a publisher is silent");
            }
        }
    }

    private void Missing(string why)
    {
        lock (_gate)
            _missing ??= why;
    }

    private void TellLost()
    {
        string? why;
        lock (_gate)
            (why, _missing) = (_missing, null);
        if (why is null)
            return;
        LogLost(logger, why);
        _toldAt = time.GetTimestamp();
        lost();
    }

    [LoggerMessage(6012, LogLevel.Warning, "Live events may have been lost ({Why}): every client here syncs")]
    private static partial void LogLost(ILogger logger, string why);

    [LoggerMessage(6013, LogLevel.Error, "A message of live fan-out could not be read")]
    private static partial void LogUnreadable(ILogger logger, Exception failure);

    private sealed class Publisher
    {
        public long?[] Numbers { get; } = new long?[FanoutChannels.Partitions];

        public long HeardAt { get; set; }
    }
}
