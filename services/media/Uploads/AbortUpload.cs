using CoolChat.Contracts.Internal;
using CoolChat.Media.Objects;

namespace CoolChat.Media.Uploads;

/// <summary>Gives up an open upload.</summary>
internal sealed class AbortUpload(IMediaRecords records, RemoveMedia remove, TimeProvider time)
{
    public async ValueTask<Refusal?> ExecuteAsync(Guid owner, Guid uploadId, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(uploadId, cancellationToken) is not { } record || !record.IsSeenBy(owner, time.GetUtcNow()))
            return Refusal.NotFound();
        if (record.State == MediaState.Complete
            || !await records.MarkDeletingAsync(uploadId, MediaState.Open, cancellationToken))
            return Refusal.Conflict("The upload is complete: delete the media object instead.");
        await remove.ExecuteAsync(uploadId, cancellationToken);
        return null;
    }
}
