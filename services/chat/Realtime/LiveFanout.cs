using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoolChat.Chat.Realtime;

/// <summary>
/// Takes committed batches from the writer and delivers them to the connections here. The hand-over is bounded and never blocks the writer: when
/// it is full the batch is dropped and every client syncs, because the log, not this path, is what guarantees. A thread of its own delivers, so that
/// reads that block pool threads don't hold up what is live, and delivery doesn't take a pool thread from the sockets.
/// </summary>
internal sealed partial class LiveFanout(
    Audiences audiences,
    PrivateChanges privateChanges,
    Receipts receipts,
    IOptions<ChatOptions> options,
    TimeProvider time,
    ILogger<LiveFanout> logger)
    : ILiveFanout, IHostedService
{
    private readonly EventRuns _runs = new();
    private readonly OutcomeRuns _outcomes = new();
    private readonly CrowdedRooms _crowded = new(audiences.CountOf, time);
    private readonly List<LiveEvent> _now = [];
    private readonly int _mostEvents = options.Value.FanoutEvents;
    private readonly object _gate = new();
    private List<LiveBatch> _arriving = [];
    private int _waiting;
    private bool _overflowed;
    private bool _stopping;
    private bool _ended;
    private Thread? _thread;

    public void Publish(LiveBatch batch)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                if (_waiting > _mostEvents)
                {
                    _overflowed = true;
                    if (batch.Outcomes.Count == 0)
                        return;
                    batch = new LiveBatch { Outcomes = batch.Outcomes };
                }
                _waiting += Weight(batch);
                _arriving.Add(batch);
                if (_arriving.Count == 1)
                    Monitor.Pulse(_gate);
                return;
            }
        }
        foreach (LiveOutcome outcome in batch.Outcomes)
            outcome.Tell();
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "live fan-out" };
        _thread.Start();
        return Task.CompletedTask;
    }

    /// <summary>Delivers what the writer has handed over, and ends.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }
        return _thread is null ? Task.CompletedTask : Task.Run(_thread.Join, CancellationToken.None).WaitAsync(cancellationToken);
    }

    private void Run()
    {
        List<LiveBatch> spare = [];
        while (TakeAll(spare, out bool overflowed) is { } arrived)
        {
            if (overflowed)
            {
                LogOverflow(logger, _mostEvents);
                audiences.ResyncEverybody();
            }
            foreach (LiveBatch batch in arrived)
                Deliver(batch);
            arrived.Clear();
            spare = arrived;
            Attempt(() => _crowded.Deliver(Deliver));
        }
        Attempt(() => _crowded.Deliver(Deliver, everything: true));
    }

    /// <summary>
    /// Waits for batches, or until something held is due, and takes all of them; <paramref name="spare"/> (empty) becomes the next list. Null at the end.
    /// </summary>
    private List<LiveBatch>? TakeAll(List<LiveBatch> spare, out bool overflowed)
    {
        TimeSpan? due = _crowded.UntilDue();
        lock (_gate)
        {
            while (_arriving.Count == 0 && !_stopping)
            {
                if (!Monitor.Wait(_gate, due ?? Timeout.InfiniteTimeSpan))
                    break;
            }
            overflowed = _overflowed;
            _overflowed = false;
            if (_arriving.Count == 0 && _stopping)
            {
                _ended = true;
                return null;
            }
            List<LiveBatch> taken = _arriving;
            _arriving = spare;
            _waiting = 0;
            return taken;
        }
    }

    private void Deliver(LiveBatch batch)
    {
        _outcomes.Take(batch.Outcomes);
        Attempt(() =>
        {
            foreach (LiveEvent live in batch.Events)
            {
                if (!_crowded.Hold(live))
                    _now.Add(live);
            }
            Deliver(_now);
            foreach (PrivateChange change in batch.PrivateChanges)
                privateChanges.Mark(change.UserId, change.ConversationId);
            foreach (LiveMarks marks in batch.Marks)
                receipts.Mark(marks.ConversationId, marks.Mark);
        });
        _now.Clear();
        _outcomes.TellRest();
    }

    private void Deliver(IReadOnlyList<LiveEvent> events)
    {
        foreach (EventRun run in _runs.Split(events))
        {
            Deliver(run);
            // Right behind its event, the answer leaves in the same write to the sender's socket.
            _outcomes.Tell(run.ConversationId);
        }
    }

    private void Attempt(Action delivery)
    {
        try
        {
            delivery();
        }
        catch (Exception e)
        {
            // One batch that can't be delivered must not end delivery: clients find what it held in the log.
            LogFailed(logger, e);
            audiences.ResyncEverybody();
        }
    }

    private void Deliver(EventRun run)
    {
        if (run.Joined.Count > 0)
        {
            audiences.Join(run.ConversationId, run.Joined);
            foreach (Guid person in run.Joined)
                privateChanges.Mark(person, run.ConversationId);
        }
        if (audiences.IsHeard(run.ConversationId))
            audiences.Send(run.ConversationId, Frames.Make(HubMethods.Appended, run.Events.ToArray()));
        if (run.Left.Count > 0)
            audiences.Leave(run.ConversationId, run.Left);
    }

    /// <summary>An empty batch weighs something too: its place in the queue.</summary>
    private static int Weight(LiveBatch batch) => 1 + batch.Events.Count + batch.Marks.Count + batch.PrivateChanges.Count;

    [LoggerMessage(300, LogLevel.Warning, "Live fan-out fell behind by more than {Most} events; every client syncs")]
    private static partial void LogOverflow(ILogger logger, int most);

    [LoggerMessage(301, LogLevel.Error, "A batch could not be delivered live; every client syncs")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
