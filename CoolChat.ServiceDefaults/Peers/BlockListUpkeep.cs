using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CoolChat.ServiceDefaults.Peers;

/// <summary>
/// Reads the list of blocks before anything else of the process starts, however long that takes: nothing is decided, and no connection taken, by a list that
/// isn't there. Then it asks every few seconds what changed, so that a lost event does no harm; that costs one small answer.
/// </summary>
internal sealed partial class BlockListUpkeep(BlockProjection blocks, TimeProvider time, ILogger<BlockListUpkeep> logger) : BackgroundService, IHealthCheck
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    // What is said of a list that could not be read for so long is that it is old; people can still be served by it.
    private static readonly TimeSpan Old = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);

    private long _read = time.GetTimestamp();
    private bool _failing;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        while (!await TryReadAsync(cancellationToken))
            await Task.Delay(AgainAfter, time, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        !blocks.IsLoaded ? HealthCheckResult.Unhealthy("not read yet")
        : time.GetElapsedTime(Volatile.Read(ref _read)) > Old ? HealthCheckResult.Degraded("could not be read for a while")
        : HealthCheckResult.Healthy());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await TryReadAsync(stoppingToken);
    }

    private async Task<bool> TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await blocks.CatchUpAsync(cancellationToken);
            Volatile.Write(ref _read, time.GetTimestamp());
            _failing = false;
            return true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Said once, not every second.
            if (!_failing)
                LogFailed(logger, failure);
            _failing = true;
            return false;
        }
    }

    [LoggerMessage(120, LogLevel.Warning, "The list of blocks can't be read; trying again until it can")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}
