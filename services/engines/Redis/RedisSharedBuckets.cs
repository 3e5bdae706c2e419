using System.Globalization;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace CoolChat.Engines.Redis;

/// <summary>
/// One allowance over all processes. Each decides by itself at once and tells Redis ten times a second what it gave; the answer is
/// what all gave together, which is what it decides by from then on. So nobody waits for Redis, one gets at most one more
/// burst from each process one reaches within a tenth of a second, and while Redis is away every process limits by what it sees.
/// <code>
/// {prefix}limits:{key of the bucket}   hash: s = spent, t = when, in Redis's own milliseconds; gone when the bucket is full again
/// </code>
/// </summary>
public sealed partial class RedisSharedBuckets(RedisEngine redis, ISharedBuckets buckets, TimeProvider time, ILogger<RedisSharedBuckets> logger) : BackgroundService
{
    private const int MostAtOnce = 2_000;

    // ARGV: per second, given, burst.
    private const string Add = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + time[2] / 1000
        local known = redis.call('HMGET', KEYS[1], 's', 't')
        local since = math.max(0, now - (tonumber(known[2] or now)))
        local spent = math.max(0, (tonumber(known[1] or '0')) - since / 1000 * ARGV[1])
        spent = math.min(spent + ARGV[2], tonumber(ARGV[3]))
        redis.call('HSET', KEYS[1], 's', string.format('%.6f', spent), 't', string.format('%.3f', now))
        redis.call('PEXPIRE', KEYS[1], math.ceil(spent / ARGV[1] * 1000) + 1000)
        return string.format('%.6f', spent)
        """;

    private static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(100);
    private bool _away;

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        buckets.Share();
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(TellEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TellAsync();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A stop.
        }
    }

    private async Task TellAsync()
    {
        IReadOnlyList<Given> given = buckets.TakeGiven(MostAtOnce);
        if (given.Count == 0)
            return;
        try
        {
            IDatabase database = redis.Database;
            await Task.WhenAll(given.Select(one => TellAsync(database, one)));
            _away = false;
        }
        catch (Exception away) when (RedisEngine.IsAway(away))
        {
            if (!_away)
                LogAway(logger, away);
            _away = true;
        }
    }

    private async Task TellAsync(IDatabase database, Given given)
    {
        RedisResult spent = await database.ScriptEvaluateAsync(Add, [redis.Key("limits:" + given.Key)], [given.PerSecond, given.Count, given.Burst]);
        given.Learn(double.Parse(spent.ToString(), CultureInfo.InvariantCulture));
    }

    [LoggerMessage(320, LogLevel.Warning, "Redis is away: each process limits by what it sees itself")]
    private static partial void LogAway(ILogger logger, Exception failure);
}
