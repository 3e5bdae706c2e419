using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CoolChat.Processing.Projections;

/// <summary>
/// Follows the log into a store of its own. The store moves its cursor in the same transaction as what the cursor stands for, so a crash repeats or
/// loses nothing, and a projection whose form has changed reads the log anew by itself.
/// </summary>
internal abstract partial class LogProjection(TimeProvider time, ILogger logger) : BackgroundService, IRebuildable
{
    protected const int BatchEvents = 500;

    /// <summary>
    /// Between batches of a live log: a commit costs the store, and folding costs the CPU, that messages wait for. Under more than BatchEvents in this
    /// time the projection falls behind and catches up afterwards; a rebuild by command does not pause.
    /// </summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _working = new(1, 1);

    public abstract string Name { get; }

    /// <summary>Raised whenever the fold would make something else of the same log.</summary>
    protected abstract int Form { get; }

    /// <summary>Empties the store; the next step reads the log from its beginning.</summary>
    protected abstract Task RestartAsync(CancellationToken cancellationToken);

    /// <summary>Folds one batch; 0 when the projection is at the end of the log. First of all it restarts a store of an older form.</summary>
    protected abstract Task<int> AdvanceAsync(CancellationToken cancellationToken);

    /// <summary>Completes when there may be more to fold.</summary>
    protected abstract Task WaitAsync(CancellationToken cancellationToken);

    public async Task<long> RebuildAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        // Not between another step's reading and its writing: that would move the cursor past everything.
        await WorkAsync(async () =>
        {
            await RestartAsync(cancellationToken);
            return 0;
        }, cancellationToken);
        long total = 0;
        while (await StepAsync(cancellationToken) is > 0 and int read)
        {
            total += read;
            progress?.Report(total);
        }
        return total;
    }

    /// <summary>Folds one batch; 0 when the projection is at the end of the log.</summary>
    public Task<int> StepAsync(CancellationToken cancellationToken) => WorkAsync(() => AdvanceAsync(cancellationToken), cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await StepAsync(stoppingToken) == 0)
                    await WaitAsync(stoppingToken);
                await Task.Delay(Pace, time, stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // The cursor has not moved: the same events come again.
                LogFailed(Name, failure);
                await Task.Delay(RetryAfter, time, stoppingToken);
            }
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _working.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<int> WorkAsync(Func<Task<int>> work, CancellationToken cancellationToken)
    {
        await _working.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _working.Release();
        }
    }

    protected void TellRestart() => LogRestart(Name);

    protected void TellNewer() => LogNewer(Name);

    [LoggerMessage(4101, LogLevel.Error, "Projection {Name} failed; it is tried again")]
    private partial void LogFailed(string name, Exception failure);

    [LoggerMessage(4102, LogLevel.Information, "Projection {Name} has a new form and reads the log from its beginning")]
    private partial void LogRestart(string name);

    [LoggerMessage(4103, LogLevel.Warning, "Projection {Name} was written by a newer version, which goes on with it")]
    private partial void LogNewer(string name);
}
