using System.Collections.Concurrent;
using Amazon.S3.Model;
using CoolChat.Contracts.Internal;

namespace CoolChat.Media.Adapters.S3;

/// <summary>A multipart upload: nothing is there under its name until it is completed.</summary>
internal sealed class S3Upload(S3Bucket bucket, string key, string id)
{
    private readonly ConcurrentBag<PartETag> _parts = [];

    public static async Task<S3Upload> BeginAsync(S3Bucket bucket, string key, CancellationToken cancellationToken)
    {
        InitiateMultipartUploadRequest request = new() { BucketName = bucket.Name, Key = key, ContentType = "application/octet-stream" };
        InitiateMultipartUploadResponse begun = await bucket.RunAsync(client => client.InitiateMultipartUploadAsync(request, cancellationToken));
        return new S3Upload(bucket, key, begun.UploadId);
    }

    /// <summary>Sends a part.</summary>
    /// <param name="number">From 1.</param>
    /// <param name="content">Seekable: the signature needs the digest first, and a broken connection is tried again.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task AddAsync(int number, FileStream content, CancellationToken cancellationToken)
    {
        content.Position = 0;
        UploadPartRequest request = new()
        {
            BucketName = bucket.Name,
            Key = key,
            UploadId = id,
            PartNumber = number,
            PartSize = content.Length,
            InputStream = content,
            UseChunkEncoding = false,
        };
        UploadPartResponse added = await bucket.RunAsync(client => client.UploadPartAsync(request, cancellationToken));
        _parts.Add(new PartETag(number, added.ETag));
    }

    /// <summary>Copies a part from an object, inside the store.</summary>
    public async Task AddCopyAsync(int number, S3Object source, CancellationToken cancellationToken)
    {
        CopyPartRequest request = new()
        {
            SourceBucket = bucket.Name,
            SourceKey = source.Key,
            DestinationBucket = bucket.Name,
            DestinationKey = key,
            UploadId = id,
            PartNumber = number,
        };
        CopyPartResponse added = await bucket.RunAsync(client => client.CopyPartAsync(request, cancellationToken));
        _parts.Add(new PartETag(number, added.ETag));
    }

    /// <summary>Now the object is there, in place of an earlier one.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        CompleteMultipartUploadRequest request = new()
        {
            BucketName = bucket.Name,
            Key = key,
            UploadId = id,
            PartETags = [.. _parts.OrderBy(part => part.PartNumber)],
        };
        await bucket.RunAsync(client => client.CompleteMultipartUploadAsync(request, cancellationToken));
    }

    /// <summary>Drops what was sent. One that can't be dropped now is found by the sweeper: the failure that led here is the one to report.</summary>
    public async Task AbortAsync()
    {
        AbortMultipartUploadRequest request = new() { BucketName = bucket.Name, Key = key, UploadId = id };
        try
        {
            await bucket.RunOrNullAsync(client => client.AbortMultipartUploadAsync(request));
        }
        catch (RefusedException)
        {
            // Logged by the bucket.
        }
    }
}
