using CoolChat.Contracts.Internal;

namespace CoolChat.Media;

/// <summary>What is known of uploads and objects. Every change is atomic; what a method returns is durable. Written by the media service only.</summary>
internal interface IMediaRecords
{
    /// <summary>
    /// Adds an open upload unless its owner has too many or too much; check and record are one step, whoever else starts at the same time. Every record counts
    /// towards its owner's quota until it is removed.
    /// </summary>
    ValueTask<Refusal?> TryStartAsync(MediaRecord record, int maxOpen, long quota, CancellationToken cancellationToken);

    ValueTask<MediaRecord?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Makes an open upload an object, with the content type, digest and time of <paramref name="record"/>. False when it is no longer open.</summary>
    ValueTask<bool> CompleteAsync(MediaRecord record, CancellationToken cancellationToken);

    /// <summary>Makes it invisible. False when it was not in <paramref name="from"/>.</summary>
    ValueTask<bool> MarkDeletingAsync(Guid id, MediaState from, CancellationToken cancellationToken);

    /// <summary>Forgets what is being deleted; its bytes are gone.</summary>
    ValueTask RemoveAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Deletions that are not finished and uploads whose time is over, at most 1,000 at once.</summary>
    ValueTask<IReadOnlyList<MediaRecord>> ListDoomedAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Objects completed by <paramref name="completedBy"/>, by id, after <paramref name="after"/>.</summary>
    ValueTask<IReadOnlyList<MediaRecord>> ListCompleteAsync(DateTimeOffset completedBy, Guid after, int limit, CancellationToken cancellationToken);

    /// <summary>A person's uploads and objects, by id (which is oldest first), after <paramref name="after"/>.</summary>
    ValueTask<IReadOnlyList<MediaRecord>> ListOwnedAsync(Guid owner, Guid after, int limit, CancellationToken cancellationToken);
}
