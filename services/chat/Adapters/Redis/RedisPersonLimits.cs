using System.Globalization;
using CoolChat.Chat.Messages;
using CoolChat.Engines.Redis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace CoolChat.Chat.Adapters.Redis;

/// <summary>
/// One allowance for a person over all nodes. Each node decides by itself at once and tells Redis ten times a second what it gave; the answer is
/// what all nodes gave together, which is what it decides by from then on. So nobody waits for Redis, a person gets at most one more
/// burst from each node they reach within a tenth of a second, and while Redis is away every node limits by what it sees.
/// <code>
/// {prefix}limits:{userId}:{allowance}   hash: s = spent, t = when, in Redis's own milliseconds; gone when the bucket is full again
/// </code>
/// </summary>
internal sealed partial class RedisPersonLimits(RedisEngine redis, PersonLimits limits, TimeProvider time, ILogger<RedisPersonLimits> logger) : BackgroundService
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

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        limits.Share();
        return base.StartAsync(cancellationToken);
    }

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
        IReadOnlyList<Given> given = limits.TakeGiven(MostAtOnce);
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
        RedisKey key = redis.Key($"limits:{given.UserId:N}:{given.Allowance}");
        RedisResult spent = await database.ScriptEvaluateAsync(Add, [key], [given.PerSecond, given.Count, given.Burst]);
        limits.Learn(given.UserId, given.Allowance, double.Parse(spent.ToString(), CultureInfo.InvariantCulture));
    }

    [LoggerMessage(320, LogLevel.Warning, "Redis is away: each node limits people by what it sees itself")]
    private static partial void LogAway(ILogger logger, Exception failure);
}
