using CoolChat.Media.Objects;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoolChat.Media.Uploads;

/// <summary>
/// Removes abandoned uploads and objects that nothing shows (any more), finishes deletions that a crash cut short, and drops parts that belong to
/// nothing. Encrypted objects stay: what shows them may be inside a ciphertext.
/// </summary>
internal sealed partial class UploadSweeper(
    IMediaRecords records, IMediaStore store, MediaAccess access, RemoveMedia remove, IOptions<MediaOptions> options, TimeProvider time,
    ILogger<UploadSweeper> logger) : BackgroundService
{
    private const int ObjectsASweep = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>How far the round over all objects has come: each sweep looks at some.</summary>
    private Guid _looked;

    private readonly SemaphoreSlim _oneSweep = new(1, 1);

    /// <summary>One sweep; waits for one that is under way. Answers how many uploads and objects it removed.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        await _oneSweep.WaitAsync(cancellationToken);
        try
        {
            return await SweepOnceAsync(cancellationToken);
        }
        finally
        {
            _oneSweep.Release();
        }
    }

    public override void Dispose()
    {
        _oneSweep.Dispose();
        base.Dispose();
    }

    private async Task<int> SweepOnceAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        int swept = 0;
        foreach (MediaRecord record in await records.ListDoomedAsync(now, cancellationToken))
        {
            // An open upload may have been completed since it was listed.
            if (record.State == MediaState.Open && !await records.MarkDeletingAsync(record.Id, MediaState.Open, cancellationToken))
                continue;
            if (await TryRemoveAsync(record.Id, cancellationToken))
                swept++;
        }

        foreach (Guid id in await store.ListUploadsAsync(now - options.Value.UploadLifetime, cancellationToken))
        {
            if (await records.FindAsync(id, cancellationToken) is not { State: MediaState.Open })
                await store.DeletePartsAsync(id, cancellationToken);
        }

        return swept + await SweepUnshownAsync(now, cancellationToken);
    }

    private async Task<int> SweepUnshownAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        int swept = 0;
        IReadOnlyList<MediaRecord> objects = await records.ListCompleteAsync(now - options.Value.UnshownLifetime, _looked, ObjectsASweep, cancellationToken);
        foreach (MediaRecord record in objects)
        {
            if (!record.Encrypted && !await access.IsShownAsync(record.Id, cancellationToken)
                && await records.MarkDeletingAsync(record.Id, MediaState.Complete, cancellationToken)
                && await TryRemoveAsync(record.Id, cancellationToken))
                swept++;
        }
        _looked = objects.Count == ObjectsASweep ? objects[^1].Id : Guid.Empty;
        return swept;
    }

    /// <summary>One that fails must not keep the others; it comes again next time.</summary>
    private async Task<bool> TryRemoveAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            await remove.ExecuteAsync(id, cancellationToken);
            return true;
        }
        catch (IOException failure)
        {
            LogFailed(failure);
            return false;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        do
        {
            try
            {
                int swept = await SweepAsync(stoppingToken);
                if (swept > 0)
                    LogSwept(swept);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                LogFailed(failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(5001, LogLevel.Information, "Removed {Count} abandoned or deleted uploads")]
    private partial void LogSwept(int count);

    [LoggerMessage(5002, LogLevel.Error, "Sweeping uploads failed; it is tried again")]
    private partial void LogFailed(Exception failure);
}
