using CoolChat.Contracts;
using CoolChat.Contracts.Internal;

namespace CoolChat.Media.Uploads;

/// <summary>Tells the owner which parts are in, so that an interrupted upload goes on.</summary>
internal sealed class FindUpload(IMediaRecords records, IMediaStore store, UploadViews views, TimeProvider time)
{
    public async ValueTask<Result<UploadView>> ExecuteAsync(Guid owner, Guid uploadId, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(uploadId, cancellationToken) is not { } record || !record.IsSeenBy(owner, time.GetUtcNow()))
            return Refusal.NotFound();
        return views.Create(record, await store.ListPartsAsync(uploadId, cancellationToken));
    }
}
