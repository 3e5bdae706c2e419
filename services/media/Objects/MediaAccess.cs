using CoolChat.Contracts.Internal;

namespace CoolChat.Media.Objects;

/// <summary>Who may read an object: its owner, whoever may read a message that shows it, and everybody while it is an avatar.</summary>
internal sealed class MediaAccess(IMediaRecords records, IMediaGrants grants, IEnumerable<IPublicMedia> publicMedia)
{
    /// <summary>The object, or not_found: what one may not see is like what isn't there.</summary>
    public async ValueTask<Result<MediaRecord>> FindAsync(Guid viewer, Guid mediaId, CancellationToken cancellationToken)
    {
        if (await FindCompleteAsync(mediaId, cancellationToken) is not { } record)
            return Refusal.NotFound();
        if (record.Owner == viewer || await grants.CanSeeAsync(viewer, mediaId, cancellationToken))
            return record;
        foreach (IPublicMedia source in publicMedia)
        {
            if (await source.IsPublicAsync(mediaId, cancellationToken))
                return record;
        }

        return Refusal.NotFound();
    }

    /// <summary>The object without asking for whom: the address was signed.</summary>
    public async ValueTask<MediaRecord?> FindCompleteAsync(Guid mediaId, CancellationToken cancellationToken) =>
        await records.FindAsync(mediaId, cancellationToken) is { State: MediaState.Complete } record ? record : null;
}
