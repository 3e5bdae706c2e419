using CoolChat.Contracts.Internal;

namespace CoolChat.Media.Objects;

/// <summary>Who may read an object: its owner, whoever may read a message that shows it, and everybody while it is an avatar.</summary>
internal sealed class MediaAccess(IMediaRecords records, IMediaGrants grants, IEnumerable<IPublicMedia> publicMedia)
{
    /// <summary>The object, or not_found: what one may not see is like what isn't there.</summary>
    public async ValueTask<Result<MediaRecord>> FindAsync(Guid viewer, Guid mediaId, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(mediaId, cancellationToken) is not { State: MediaState.Complete } record)
            return Refusal.NotFound();
        return record.Owner == viewer || await grants.CanSeeAsync(viewer, mediaId, cancellationToken) || await IsPublicAsync(mediaId, cancellationToken)
            ? record
            : Refusal.NotFound();
    }

    /// <summary>Whether anything shows the object: a message that is or will be, a conversation's picture, a profile.</summary>
    public async ValueTask<bool> IsShownAsync(Guid mediaId, CancellationToken cancellationToken) =>
        await grants.IsShownAsync(mediaId, cancellationToken) || await IsPublicAsync(mediaId, cancellationToken);

    private async ValueTask<bool> IsPublicAsync(Guid mediaId, CancellationToken cancellationToken)
    {
        foreach (IPublicMedia source in publicMedia)
        {
            if (await source.IsPublicAsync(mediaId, cancellationToken))
                return true;
        }
        return false;
    }
}
