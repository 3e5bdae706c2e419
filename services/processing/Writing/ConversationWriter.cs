using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoolChat.Processing.Writing;

/// <summary>
/// The one writer of a process: one lane, or several where the store takes commits of different partitions side by side. A partition is always the same
/// lane's, so that its conversations keep their order.
/// </summary>
internal sealed class ConversationWriter : IConversationWriter, IHostedService, IDisposable
{
    private readonly IConversationLog _log;
    private readonly WriterLane[] _lanes;
    private bool _started;

    public ConversationWriter(
        IConversationLog log,
        ILiveFanout fanout,
        IBlockList blocks,
        TimeProvider time,
        WriterMetrics metrics,
        CommitSignal signal,
        IOptions<WriterOptions> options,
        ILogger<ConversationWriter> logger)
    {
        _log = log;
        List<IConversationLog> logs = [log];
        while (logs.Count < options.Value.Lanes && log.Split() is { } another)
            logs.Add(another);
        _lanes = [.. logs.Select(own => new WriterLane(own, fanout, blocks, time, metrics, signal, options.Value, logs.Count, logger))];
    }

    public ValueTask<Result<OperationResult>> ExecuteAsync(ConversationOperation operation, CancellationToken cancellationToken)
    {
        AwaitedOutcome outcome = new();
        if (Post(operation, outcome) is { } refusal)
            return new ValueTask<Result<OperationResult>>(refusal);
        return cancellationToken.CanBeCanceled
            ? new ValueTask<Result<OperationResult>>(outcome.Task.WaitAsync(cancellationToken))
            : new ValueTask<Result<OperationResult>>(outcome.Task);
    }

    public Refusal? Post(ConversationOperation operation, IOutcome outcome) => LaneOf(operation.ConversationId).Post(operation, outcome);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_started)
            return Task.CompletedTask;
        _started = true;
        for (int number = 0; number < _lanes.Length; number++)
            _lanes[number].Start($"conversation writer {number}");
        return Task.CompletedTask;
    }

    /// <summary>Finishes what was queued, so that everything answered is durable and everything durable is answered.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.Run(() => Array.ForEach(_lanes, lane => lane.Join()), CancellationToken.None).WaitAsync(cancellationToken);
    }

    public void Dispose() => Array.ForEach(_lanes, lane => lane.Close());

    private WriterLane LaneOf(Guid conversationId) => _lanes.Length == 1 ? _lanes[0] : _lanes[_log.PartitionOf(conversationId) % _lanes.Length];
}
