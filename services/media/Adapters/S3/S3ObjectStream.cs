using Amazon.S3.Model;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;

namespace CoolChat.Media.Adapters.S3;

/// <summary>
/// An object as a seekable stream: asks the store for the rest of the object from where one reads, and again after a seek. Bytes of one
/// version only: an object that is replaced or deleted while it is read fails.
/// </summary>
internal sealed class S3ObjectStream(S3Bucket bucket, string key, long length, string etag) : Stream
{
    private GetObjectResponse? _response;
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            if (value != _position)
                Close(ref _response);
            _position = value;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_position >= length || buffer.Length == 0)
            return 0;
        _response ??= await RequestAsync(cancellationToken);
        int read = await _response.ResponseStream.ReadAsync(buffer, cancellationToken);
        if (read == 0)
            throw new EndOfStreamException($"The store ended an object after {_position} of {length} bytes.");
        _position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => length + offset,
    };

    public override void Flush()
    {
        // Nothing is written.
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Close(ref _response);
        base.Dispose(disposing);
    }

    private async Task<GetObjectResponse> RequestAsync(CancellationToken cancellationToken)
    {
        GetObjectRequest request = new() { BucketName = bucket.Name, Key = key, EtagToMatch = etag };
        // A range of an empty object can't be satisfied, but no read gets here then.
        if (_position > 0)
            request.ByteRange = new ByteRange(_position, length - 1);
        return await bucket.RunOrNullAsync(client => client.GetObjectAsync(request, cancellationToken))
            ?? throw new RefusedException(new Refusal(ErrorCodes.NotFound, "It was deleted meanwhile."));
    }

    private static void Close(ref GetObjectResponse? response)
    {
        response?.Dispose();
        response = null;
    }
}
