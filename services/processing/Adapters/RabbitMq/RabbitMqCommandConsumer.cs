using CoolChat.Contracts.Internal;
using CoolChat.Engines.RabbitMq;
using CoolChat.Processing.Writing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoolChat.Processing.Adapters.RabbitMq;

/// <summary>
/// Brings the commands of RabbitMQ's partition queues to the writer for as long as the process runs; comes back by itself when the broker does. On a
/// stop it hands its partitions over before the writer stops.
/// </summary>
internal sealed partial class RabbitMqCommandConsumer(
    RabbitMqEngine engine, ConversationWriter writer, IOptions<CommandConsumerOptions> options, ILogger<RabbitMqCommandConsumer> logger)
    : BackgroundService, IHeldPartitions, IHealthCheck
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private volatile ConsumingSession? _session;
    private volatile bool _everConnected;

    public IReadOnlyCollection<int> Held => _session?.Held ?? [];

    public bool Holds(Guid conversationId) => Held.Contains(ConversationIds.Partition(conversationId, engine.Queues.Partitions));

    /// <summary>Ready once the broker was reached; one that goes away later is waited for, and no restart would mend it.</summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        _session is not null ? HealthCheckResult.Healthy() : _everConnected ? HealthCheckResult.Degraded("the broker is away") : HealthCheckResult.Unhealthy("no broker yet"));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan pause = ShortestPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using ConsumingSession session = await ConsumingSession.OpenAsync(engine, options.Value, writer, stoppingToken);
                _session = session;
                _everConnected = true;
                LogConnected(logger, engine.Queues.Partitions);
                pause = ShortestPause;
                LogLost(logger, await RunAsync(session, stoppingToken));
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
                _session = null;
            }
        }
    }

    private static async Task<string> RunAsync(ConsumingSession session, CancellationToken stoppingToken)
    {
        try
        {
            return await session.RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await session.LetGoAsync();
            throw;
        }
    }

    [LoggerMessage(3101, LogLevel.Information, "Connected to RabbitMQ: waiting for commands of {Partitions} partitions")]
    private static partial void LogConnected(ILogger logger, int partitions);

    [LoggerMessage(3102, LogLevel.Warning, "The connection to RabbitMQ ended: {Reason}")]
    private static partial void LogLost(ILogger logger, string reason);

    [LoggerMessage(3103, LogLevel.Warning, "RabbitMQ is away: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);
}
