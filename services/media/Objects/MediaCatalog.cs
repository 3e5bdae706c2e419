using CoolChat.Contracts.Internal;

namespace CoolChat.Media.Objects;

/// <inheritdoc/>
internal sealed class MediaCatalog(IMediaRecords records) : IMediaCatalog
{
    public async ValueTask<MediaInfo?> FindAsync(Guid mediaId, CancellationToken cancellationToken) =>
        await records.FindAsync(mediaId, cancellationToken) is { State: MediaState.Complete } record ? record.ToInfo() : null;
}
