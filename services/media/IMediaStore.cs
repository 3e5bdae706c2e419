using CoolChat.Contracts.Internal;

namespace CoolChat.Media;

/// <summary>
/// Where the bytes are. Knows nothing of people or rights. An object appears whole or not at all; what was reported as there survives
/// a crash.
/// </summary>
internal interface IMediaStore
{
    /// <summary>
    /// Receives exactly <paramref name="size"/> bytes. Refused, with nothing kept, when there are fewer (<c>invalid</c>), more
    /// (<c>too_large</c>) or no space (<c>storage_full</c>). The part counts only once it is committed; disposing without that drops it.
    /// </summary>
    ValueTask<Result<IReceivedPart>> ReceivePartAsync(Guid uploadId, int number, long size, Stream content, CancellationToken cancellationToken);

    /// <summary>Numbers of the committed parts, ascending.</summary>
    ValueTask<IReadOnlyList<int>> ListPartsAsync(Guid uploadId, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the object of the upload's parts 1 to <paramref name="partCount"/>, replacing an earlier attempt. The parts stay. With
    /// <paramref name="accept"/> false for the digest, or without space, nothing is made.
    /// </summary>
    ValueTask<Result<AssembledObject>> AssembleAsync(
        Guid uploadId, int partCount, Func<ReadOnlyMemory<byte>, Refusal?> accept, CancellationToken cancellationToken);

    /// <summary>The object as a seekable stream, or null when it isn't there.</summary>
    ValueTask<Stream?> OpenAsync(Guid mediaId, CancellationToken cancellationToken);

    /// <summary>Drops an upload's parts; nothing happens when there are none.</summary>
    ValueTask DeletePartsAsync(Guid uploadId, CancellationToken cancellationToken);

    /// <summary>Drops an object; nothing happens when there is none.</summary>
    ValueTask DeleteObjectAsync(Guid mediaId, CancellationToken cancellationToken);

    /// <summary>Uploads that have left something behind and have not been touched since <paramref name="before"/>.</summary>
    ValueTask<IReadOnlyList<Guid>> ListUploadsAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Whether <paramref name="bytes"/> more would fit.</summary>
    ValueTask<bool> HasSpaceAsync(long bytes, CancellationToken cancellationToken);
}

/// <summary>A part that is durable but does not count yet.</summary>
internal interface IReceivedPart : IAsyncDisposable
{
    /// <summary>Makes it count, in place of an earlier part of the same number.</summary>
    ValueTask CommitAsync(CancellationToken cancellationToken);
}

/// <summary>What was made.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">32 bytes.</param>
/// <param name="Head">The first bytes, at most <see cref="Objects.ContentSniffer.HeadBytes"/>.</param>
internal sealed record AssembledObject(long Size, ReadOnlyMemory<byte> Sha256, ReadOnlyMemory<byte> Head);
