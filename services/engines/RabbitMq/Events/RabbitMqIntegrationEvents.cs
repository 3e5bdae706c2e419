using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CoolChat.Engines.RabbitMq.Events;

/// <summary>
/// <see cref="IIntegrationEvents"/> between processes: every node of every service hears each event once, the publisher's own at once and without the broker.
/// What happens while a node is not connected it does not hear; its projections look for themselves what they missed.
/// </summary>
/// <param name="engine">The broker.</param>
/// <param name="service">Name of the service in the names of queues.</param>
/// <param name="logger">Says when the broker comes and goes.</param>
public sealed partial class RabbitMqIntegrationEvents(RabbitMqEngine engine, string service, ILogger<RabbitMqIntegrationEvents> logger)
    : BackgroundService, IIntegrationEvents
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    // Whoever blocks somebody does not wait for a broker that is away.
    private static readonly TimeSpan HintWait = TimeSpan.FromSeconds(1);

    private readonly string _node = Guid.NewGuid().ToString("N");
    private readonly InProcessIntegrationEvents _local = new();
    private volatile TaskCompletionSource<EventsSession> _session = NoSession();

    /// <summary>Whether it hears what others publish.</summary>
    public bool IsConnected => _session.Task.IsCompletedSuccessfully;

    /// <inheritdoc/>
    public IDisposable Subscribe<T>(Func<T, CancellationToken, ValueTask> handler)
        where T : class
    {
        _ = EventKinds.Of(typeof(T));
        return _local.Subscribe(handler);
    }

    /// <summary>This process's own handlers have run, and the broker has the event, when it returns; of hints at most what could be done in a second.</summary>
    /// <exception cref="RefusedException">The event is no hint, and the broker does not take it.</exception>
    public async ValueTask PublishAsync<T>(T integrationEvent, CancellationToken cancellationToken)
        where T : class
    {
        EventKind kind = EventKinds.Of(typeof(T));
        try
        {
            await _local.PublishAsync(integrationEvent, cancellationToken);
            await SendAsync(kind, EventKinds.Write(integrationEvent), kind.IsHint ? HintWait : engine.Timeout, cancellationToken);
        }
        catch (Exception failure) when (kind.IsHint && !cancellationToken.IsCancellationRequested)
        {
            LogHintLost(logger, kind.Name, failure.Message);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan pause = ShortestPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using EventsSession session = await EventsSession.OpenAsync(engine, service, HearAsync, stoppingToken);
                _session.TrySetResult(session);
                pause = ShortestPause;
                LogConnected(logger);
                LogLost(logger, await session.Ended.WaitAsync(stoppingToken));
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                LogAway(logger, failure.Message);
                await Task.Delay(pause * (0.5 + (Random.Shared.NextDouble() / 2)), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            finally
            {
                if (IsConnected)
                    _session = NoSession();
            }
        }
    }

    private static TaskCompletionSource<EventsSession> NoSession() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task SendAsync(EventKind kind, byte[] body, TimeSpan within, CancellationToken cancellationToken)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(within);
        try
        {
            EventsSession session = await _session.Task.WaitAsync(deadline.Token);
            await session.PublishAsync(kind, _node, body, deadline.Token);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RefusedException(new Refusal(ErrorCodes.Unavailable, "The broker does not answer just now; try again later.", RetryAfter: 5), failure);
        }
    }

    /// <summary>
    /// Never throws. What can't be read, or whose handler fails, is said and let go: it is a fact about something stored elsewhere, and nobody could do
    /// more with it later than the projections do by themselves.
    /// </summary>
    private async Task HearAsync(string name, string? publisher, ReadOnlyMemory<byte> body)
    {
        if (publisher == _node || EventKinds.Find(name) is not { } kind)
            return;
        if (!EventKinds.TryRead(kind, body.Span, out object? told, out string? why))
        {
            LogUnreadable(logger, name, why);
            return;
        }
        try
        {
            await (told switch
            {
                BlockChanged changed => _local.PublishAsync(changed, CancellationToken.None),
                ProfileChanged changed => _local.PublishAsync(changed, CancellationToken.None),
                AccountDeleted deleted => _local.PublishAsync(deleted, CancellationToken.None),
                _ => throw new InvalidOperationException($"{kind.Type.Name} has no way to its handlers."),
            });
        }
        catch (Exception failure)
        {
            LogFailed(logger, name, failure);
        }
    }

    [LoggerMessage(6101, LogLevel.Information, "Connected to RabbitMQ: listening to events")]
    private static partial void LogConnected(ILogger logger);

    [LoggerMessage(6102, LogLevel.Warning, "The connection to RabbitMQ for events ended: {Reason}")]
    private static partial void LogLost(ILogger logger, string reason);

    [LoggerMessage(6103, LogLevel.Warning, "RabbitMQ is away, events are not heard: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);

    [LoggerMessage(6104, LogLevel.Warning, "An event {Name} was not told to others, who will find out by themselves: {Reason}")]
    private static partial void LogHintLost(ILogger logger, string name, string reason);

    [LoggerMessage(6105, LogLevel.Error, "An event {Name} is not readable and was let go: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string name, string reason);

    [LoggerMessage(6106, LogLevel.Error, "A handler of an event {Name} failed")]
    private static partial void LogFailed(ILogger logger, string name, Exception failure);
}
