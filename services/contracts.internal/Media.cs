namespace CoolChat.Contracts.Internal;

/// <summary>What others ask of media objects. The media service owns them.</summary>
public interface IMediaCatalog
{
    /// <summary>A completed upload, or null.</summary>
    ValueTask<MediaInfo?> FindAsync(Guid mediaId, CancellationToken cancellationToken);
}

/// <summary>A completed upload.</summary>
public sealed record MediaInfo(Guid MediaId, Guid Owner, string FileName, string ContentType, long Size, bool Encrypted);

/// <summary>Who may see a media object by a message that shows it. Written by processing, from the log.</summary>
public interface IMediaGrants
{
    /// <summary>Whether a living message that <paramref name="userId"/> may read shows the object, or a conversation's picture does.</summary>
    ValueTask<bool> CanSeeAsync(Guid userId, Guid mediaId, CancellationToken cancellationToken);

    /// <summary>
    /// Whether any living message or conversation picture shows the object, or a scheduled message will: such media outlive their owner's account, and
    /// only what this denies may be removed.
    /// </summary>
    ValueTask<bool> IsShownAsync(Guid mediaId, CancellationToken cancellationToken);
}

/// <summary>
/// Media that anybody who is signed in may see: avatars. Whoever shows an object that way (the user service) registers one of these;
/// none registered = nothing is public. Asked on every download that neither ownership nor a grant allows, so it must be quick.
/// </summary>
public interface IPublicMedia
{
    /// <summary>Whether the object is shown to everybody now: true as long as a living profile uses it, never longer.</summary>
    ValueTask<bool> IsPublicAsync(Guid mediaId, CancellationToken cancellationToken);
}
