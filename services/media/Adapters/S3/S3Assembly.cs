using System.Buffers;
using Amazon.S3.Model;
using CoolChat.Contracts.Internal;
using CoolChat.Media.Objects;

namespace CoolChat.Media.Adapters.S3;

/// <summary>
/// Makes one object of committed parts: reads them once for the digest, then has the store copy them together. Stores want at least 5 MiB of
/// every part but the last, so what is small goes up again whole.
/// </summary>
internal sealed class S3Assembly(S3Bucket bucket, S3Object[] parts, string target)
{
    /// <summary>The least that a part other than the last may have.</summary>
    public const int LeastPartBytes = 5 << 20;

    private const int BufferBytes = 128 * 1024;
    private const int Parallel = 4;

    /// <param name="accept">Refuses the digest.</param>
    /// <param name="unchanged">
    /// Whether the parts are still those that the digest was made of; asked when they have been copied. Another process may have replaced one,
    /// and not every store copies on a condition.
    /// </param>
    /// <param name="cancellationToken">Ends it; nothing is made then.</param>
    public async Task<Result<AssembledObject>> RunAsync(
        Func<ReadOnlyMemory<byte>, Refusal?> accept, Func<Task<bool>> unchanged, CancellationToken cancellationToken)
    {
        bool canCopy = parts[..^1].All(part => part.Size >= LeastPartBytes);
        await using FileStream? joined = canCopy ? null : Spool.Create();
        AssembledObject made = await ReadAsync(joined, cancellationToken);
        if (accept(made.Sha256) is { } refusal)
            return refusal;

        S3Upload upload = await S3Upload.BeginAsync(bucket, target, cancellationToken);
        try
        {
            if (joined is not null)
                await upload.AddAsync(1, joined, cancellationToken);
            else
                await CopyAsync(upload, cancellationToken);
            if (joined is null && !await unchanged())
                throw new RefusedException(Refusal.Conflict("A part was replaced meanwhile; complete the upload again."));
            await upload.CompleteAsync(cancellationToken);
            return made;
        }
        catch
        {
            await upload.AbortAsync();
            throw;
        }
    }

    private Task CopyAsync(S3Upload upload, CancellationToken cancellationToken) =>
        System.Threading.Tasks.Parallel.ForEachAsync(
            Enumerable.Range(1, parts.Length),
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (number, token) => await upload.AddCopyAsync(number, parts[number - 1], token));

    private async Task<AssembledObject> ReadAsync(FileStream? copy, CancellationToken cancellationToken)
    {
        using ObjectDigest digest = new(parts.Sum(part => part.Size ?? 0));
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            foreach (S3Object part in parts)
            {
                await using S3ObjectStream source = new(bucket, part.Key, part.Size ?? 0, part.ETag);
                int read;
                while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
                {
                    digest.Append(buffer.AsSpan(0, read));
                    if (copy is not null)
                        await copy.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return digest.Finish();
    }
}
