using CoolChat.Contracts.Internal;

namespace CoolChat.Media.Objects;

/// <summary>The owner takes an object off the server, for everybody and for good; messages that show it say that it is gone.</summary>
internal sealed class DeleteMedia(IMediaRecords records, RemoveMedia remove)
{
    public async ValueTask<Refusal?> ExecuteAsync(Guid owner, Guid mediaId, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(mediaId, cancellationToken) is not { State: MediaState.Complete } record || record.Owner != owner
            || !await records.MarkDeletingAsync(mediaId, MediaState.Complete, cancellationToken))
            return Refusal.NotFound();
        await remove.ExecuteAsync(mediaId, cancellationToken);
        return null;
    }
}
