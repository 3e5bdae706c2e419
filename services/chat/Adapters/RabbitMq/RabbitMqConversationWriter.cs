using System.Collections.Concurrent;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Engines;
using CoolChat.Engines.RabbitMq;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoolChat.Chat.Adapters.RabbitMq;

/// <summary>
/// Hands operations to the writer in processing by the queue of the conversation's partition (DESIGN section 3). One thread publishes; commands that
/// arrive while a partition's message is unconfirmed travel together in the next one. When the connection breaks, everything without an outcome goes
/// out again in its order, because command ids make a repetition harmless; what the broker does not confirm in time is refused as unavailable.
/// </summary>
internal sealed partial class RabbitMqConversationWriter : BackgroundService, IConversationWriter, IHealthCheck
{
    private static readonly Refusal Busy = new(ErrorCodes.Busy, "The server has more to do than it can queue. Try again.", RetryAfter: 1);
    private static readonly Refusal Blocked = new(ErrorCodes.Busy, "The message broker takes nothing just now. Try again.", RetryAfter: 5);
    private static readonly Refusal Away = new(ErrorCodes.Unavailable, "The message broker does not answer just now. Try again.", RetryAfter: 2);
    private static readonly Refusal Unknown = new(ErrorCodes.Unavailable, "It was queued, but its outcome is not known yet. Look later, or try again.", RetryAfter: 5);
    private static readonly Refusal Stopping = new(ErrorCodes.Unavailable, "The server is stopping. Try again.", RetryAfter: 2);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMilliseconds(100);

    private readonly RabbitMqEngine _engine;
    private readonly CommandQueueOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<RabbitMqConversationWriter> _logger;
    private readonly PartitionBuffer[] _partitions;
    private readonly ConcurrentDictionary<ulong, Outgoing> _pending = new();
    private readonly BlockingInbox<PartitionBuffer> _ready = new();
    private volatile PublishingSession? _session;
    private long _awaySince;
    private ulong _lastNumber;
    private int _count;
    private volatile bool _stopping;
    private volatile bool _everConnected;

    public RabbitMqConversationWriter(
        RabbitMqEngine engine, IOptions<CommandQueueOptions> options, TimeProvider time, ILogger<RabbitMqConversationWriter> logger)
    {
        _engine = engine;
        _options = options.Value;
        _time = time;
        _logger = logger;
        _partitions = [.. Enumerable.Range(0, engine.Queues.Partitions).Select(number => new PartitionBuffer(number, _ready.Add))];
        _awaySince = time.GetTimestamp();
    }

    public bool TellsAcceptance => true;

    /// <summary>
    /// Ready once the broker was reached. When it goes away later the node still serves what is read, and so does no other better: it stays in.
    /// </summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        _session is not null ? HealthCheckResult.Healthy() : _everConnected ? HealthCheckResult.Degraded("the broker is away") : HealthCheckResult.Unhealthy("no broker yet"));

    public ValueTask<Result<OperationResult>> ExecuteAsync(ConversationOperation operation, CancellationToken cancellationToken)
    {
        AwaitedOutcome outcome = new();
        if (Post(operation, outcome) is { } refusal)
            return new ValueTask<Result<OperationResult>>(refusal);
        return new ValueTask<Result<OperationResult>>(cancellationToken.CanBeCanceled ? outcome.Task.WaitAsync(cancellationToken) : outcome.Task);
    }

    public Refusal? Post(ConversationOperation operation, IOutcome outcome)
    {
        if (_stopping)
            return Stopping;
        PublishingSession? session = _session;
        if (session is null && _time.GetElapsedTime(Volatile.Read(ref _awaySince)) > _options.ConfirmWait)
            return Away;
        if (session?.IsBlocked == true)
            return Blocked;
        if (Interlocked.Increment(ref _count) > _options.Capacity)
        {
            Interlocked.Decrement(ref _count);
            return Busy;
        }
        int partition = ConversationIds.Partition(operation.ConversationId, _partitions.Length);
        _partitions[partition].Add(() =>
        {
            ulong number = Interlocked.Increment(ref _lastNumber);
            Outgoing outgoing = new(number, operation, OperationWire.Encode(number, operation), outcome, partition, _time.GetTimestamp());
            _pending[number] = outgoing;
            return outgoing;
        });
        return null;
    }

    /// <summary>Takes nothing new, and gives what is out a moment to be confirmed: what the broker has is then known to be taken.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping = true;
        long started = _time.GetTimestamp();
        while (_session is not null && _pending.Values.Any(operation => !operation.Confirmed) && _time.GetElapsedTime(started) < _options.ConfirmWait && !cancellationToken.IsCancellationRequested)
            await Task.Delay(SweepEvery / 10, _time, CancellationToken.None);
        await base.StopAsync(cancellationToken);
        _ready.Close();
        foreach (Outgoing operation in _pending.Values)
            Finish(operation, operation.Confirmed ? Unknown : Stopping);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        new Thread(PublishAll) { IsBackground = true, Name = "command publisher" }.Start();
        using ITimer sweeper = _time.CreateTimer(_ => Sweep(), null, SweepEvery, SweepEvery);
        TimeSpan pause = ShortestPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using PublishingSession session = await PublishingSession.OpenAsync(_engine, Answered, Replied, stoppingToken);
                Restart(session);
                _everConnected = true;
                LogConnected(_logger, _partitions.Length);
                pause = ShortestPause;
                string reason = await session.Ended.WaitAsync(stoppingToken);
                Leave();
                LogLost(_logger, reason);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                Leave();
                return;
            }
            catch (Exception failure)
            {
                LogAway(_logger, failure.Message);
                await PauseAsync(pause, stoppingToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <summary>Jittered: nodes that lost the same broker don't come back to it at once.</summary>
    private async Task PauseAsync(TimeSpan pause, CancellationToken stoppingToken) =>
        await Task.Delay(pause * (0.5 + (Random.Shared.NextDouble() / 2)), _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void Leave()
    {
        Volatile.Write(ref _awaySince, _time.GetTimestamp());
        _session = null;
    }

    /// <summary>Answers to an earlier connection are lost: what can be repeated is, for its outcome; of the rest only the caller can find out.</summary>
    private void Restart(PublishingSession session)
    {
        Outgoing[] lost = [.. _pending.Values.Where(IsLost)];
        foreach (PartitionBuffer partition in _partitions)
        {
            partition.Restart(session, () => _pending.Values
                .Where(operation => operation.Partition == partition.Number && !operation.IsSettled && !IsLost(operation))
                .OrderBy(operation => operation.Number));
        }
        _session = session;
        foreach (Outgoing operation in lost)
            Finish(operation, Unknown);
    }

    private static bool IsLost(Outgoing operation) => operation is { Sent: true, IsRepeatable: false };

    private void PublishAll()
    {
        try
        {
            while (_ready.Take() is { } ready)
            {
                int published = 0;
                foreach (PartitionBuffer partition in ready)
                {
                    IReadOnlyList<Outgoing> message = partition.TakeMessage(out PublishingSession? session);
                    if (message.Count == 0)
                        continue;
                    session!.Publish(partition, message);
                    published += message.Count;
                }
                if (published > 2)
                    Thread.Sleep(1);
            }
        }
        catch (Exception failure)
        {
            // Nothing would leave this process any more, silently.
            LogFatal(_logger, failure);
            Environment.FailFast("CoolChat: the command publisher failed.", failure);
        }
    }

    private void Answered(PublishingSession session, PartitionBuffer partition, PublishingSession.Verdict verdict)
    {
        foreach (Outgoing operation in partition.Release(session))
        {
            if (verdict == PublishingSession.Verdict.Taken)
                operation.Accept();
            else
                Finish(operation, verdict == PublishingSession.Verdict.Refused ? Busy : Away);
        }
    }

    private void Replied(ReadOnlyMemory<byte> lines)
    {
        while (OperationWire.TryTakeLine(ref lines, out ReadOnlyMemory<byte> line))
        {
            if (!OperationWire.TryDecodeOutcome(line.Span, out OutcomeLine? outcome))
                LogUnreadable(_logger);
            else if (_pending.TryGetValue(outcome.Number, out Outgoing? operation))
                Finish(operation, outcome.Refused is { } refusal ? refusal : outcome.Done!);
        }
    }

    private void Finish(Outgoing operation, Result<OperationResult> result)
    {
        Forget(operation);
        operation.Settle(result);
    }

    private void Forget(Outgoing operation)
    {
        if (_pending.TryRemove(operation.Number, out _))
            Interlocked.Decrement(ref _count);
    }

    private void Sweep()
    {
        foreach (Outgoing operation in _pending.Values)
        {
            TimeSpan waited = _time.GetElapsedTime(operation.Since);
            if (!operation.Confirmed)
            {
                if (waited > _options.ConfirmWait)
                    Finish(operation, Away);
            }
            else if (operation.IsAwaited ? waited > _options.OutcomeWait : waited > _options.LateWait)
            {
                // Who was told accepted finds the outcome in the log; a refusal now would be a lie.
                if (operation.IsAwaited)
                    Finish(operation, Unknown);
                else if (operation.TryDrop())
                    Forget(operation);
            }
        }
    }

    [LoggerMessage(2101, LogLevel.Information, "Connected to RabbitMQ: commands go to {Partitions} partitions")]
    private static partial void LogConnected(ILogger logger, int partitions);

    [LoggerMessage(2102, LogLevel.Warning, "The connection to RabbitMQ ended: {Reason}")]
    private static partial void LogLost(ILogger logger, string reason);

    [LoggerMessage(2103, LogLevel.Warning, "RabbitMQ is away or its command queues are not there: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(2104, LogLevel.Error, "An outcome could not be read; its caller will hear that it is unknown")]
    private static partial void LogUnreadable(ILogger logger);

    [LoggerMessage(2105, LogLevel.Critical, "The command publisher failed and ends the process")]
    private static partial void LogFatal(ILogger logger, Exception failure);
}
