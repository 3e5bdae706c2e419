using System.Threading.Channels;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoolChat.Chat.Realtime;

/// <summary>
/// Takes committed batches from the writer and delivers them to the connections here. The hand-over is bounded and never blocks the writer: when
/// it is full the batch is dropped and every client syncs, because the log, not this path, is what guarantees.
/// </summary>
internal sealed partial class LiveFanout(
    Audiences audiences, PrivateChanges privateChanges, Receipts receipts, IOptions<ChatOptions> options, ILogger<LiveFanout> logger)
    : BackgroundService, ILiveFanout
{
    private readonly Channel<LiveBatch> _batches = Channel.CreateUnbounded<LiveBatch>(new UnboundedChannelOptions { SingleReader = true });
    private readonly EventRuns _runs = new();
    private readonly int _mostEvents = options.Value.FanoutEvents;
    private int _waiting;
    private int _overflowed;

    public void Publish(LiveBatch batch)
    {
        // An empty batch weighs something too: its place in the queue.
        int weight = Weight(batch);
        if (Interlocked.Add(ref _waiting, weight) > _mostEvents + weight || !_batches.Writer.TryWrite(batch))
        {
            Interlocked.Add(ref _waiting, -weight);
            Volatile.Write(ref _overflowed, 1);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _batches.Reader.WaitToReadAsync(stoppingToken))
            {
                while (_batches.Reader.TryRead(out LiveBatch? batch))
                {
                    Interlocked.Add(ref _waiting, -Weight(batch));
                    if (Interlocked.Exchange(ref _overflowed, 0) != 0)
                    {
                        LogOverflow(logger, _mostEvents);
                        audiences.ResyncEverybody();
                    }
                    Deliver(batch);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A stop; clients are told by GracefulStop.
        }
    }

    private void Deliver(LiveBatch batch)
    {
        try
        {
            foreach (EventRun run in _runs.Split(batch.Events))
                Deliver(run);
            foreach (PrivateChange change in batch.PrivateChanges)
                privateChanges.Mark(change.UserId, change.ConversationId);
            foreach (LiveMarks marks in batch.Marks)
                receipts.Mark(marks.ConversationId, marks.Mark);
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

    private static int Weight(LiveBatch batch) => 1 + batch.Events.Count + batch.Marks.Count + batch.PrivateChanges.Count;

    [LoggerMessage(300, LogLevel.Warning, "Live fan-out fell behind by more than {Most} events; every client syncs")]
    private static partial void LogOverflow(ILogger logger, int most);

    [LoggerMessage(301, LogLevel.Error, "A batch could not be delivered live; every client syncs")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
