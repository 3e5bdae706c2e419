using CoolChat.Contracts.Internal;
using CoolChat.Media.Adapters.Sqlite;

namespace CoolChat.Media.Objects;

/// <inheritdoc/>
internal sealed class MediaCatalog(SqliteMediaRecords records) : IMediaCatalog
{
    public async ValueTask<MediaInfo?> FindAsync(Guid mediaId, CancellationToken cancellationToken) =>
        await records.FindAsync(mediaId, cancellationToken) is { State: MediaState.Complete } record ? record.ToInfo() : null;
}
