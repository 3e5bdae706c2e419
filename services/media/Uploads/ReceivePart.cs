using CoolChat.Contracts;
using CoolChat.Contracts.Internal;

namespace CoolChat.Media.Uploads;

/// <summary>Takes one part. Whether the sender may is told by the signature of the address, checked before.</summary>
internal sealed class ReceivePart(IMediaRecords records, IMediaStore store, UploadLocks locks, PartSlots slots, TimeProvider time)
{
    private static readonly Refusal TooMany = new(
        ErrorCodes.RateLimited, $"At most {PartSlots.PerUpload} parts of an upload at once.", RetryAfter: 1);

    private static readonly Refusal Closed = Refusal.Conflict("The upload is complete or gone; it takes no more parts.");

    /// <param name="uploadId">The upload.</param>
    /// <param name="number">From 1.</param>
    /// <param name="announced">Content-Length, when the sender told it: a wrong one is refused before the first byte.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="cancellationToken">Ends with the request.</param>
    public async ValueTask<Refusal?> ExecuteAsync(
        Guid uploadId, int number, long? announced, Stream content, CancellationToken cancellationToken)
    {
        if (await records.FindAsync(uploadId, cancellationToken) is not { } record || number < 1 || number > record.PartCount)
            return Refusal.NotFound();
        if (!record.IsOpen(time.GetUtcNow()))
            return Closed;
        long size = record.SizeOfPart(number);
        if (announced > size)
            return new Refusal(ErrorCodes.TooLarge, $"This part has {size} bytes, not {announced}.");
        if (announced < size)
            return Refusal.Invalid("body", $"This part has {size} bytes, not {announced}.");

        using IDisposable? slot = slots.TryTake(uploadId);
        if (slot is null)
            return TooMany;
        Result<IReceivedPart> received = await store.ReceivePartAsync(uploadId, number, size, content, cancellationToken);
        if (!received.Ok)
            return received.Refusal;
        await using IReceivedPart part = received.Value;
        return await CommitAsync(uploadId, part, cancellationToken);
    }

    /// <summary>Looks again under the lock: the upload may have been completed or dropped while the bytes came.</summary>
    private async ValueTask<Refusal?> CommitAsync(Guid uploadId, IReceivedPart part, CancellationToken cancellationToken)
    {
        using IDisposable held = await locks.EnterAsync(uploadId, cancellationToken);
        if (await records.FindAsync(uploadId, cancellationToken) is not { } record || !record.IsOpen(time.GetUtcNow()))
            return Closed;
        await part.CommitAsync(cancellationToken);
        return null;
    }
}
