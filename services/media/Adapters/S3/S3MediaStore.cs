using System.Collections.Concurrent;
using System.Globalization;
using Amazon.S3.Model;
using CoolChat.Contracts.Internal;

namespace CoolChat.Media.Adapters.S3;

/// <summary>
/// Media in a bucket.
/// <code>
/// objects/{id}           a completed object
/// uploads/{id}/{number}  a committed part
/// </code>
/// A part that was received but not committed is a multipart upload (of one part) to the part's name that was not completed: it can't be
/// read or listed as an object, and completing it replaces an earlier part at once. The object is made the same way, its parts copied
/// inside the store. What a crash leaves is found by the sweeper through <see cref="ListUploadsAsync"/>.
/// </summary>
internal sealed class S3MediaStore(S3Bucket bucket) : IMediaStore
{
    // What AWS takes as one object.
    private const long MostBytes = 5L << 40;
    private const int Parallel = 8;

    public async ValueTask<Result<IReceivedPart>> ReceivePartAsync(
        Guid uploadId, int number, long size, Stream content, CancellationToken cancellationToken)
    {
        Result<FileStream> spooled = await Spool.ReceiveAsync(size, content, cancellationToken);
        if (!spooled.Ok)
            return spooled.Refusal;
        await using FileStream file = spooled.Value;
        S3Upload upload = await S3Upload.BeginAsync(bucket, PartKey(uploadId, number), cancellationToken);
        try
        {
            await upload.AddAsync(1, file, cancellationToken);
            return new ReceivedPart(upload);
        }
        catch
        {
            await upload.AbortAsync();
            throw;
        }
    }

    public async ValueTask<IReadOnlyList<int>> ListPartsAsync(Guid uploadId, CancellationToken cancellationToken) =>
        [.. (await PartsAsync(uploadId, cancellationToken)).Keys];

    public async ValueTask<Result<AssembledObject>> AssembleAsync(
        Guid uploadId, int partCount, Func<ReadOnlyMemory<byte>, Refusal?> accept, CancellationToken cancellationToken)
    {
        S3Object[] parts = await WholeAsync(uploadId, partCount, cancellationToken);
        return await new S3Assembly(bucket, parts, ObjectKey(uploadId)).RunAsync(
            accept, async () => Same(parts, await WholeAsync(uploadId, partCount, cancellationToken)), cancellationToken);
    }

    public async ValueTask<Stream?> OpenAsync(Guid mediaId, CancellationToken cancellationToken)
    {
        string key = ObjectKey(mediaId);
        GetObjectMetadataResponse? about = await bucket.RunOrNullAsync(client => client.GetObjectMetadataAsync(bucket.Name, key, cancellationToken));
        return about is null ? null : new S3ObjectStream(bucket, key, about.ContentLength, about.ETag);
    }

    public async ValueTask DeletePartsAsync(Guid uploadId, CancellationToken cancellationToken)
    {
        foreach (string under in (string[])[UploadFolder(uploadId), $"objects/{uploadId:N}"])
        {
            foreach (MultipartUpload open in await bucket.ListUploadsAsync(under, cancellationToken))
                await new S3Upload(bucket, open.Key, open.UploadId).AbortAsync();
        }

        ConcurrentBag<string> keys = [];
        await foreach (S3Object part in bucket.ListAsync(UploadFolder(uploadId), cancellationToken))
            keys.Add(part.Key);
        // One by one: not every store can delete many in one request.
        await System.Threading.Tasks.Parallel.ForEachAsync(
            keys,
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (key, token) => await DeleteAsync(key, token));
    }

    public async ValueTask DeleteObjectAsync(Guid mediaId, CancellationToken cancellationToken) =>
        await DeleteAsync(ObjectKey(mediaId), cancellationToken);

    public async ValueTask<IReadOnlyList<Guid>> ListUploadsAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        Dictionary<Guid, DateTime> touched = [];
        await foreach (S3Object part in bucket.ListAsync("uploads/", cancellationToken))
            Note(part.Key, part.LastModified);
        foreach (MultipartUpload open in await bucket.ListUploadsAsync("uploads/", cancellationToken))
            Note(open.Key, open.Initiated);
        return [.. touched.Where(upload => upload.Value < before.UtcDateTime).Select(upload => upload.Key)];

        void Note(string key, DateTime? at)
        {
            string[] names = key[bucket.Prefix.Length..].Split('/');
            if (names.Length != 3 || !Guid.TryParseExact(names[1], "N", out Guid id))
                return;
            DateTime time = at?.ToUniversalTime() ?? DateTime.MinValue;
            touched[id] = touched.TryGetValue(id, out DateTime other) && other > time ? other : time;
        }
    }

    public ValueTask<bool> HasSpaceAsync(long bytes, CancellationToken cancellationToken) => new(bytes <= MostBytes);

    private async Task<S3Object[]> WholeAsync(Guid uploadId, int partCount, CancellationToken cancellationToken)
    {
        S3Object[] parts = [.. (await PartsAsync(uploadId, cancellationToken)).Where(part => part.Key <= partCount).Select(part => part.Value)];
        return parts.Length == partCount ? parts : throw new RefusedException(Refusal.Conflict("A part was dropped meanwhile."));
    }

    private static bool Same(S3Object[] before, S3Object[] now) =>
        before.Select(part => (part.ETag, part.LastModified)).SequenceEqual(now.Select(part => (part.ETag, part.LastModified)));

    private async Task<SortedDictionary<int, S3Object>> PartsAsync(Guid uploadId, CancellationToken cancellationToken)
    {
        string folder = UploadFolder(uploadId);
        SortedDictionary<int, S3Object> parts = [];
        await foreach (S3Object part in bucket.ListAsync(folder, cancellationToken))
        {
            if (int.TryParse(part.Key.AsSpan(bucket.Prefix.Length + folder.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                parts[number] = part;
        }

        return parts;
    }

    private async Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        await bucket.RunOrNullAsync(client => client.DeleteObjectAsync(bucket.Name, key, cancellationToken));

    private static string UploadFolder(Guid uploadId) => $"uploads/{uploadId:N}/";

    private string PartKey(Guid uploadId, int number) => string.Create(CultureInfo.InvariantCulture, $"{bucket.Prefix}{UploadFolder(uploadId)}{number}");

    private string ObjectKey(Guid mediaId) => $"{bucket.Prefix}objects/{mediaId:N}";

    private sealed class ReceivedPart(S3Upload upload) : IReceivedPart
    {
        private bool _committed;

        public async ValueTask CommitAsync(CancellationToken cancellationToken)
        {
            await upload.CompleteAsync(cancellationToken);
            _committed = true;
        }

        public async ValueTask DisposeAsync()
        {
            if (!_committed)
                await upload.AbortAsync();
        }
    }
}
