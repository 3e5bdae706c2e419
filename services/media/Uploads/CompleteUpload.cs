using System.Globalization;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Media.Objects;

namespace CoolChat.Media.Uploads;

/// <summary>
/// Makes the object of its parts. Bytes first, then the record, then the parts go: a crash in between leaves an open upload that can
/// be completed again, or parts that the sweeper removes. Whoever deletes the upload meanwhile waits for the lock, then removes the bytes.
/// </summary>
internal sealed class CompleteUpload(IMediaRecords records, IMediaStore store, UploadLocks locks, TimeProvider time)
{
    private const int NamedMissing = 20;

    public async ValueTask<Result<MediaView>> ExecuteAsync(Guid owner, Guid uploadId, CancellationToken cancellationToken)
    {
        using IDisposable held = await locks.EnterAsync(uploadId, cancellationToken);
        if (await records.FindAsync(uploadId, cancellationToken) is not { } record || !record.IsSeenBy(owner, time.GetUtcNow()))
            return Refusal.NotFound();
        if (record.State == MediaState.Complete)
            return record.ToView();
        if (await FindMissingAsync(record, cancellationToken) is { } missing)
            return missing;

        Result<AssembledObject> made = await store.AssembleAsync(
            uploadId, record.PartCount, digest => CheckDigest(record, digest), cancellationToken);
        if (!made.Ok)
            return made.Refusal;
        MediaRecord complete = record with
        {
            State = MediaState.Complete,
            ContentType = record.Encrypted ? record.ContentType : MediaTypes.Settle(record.ContentType, made.Value.Head.Span),
            Sha256 = Convert.ToHexStringLower(made.Value.Sha256.Span),
            CompletedAt = time.GetUtcNow(),
        };

        // From here on the caller's patience no longer counts: the object is there.
        if (!await records.CompleteAsync(complete, CancellationToken.None))
            return Refusal.NotFound("The upload was deleted meanwhile.");
        await store.DeletePartsAsync(uploadId, CancellationToken.None);
        return complete.ToView();
    }

    private async ValueTask<Refusal?> FindMissingAsync(MediaRecord record, CancellationToken cancellationToken)
    {
        IReadOnlyList<int> there = await store.ListPartsAsync(record.Id, cancellationToken);
        int[] missing = [.. Enumerable.Range(1, record.PartCount).Except(there).Take(NamedMissing + 1)];
        if (missing.Length == 0)
            return null;
        string list = string.Join(", ", missing.Take(NamedMissing).Select(number => number.ToString(CultureInfo.InvariantCulture)));
        return Refusal.Conflict($"These parts are not here yet: {list}{(missing.Length > NamedMissing ? " ..." : "")}");
    }

    private static Refusal? CheckDigest(MediaRecord record, ReadOnlyMemory<byte> digest) =>
        record.Sha256 is null || string.Equals(record.Sha256, Convert.ToHexStringLower(digest.Span), StringComparison.Ordinal)
            ? null
            : Refusal.Invalid("sha256", "The bytes that arrived are not the ones announced. Send the parts again.");
}
