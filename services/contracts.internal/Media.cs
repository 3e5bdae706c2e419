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
}
