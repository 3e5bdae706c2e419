using System.Text.Json;
using CoolChat.Chat.Presence;
using CoolChat.Engines.Redis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace CoolChat.Chat.Adapters.Redis;

/// <summary>
/// Presence over all nodes. Each node keeps a set of who is with it, which expires unless the node lives, and says every change and every few
/// seconds that it lives. Each holds the others' sets in memory. Changes are counted: whoever misses one reads that node's set
/// anew. A node that isn't heard is forgotten, but not while Redis is away, for then nobody is heard.
/// <code>
/// {prefix}presence:nodes        sorted set of node ids by when they last said that they live, in Unix milliseconds
/// {prefix}presence:node:{id}    set of userIds; expires
/// {prefix}presence              channel of <see cref="PresenceMessage"/>, as JSON
/// </code>
/// </summary>
internal sealed partial class RedisPresenceBoard(RedisEngine redis, TimeProvider time, ILogger<RedisPresenceBoard> logger) : BackgroundService, IPresenceBoard
{
    private const int SetAtOnce = 1_000;
    private static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(100);
    private readonly Guid _node = Guid.NewGuid();
    private readonly OtherNodes _others = new();
    private readonly Lock _gate = new();
    // A message that arrives while a set is read is newer than the set, or in it: it is taken afterwards.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly HashSet<Guid> _here = [];
    private List<PresenceChange> _untold = [];
    private Action<Guid, DateTimeOffset> _changed = static (_, _) => { };
    private ChannelMessageQueue? _messages;
    private long _version;
    private long _lived;
    private bool _complete;
    private bool _away;

    /// <summary>How often a node says that it lives.</summary>
    public TimeSpan LiveEvery { get; init; } = TimeSpan.FromSeconds(5);

    private RedisKey Nodes => redis.Key("presence:nodes");

    private TimeSpan Lifetime => 3 * LiveEvery;

    public void Set(Guid userId, bool here, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (here ? _here.Add(userId) : _here.Remove(userId))
                _untold.Add(new PresenceChange(userId, here, at));
        }
    }

    public bool IsElsewhere(Guid userId) => _others.Has(userId);

    public void OnChange(Action<Guid, DateTimeOffset> changed) => _changed = changed;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await redis.Database.KeyDeleteAsync(NodeKey(_node));
            await redis.Database.SortedSetRemoveAsync(Nodes, _node.ToString("N"));
            await SayAsync(new PresenceMessage(_node, _version, [], Ends: true));
            if (_messages is not null)
                await _messages.UnsubscribeAsync();
        }
        catch (Exception away) when (RedisEngine.IsAway(away))
        {
            // It is forgotten when it isn't heard any more.
        }
    }

    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(TellEvery, time);
        try
        {
            do
                await TryWorkAsync();
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A stop.
        }
    }

    private async Task TryWorkAsync()
    {
        try
        {
            if (_messages is null)
            {
                _messages = await redis.Subscriber.SubscribeAsync(redis.Channel("presence"));
                _messages.OnMessage(message => HearAsync(message.Message));
            }

            bool due = !_complete || time.GetElapsedTime(_lived) >= LiveEvery;
            if (due)
                await EnterAsync();
            await TellAsync(due);
            if (due)
                await LookAsync();
            _away = false;
        }
        catch (Exception away) when (RedisEngine.IsAway(away))
        {
            if (!_away)
                LogAway(logger, away);
            _away = true;
            _complete = false;
        }
    }

    /// <summary>First what the set holds, then what changed: who reads the set after the message sees at least that.</summary>
    private async Task TellAsync(bool alsoNone)
    {
        List<PresenceChange> changes;
        bool lost = !_complete;
        if (!lost && alsoNone)
            lost = !await redis.Database.KeyExpireAsync(NodeKey(_node), Lifetime);
        Guid[] all;
        lock (_gate)
        {
            changes = _untold;
            _untold = [];
            all = lost ? [.. _here] : [];
        }

        // What can't be told now is in the whole set that is written when Redis is back.
        _version += changes.Count;
        if (lost)
            await redis.Database.KeyDeleteAsync(NodeKey(_node));
        foreach (Guid[] some in all.Chunk(SetAtOnce))
            await redis.Database.SetAddAsync(NodeKey(_node), [.. some.Select(Format)]);
        foreach (PresenceChange change in lost ? [] : changes)
            await (change.Here ? redis.Database.SetAddAsync(NodeKey(_node), Format(change.UserId)) : redis.Database.SetRemoveAsync(NodeKey(_node), Format(change.UserId)));
        if (lost || changes.Count > 0)
            await redis.Database.KeyExpireAsync(NodeKey(_node), Lifetime);
        if (changes.Count > 0 || alsoNone)
            await SayAsync(new PresenceMessage(_node, _version, changes));
    }

    /// <summary>Enters the list of nodes, before it says anything: who doesn't listen yet will find it there.</summary>
    private async Task EnterAsync()
    {
        DateTimeOffset now = time.GetUtcNow();
        await redis.Database.SortedSetAddAsync(Nodes, _node.ToString("N"), now.ToUnixTimeMilliseconds());
        await redis.Database.SortedSetRemoveRangeByScoreAsync(Nodes, double.NegativeInfinity, (now - (10 * Lifetime)).ToUnixTimeMilliseconds());
    }

    /// <summary>Looks after the others: all of them when it could not hear, else those that went silent.</summary>
    private async Task LookAsync()
    {
        if (!_complete)
        {
            foreach (RedisValue node in await redis.Database.SortedSetRangeByScoreAsync(Nodes))
            {
                if (Guid.TryParseExact(node.ToString(), "N", out Guid id) && id != _node)
                    await ReadInTurnAsync(id);
            }
        }

        _lived = time.GetTimestamp();
        if (_complete)
            Tell(_others.Expire(heard => time.GetElapsedTime(heard) > Lifetime, time.GetUtcNow()));
        _complete = true;
    }

    private async Task HearAsync(RedisValue value)
    {
        await _turn.WaitAsync();
        try
        {
            if (JsonSerializer.Deserialize<PresenceMessage>(value.ToString()) is not { } message || message.Node == _node)
                return;
            if (_others.Apply(message, time.GetUtcNow(), time.GetTimestamp()) is { } changes)
                Tell(changes);
            else
                await ReadAsync(message.Node, message.Version);
        }
        catch (Exception failure) when (failure is JsonException || RedisEngine.IsAway(failure))
        {
            // Another version's message, or Redis went: the next sign of life tells that something was missed.
            LogMissed(logger, failure);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task ReadInTurnAsync(Guid node)
    {
        await _turn.WaitAsync();
        try
        {
            await ReadAsync(node, version: null);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task ReadAsync(Guid node, long? version)
    {
        RedisValue[] people = await redis.Database.SetMembersAsync(NodeKey(node));
        Tell(_others.Replace(node, version, people.Select(id => Guid.ParseExact(id.ToString(), "N")), time.GetUtcNow(), time.GetTimestamp()));
    }

    private void Tell(IReadOnlyList<PresenceChange> changes)
    {
        foreach (PresenceChange change in changes)
            _changed(change.UserId, change.At);
    }

    private Task<long> SayAsync(PresenceMessage message) => redis.Database.PublishAsync(redis.Channel("presence"), JsonSerializer.Serialize(message));

    private RedisKey NodeKey(Guid node) => redis.Key($"presence:node:{node:N}");

    private static RedisValue Format(Guid userId) => userId.ToString("N");

    [LoggerMessage(321, LogLevel.Warning, "Redis is away: presence on other nodes stays as it was until it is back")]
    private static partial void LogAway(ILogger logger, Exception failure);

    [LoggerMessage(322, LogLevel.Warning, "A message about another node's presence was missed")]
    private static partial void LogMissed(ILogger logger, Exception failure);
}
