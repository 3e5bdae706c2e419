using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Engines;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoolChat.Media.Adapters.S3;

/// <summary>
/// The connection to one bucket. What the store answers becomes ours here: a failure is a refusal (<c>unavailable</c>,
/// <c>storage_full</c>) with the cause in the log. Settings are the ones that every S3-compatible store understands: signed payloads instead
/// of chunked encoding, checksums only where the protocol wants them.
/// </summary>
internal sealed partial class S3Bucket : IDisposable
{
    private readonly ILogger _logger;

    public S3Bucket(IOptions<S3MediaOptions> settings, ILogger<S3Bucket> logger)
    {
        _logger = logger;
        S3MediaOptions options = settings.Value;
        Name = options.Bucket!;
        Prefix = options.Prefix;
        AmazonS3Config config = new()
        {
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint;
            config.AuthenticationRegion = options.Region;
            config.ForcePathStyle = true;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        Client = string.IsNullOrEmpty(options.AccessKey)
            ? new AmazonS3Client(config)
            : new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
    }

    public AmazonS3Client Client { get; }

    public string Name { get; }

    /// <summary>What our objects' names begin with.</summary>
    public string Prefix { get; }

    /// <summary>Runs a request.</summary>
    /// <exception cref="RefusedException">The store is away or refuses.</exception>
    public async Task<T> RunAsync<T>(Func<AmazonS3Client, Task<T>> request) =>
        await RunOrNullAsync<Box<T>>(async client => new Box<T>(await request(client))) is { } done
            ? done.Value
            : throw Unavailable("what was asked for is not there", null);

    /// <summary>Runs a request; null when what it asks for isn't there.</summary>
    public async Task<T?> RunOrNullAsync<T>(Func<AmazonS3Client, Task<T>> request)
        where T : class
    {
        try
        {
            return await request(Client);
        }
        catch (AmazonServiceException missing) when (IsMissing(missing))
        {
            return null;
        }
        catch (AmazonServiceException full) when (IsFull(full))
        {
            LogFailed(full, full.ErrorCode);
            throw new RefusedException(new Refusal(ErrorCodes.StorageFull, "The file store is full; nothing was kept."), full);
        }
        catch (AmazonServiceException failure)
        {
            throw Unavailable(failure.ErrorCode ?? failure.StatusCode.ToString(), failure);
        }
        catch (Exception failure) when (failure is AmazonClientException or HttpRequestException)
        {
            throw Unavailable(failure.GetType().Name, failure);
        }
    }

    /// <summary>Every object under a name, in the order of their names.</summary>
    public async IAsyncEnumerable<S3Object> ListAsync(string under, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            ListObjectsV2Request request = new() { BucketName = Name, Prefix = Prefix + under, ContinuationToken = next };
            ListObjectsV2Response page = await RunAsync(client => client.ListObjectsV2Async(request, cancellationToken));
            foreach (S3Object found in page.S3Objects ?? [])
                yield return found;
            next = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (next is not null);
    }

    /// <summary>Every multipart upload under a name that was neither completed nor aborted.</summary>
    public async Task<IReadOnlyList<MultipartUpload>> ListUploadsAsync(string under, CancellationToken cancellationToken)
    {
        List<MultipartUpload> found = [];
        ListMultipartUploadsRequest request = new() { BucketName = Name, Prefix = Prefix + under };
        ListMultipartUploadsResponse page;
        do
        {
            page = await RunAsync(client => client.ListMultipartUploadsAsync(request, cancellationToken));
            found.AddRange(page.MultipartUploads ?? []);
            request.KeyMarker = page.NextKeyMarker;
            request.UploadIdMarker = page.NextUploadIdMarker;
        }
        while (page.IsTruncated == true);
        return found;
    }

    /// <summary>Checks at the start that the bucket can be used, and makes it when that is wanted.</summary>
    /// <exception cref="EngineStartException">It can't; the message names the key to look at.</exception>
    public async Task OpenAsync(bool create, CancellationToken cancellationToken)
    {
        try
        {
            ListObjectsV2Request request = new() { BucketName = Name, MaxKeys = 1, Prefix = Prefix };
            await Client.ListObjectsV2Async(request, cancellationToken);
        }
        catch (AmazonServiceException missing) when (IsMissing(missing) && create)
        {
            await Client.PutBucketAsync(Name, cancellationToken);
        }
        catch (AmazonServiceException missing) when (IsMissing(missing))
        {
            throw new EngineStartException($"{S3MediaOptions.Section}:Bucket: there is no bucket '{Name}'. Make it, or set CreateBucket.", missing);
        }
        catch (AmazonServiceException refused) when (refused.StatusCode == HttpStatusCode.Forbidden)
        {
            throw new EngineStartException($"{S3MediaOptions.Section}:AccessKey: the store refuses it for the bucket '{Name}' ({refused.ErrorCode}).", refused);
        }
        catch (Exception failure) when (failure is AmazonServiceException or AmazonClientException or HttpRequestException)
        {
            throw new EngineStartException($"{S3MediaOptions.Section}:Endpoint: the store does not answer ({failure.Message}).", failure);
        }
    }

    public void Dispose() => Client.Dispose();

    private RefusedException Unavailable(string reason, Exception? failure)
    {
        LogFailed(failure, reason);
        return new RefusedException(new Refusal(ErrorCodes.Unavailable, "The file store is not available just now; try again later.", RetryAfter: 5), failure);
    }

    private static bool IsMissing(AmazonServiceException failure) => failure.StatusCode == HttpStatusCode.NotFound;

    // MinIO says XMinioStorageFull, Ceph QuotaExceeded, others answer 507.
    private static bool IsFull(AmazonServiceException failure) =>
        failure.StatusCode == HttpStatusCode.InsufficientStorage
        || failure.ErrorCode is { } code && (code.Contains("StorageFull", StringComparison.Ordinal) || code.Contains("QuotaExceeded", StringComparison.Ordinal));

    [LoggerMessage(5010, LogLevel.Error, "The file store failed: {Reason}")]
    private partial void LogFailed(Exception? failure, string reason);

    private sealed record Box<T>(T Value);
}
