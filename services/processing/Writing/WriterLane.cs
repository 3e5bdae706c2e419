using System.Diagnostics;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using CoolChat.Processing.Decisions;
using Microsoft.Extensions.Logging;

namespace CoolChat.Processing.Writing;

/// <summary>
/// A thread that writes conversations, alone those of its partitions (DESIGN section 3): decides in memory, commits a batch durably, and only then shows it
/// and answers. A commit that fails for want of space is refused as storage_full and the memory is reread; any other failed write ends the process,
/// because what is durable is then unknown: the restart reads it.
/// </summary>
internal sealed partial class WriterLane
{
    private static readonly Refusal Busy = new(ErrorCodes.Busy, "The server has more to do than it can queue. Try again.", RetryAfter: 1);
    private static readonly Refusal Stopping = new(ErrorCodes.Unavailable, "The server is stopping. Try again.", RetryAfter: 2);
    private static readonly Refusal Away = new(ErrorCodes.Unavailable, "The store does not answer just now. Try again.", RetryAfter: 2);
    private static readonly Refusal Full = new(ErrorCodes.StorageFull, "The server's disk is full. Nothing was lost; try again later.", RetryAfter: 30);

    private const int MostConflicts = 5;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly IConversationLog _log;
    private readonly ILiveFanout _fanout;
    private readonly IBlockList _blocks;
    private readonly TimeProvider _time;
    private readonly WriterOptions _options;
    private readonly ILogger _logger;
    private readonly WriterMetrics _metrics;
    private readonly CommitSignal _signal;
    private readonly Inbox _inbox;
    private readonly ConversationCache _cache;
    private readonly OperationDecider _decider;
    private readonly Limits _limits = new();
    private Thread? _thread;

    public WriterLane(
        IConversationLog log,
        ILiveFanout fanout,
        IBlockList blocks,
        TimeProvider time,
        WriterMetrics metrics,
        CommitSignal signal,
        WriterOptions options,
        int lanes,
        ILogger logger)
    {
        _log = log;
        _fanout = fanout;
        _blocks = blocks;
        _time = time;
        _metrics = metrics;
        _signal = signal;
        _options = options;
        _logger = logger;
        _inbox = new Inbox(Math.Max(1, _options.QueueCapacity / lanes));
        _cache = new ConversationCache(log, _options.CacheCapacity / lanes);
        _decider = new OperationDecider(_cache);
    }

    public Refusal? Post(ConversationOperation operation, IOutcome outcome) =>
        _inbox.TryAdd(new Pending(operation, outcome)) ? null : _inbox.IsClosed ? Stopping : Busy;

    public void Start(string name)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Takes no more; what was queued is finished.</summary>
    public void Close() => _inbox.Close();

    public void Join() => _thread?.Join();

    private void Run()
    {
        try
        {
            List<Pending> spare = [];
            while (_inbox.TakeAll(spare) is { } arrived)
            {
                for (int from = 0; from < arrived.Count; from += _options.BatchSize)
                    Process(arrived.GetRange(from, Math.Min(_options.BatchSize, arrived.Count - from)));
                bool loaded = arrived.Count > 2;
                arrived.Clear();
                spare = arrived;
                if (loaded && _options.PaceMs > 0)
                    Thread.Sleep(_options.PaceMs);
            }
        }
        catch (Exception failure)
        {
            // Whatever this was, memory and disk may differ now: nobody may be answered from it.
            LogFatal(_logger, failure);
            Environment.FailFast("CoolChat: the conversation writer failed; restart reads what is durable.", failure);
        }
    }

    private void Process(List<Pending> batch)
    {
        long started = Stopwatch.GetTimestamp();
        TimeSpan pause = ShortestPause;
        while (TryCommit(batch) is { } refusal)
        {
            if (!_options.WaitsForStore || _inbox.IsClosed)
            {
                Refuse(batch, refusal);
                break;
            }
            Thread.Sleep(pause);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
        _cache.Trim();
        _metrics.Committed(batch.Count, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Null when the batch has its outcomes; otherwise why the store took nothing of it.</summary>
    private Refusal? TryCommit(List<Pending> batch)
    {
        if (_log.IsFull())
            return Full;
        try
        {
            for (int conflicts = 0; !TryDecide(batch, ref conflicts);)
            {
                // One decision threw, or another writer was faster: nothing in memory may be trusted. Start over without it.
                _cache.Clear();
            }
            return null;
        }
        catch (StorageFullException failure)
        {
            LogFull(_logger, failure);
            _cache.Clear();
            return Full;
        }
        catch (ConversationLogException failure)
        {
            LogLost(_logger, failure);
            _cache.Clear();
            return failure is LogConflictException ? Busy : Away;
        }
    }

    /// <summary>A conflict is decided anew a few times: whoever goes on losing has lost the partition.</summary>
    private bool TryDecide(List<Pending> batch, ref int conflicts)
    {
        try
        {
            return TryProcess(batch);
        }
        catch (LogConflictException failure) when (++conflicts < MostConflicts)
        {
            LogConflict(_logger, conflicts, failure);
            return false;
        }
    }

    private bool TryProcess(List<Pending> batch)
    {
        using ICommit commit = _log.Begin();
        commit.Prepare(batch.Select(pending => pending.Operation));
        DecisionContext context = new(commit, _blocks, _limits, _time.GetUtcNow());
        foreach (Pending pending in batch)
        {
            if (pending.Outcome is IRevocableOutcome { IsRevoked: true })
            {
                pending.Staged = Busy;
                continue;
            }
            if (pending.IsPoison)
            {
                OperationDecider.Poison(context, pending.Operation);
                pending.Staged = OperationDecider.PoisonRefusal;
                continue;
            }
            try
            {
                pending.Staged = _decider.Decide(context, pending.Operation);
            }
            catch (Exception failure) when (failure is not (StorageFullException or ConversationLogException))
            {
                LogPoison(_logger, pending.Operation.GetType().Name, pending.Operation.ConversationId, failure);
                pending.IsPoison = true;
                return false;
            }
        }
        if (!commit.IsEmpty)
        {
            commit.Commit(context.Touched);
            _signal.Committed(commit.Stamp);
        }
        Publish(new LiveBatch
        {
            Events = context.Events,
            Marks = context.Marks,
            PrivateChanges = context.PrivateChanges,
            Outcomes = Tell(batch),
        });
        return true;
    }

    private void Refuse(List<Pending> batch, Refusal refusal)
    {
        foreach (Pending pending in batch)
            pending.Staged = refusal;
        Publish(new LiveBatch { Outcomes = Tell(batch) });
    }

    private void Publish(LiveBatch batch)
    {
        if (batch.Events.Count + batch.Marks.Count + batch.PrivateChanges.Count + batch.Outcomes.Count > 0)
            _fanout.Publish(batch);
    }

    /// <summary>Tells those who await elsewhere; the others' outcomes go with the events, so that a connection sends both at once.</summary>
    private static List<LiveOutcome> Tell(List<Pending> batch)
    {
        List<LiveOutcome> live = new(batch.Count);
        foreach (Pending pending in batch)
        {
            if (pending.Outcome is AwaitedOutcome)
                pending.Outcome.Settle(pending.Staged);
            else
                live.Add(new LiveOutcome(pending.Operation.ConversationId, pending.Outcome, pending.Staged));
        }
        return live;
    }

    [LoggerMessage(3001, LogLevel.Critical, "The conversation writer failed and ends the process")]
    private static partial void LogFatal(ILogger logger, Exception failure);

    [LoggerMessage(3002, LogLevel.Error, "The disk is full: commands are refused until there is room")]
    private static partial void LogFull(ILogger logger, Exception failure);

    [LoggerMessage(3004, LogLevel.Warning, "Another writer was faster ({Conflicts}); the memory is reread and the batch decided again")]
    private static partial void LogConflict(ILogger logger, int conflicts, Exception failure);

    [LoggerMessage(3005, LogLevel.Error, "The log did not take a commit; the memory is reread")]
    private static partial void LogLost(ILogger logger, Exception failure);

    [LoggerMessage(3003, LogLevel.Error, "{Operation} in conversation {ConversationId} can't be processed and was set aside")]
    private static partial void LogPoison(ILogger logger, string operation, Guid conversationId, Exception failure);
}
