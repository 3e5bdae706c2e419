using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CoolChat.Chat.Realtime;

/// <summary>Collects changes and tells them together a moment later: a burst costs as much as one.</summary>
internal abstract partial class Coalescer(TimeSpan delay, TimeProvider time, ILogger logger) : BackgroundService
{
    protected TimeProvider Time { get; } = time;

    private readonly SemaphoreSlim _signal = new(0);
    private int _signalled;

    /// <summary>There is something to tell.</summary>
    protected void Signal()
    {
        if (Interlocked.Exchange(ref _signalled, 1) == 0)
            _signal.Release();
    }

    /// <summary>Tells what was collected so far.</summary>
    protected abstract ValueTask FlushAsync(CancellationToken cancellationToken);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _signal.WaitAsync(stoppingToken);
                await Task.Delay(delay, Time, stoppingToken);
                Interlocked.Exchange(ref _signalled, 0);
                await FlushAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // What these tell is told again by the next change or by sync; the loop must live.
                LogFailed(logger, e, GetType().Name);
            }
        }
    }

    public override void Dispose()
    {
        _signal.Dispose();
        base.Dispose();
    }

    [LoggerMessage(302, LogLevel.Error, "{Loop} could not tell its changes")]
    private static partial void LogFailed(ILogger logger, Exception exception, string loop);
}
