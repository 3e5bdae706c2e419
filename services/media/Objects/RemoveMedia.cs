using CoolChat.Media.Uploads;

namespace CoolChat.Media.Objects;

/// <summary>
/// The second half of every deletion: the record already says that the object is gone; now the bytes go, then the record.
/// Can be repeated, and is, by the sweeper, after a crash.
/// </summary>
internal sealed class RemoveMedia(IMediaRecords records, IMediaStore store, UploadLocks locks)
{
    public async ValueTask ExecuteAsync(Guid id, CancellationToken cancellationToken)
    {
        using IDisposable held = await locks.EnterAsync(id, cancellationToken);
        await store.DeletePartsAsync(id, cancellationToken);
        await store.DeleteObjectAsync(id, cancellationToken);
        await records.RemoveAsync(id, cancellationToken);
    }
}
