using System.Collections.Concurrent;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace CoolChat.Engines.Redis;

/// <summary>
/// Ended sessions, told to every process within a second. <see cref="SessionRevoked"/> goes by Redis, every other event by
/// <paramref name="inner"/>. Each process keeps all of them in memory for as long as an access token may live, so that it can answer
/// <see cref="ISessionStatus"/> at once and put back what Redis has lost. Redis is no authority: what ended is durable with the user service,
/// and while Redis is away a process goes on with what it knows, at most until the token expires.
/// <code>
/// {prefix}sessions:ended   sorted set of {userId}{sessionId} (64 hexadecimal digits) by the time it ended, in Unix milliseconds
/// {prefix}sessions:ended   channel of the same, for those that need not wait for the next look
/// </code>
/// </summary>
/// <param name="redis">The connection.</param>
/// <param name="inner">Takes the other events.</param>
/// <param name="memory">How long the last access token of an ended session may live.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Says when Redis is away.</param>
public sealed partial class RedisSessionRevocations(
    RedisEngine redis, IIntegrationEvents inner, TimeSpan memory, TimeProvider time, ILogger<RedisSessionRevocations> logger)
    : BackgroundService, IIntegrationEvents, ISessionStatus
{
    private const string Name = "sessions:ended";
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    // Clocks of processes differ, and a message may be on its way: a look goes back this far before the one before.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Guid, (Guid UserId, DateTimeOffset At)> _ended = new();
    private readonly ConcurrentDictionary<Guid, byte> _untold = new();
    private readonly InProcessIntegrationEvents _local = new();
    private DateTimeOffset? _looked;
    private bool _subscribed;
    private bool _away;

    /// <inheritdoc/>
    public bool IsRevoked(Guid sessionId) => _ended.ContainsKey(sessionId);

    /// <inheritdoc/>
    public IDisposable Subscribe<T>(Func<T, CancellationToken, ValueTask> handler)
        where T : class =>
        typeof(T) == typeof(SessionRevoked) ? _local.Subscribe(handler) : inner.Subscribe(handler);

    /// <summary>
    /// A <see cref="SessionRevoked"/> has reached this process when it returns, and the others unless Redis is away: then it is told again until
    /// it has been.
    /// </summary>
    public async ValueTask PublishAsync<T>(T integrationEvent, CancellationToken cancellationToken)
        where T : class
    {
        if (integrationEvent is not SessionRevoked revoked)
        {
            await inner.PublishAsync(integrationEvent, cancellationToken);
            return;
        }

        _untold[revoked.SessionId] = 0;
        await LearnAsync(revoked, time.GetUtcNow(), cancellationToken);
        try
        {
            await TellAsync([revoked.SessionId]);
        }
        catch (Exception away) when (RedisEngine.IsAway(away))
        {
            NoteAway(away);
        }
    }

    /// <summary>What ended before is known when this returns, unless Redis is away.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _looked = await TryCatchUpAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                _looked = await TryCatchUpAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A stop.
        }
    }

    /// <summary>Answers when it looked; null when it could not: then all is read again next time.</summary>
    private async Task<DateTimeOffset?> TryCatchUpAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        Forget(now - memory);
        try
        {
            if (!_subscribed)
                await redis.Subscriber.SubscribeAsync(redis.Channel(Name), (channel, value) => _ = HearAsync(value));
            _subscribed = true;
            await LookAsync(_looked - Overlap, cancellationToken);
            bool lost = await redis.Database.SortedSetLengthAsync(redis.Key(Name)) < _ended.Count;
            await TellAsync(lost ? [.. _ended.Keys] : [.. _untold.Keys]);
            _away = false;
            return now;
        }
        catch (Exception away) when (RedisEngine.IsAway(away))
        {
            NoteAway(away);
            return null;
        }
    }

    /// <summary>Said once, not once a second.</summary>
    private void NoteAway(Exception away)
    {
        if (!_away)
            LogAway(logger, away);
        _away = true;
    }

    private async Task LookAsync(DateTimeOffset? since, CancellationToken cancellationToken)
    {
        DateTimeOffset from = since ?? time.GetUtcNow() - memory;
        SortedSetEntry[] found = await redis.Database.SortedSetRangeByScoreWithScoresAsync(redis.Key(Name), from.ToUnixTimeMilliseconds());
        foreach (SortedSetEntry entry in found)
        {
            if (Parse(entry.Element) is { } revoked)
                await LearnAsync(revoked, DateTimeOffset.FromUnixTimeMilliseconds((long)entry.Score), cancellationToken);
        }
    }

    private async Task HearAsync(RedisValue value)
    {
        try
        {
            if (Parse(value) is { } revoked)
                await LearnAsync(revoked, time.GetUtcNow(), CancellationToken.None);
        }
        catch (Exception failure)
        {
            // A handler's failure must not end the subscription.
            LogFailed(logger, failure);
        }
    }

    private async ValueTask LearnAsync(SessionRevoked revoked, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (_ended.TryAdd(revoked.SessionId, (revoked.UserId, at)))
            await _local.PublishAsync(revoked, cancellationToken);
    }

    private async Task TellAsync(IReadOnlyList<Guid> sessions)
    {
        if (sessions.Count == 0)
            return;
        SortedSetEntry[] entries =
            [.. sessions.Where(_ended.ContainsKey).Select(id => new SortedSetEntry(Format(_ended[id].UserId, id), _ended[id].At.ToUnixTimeMilliseconds()))];
        IDatabase database = redis.Database;
        await database.SortedSetAddAsync(redis.Key(Name), entries);
        await database.SortedSetRemoveRangeByScoreAsync(redis.Key(Name), double.NegativeInfinity, (time.GetUtcNow() - memory).ToUnixTimeMilliseconds());
        await database.KeyExpireAsync(redis.Key(Name), memory);
        foreach (SortedSetEntry entry in entries)
            await database.PublishAsync(redis.Channel(Name), entry.Element);
        foreach (Guid id in sessions)
            _untold.TryRemove(id, out _);
    }

    private void Forget(DateTimeOffset before)
    {
        foreach ((Guid id, (_, DateTimeOffset at)) in _ended)
        {
            if (at < before && _ended.TryRemove(id, out _))
                _untold.TryRemove(id, out _);
        }
    }

    private static string Format(Guid userId, Guid sessionId) => $"{userId:N}{sessionId:N}";

    private static SessionRevoked? Parse(RedisValue value) =>
        value.ToString() is { Length: 64 } text && Guid.TryParseExact(text[..32], "N", out Guid userId) && Guid.TryParseExact(text[32..], "N", out Guid sessionId)
            ? new SessionRevoked(userId, sessionId)
            : null;

    [LoggerMessage(6000, LogLevel.Warning, "Redis is away: ended sessions are told to other processes when it is back")]
    private static partial void LogAway(ILogger logger, Exception failure);

    [LoggerMessage(6001, LogLevel.Error, "A handler of an ended session failed")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}
