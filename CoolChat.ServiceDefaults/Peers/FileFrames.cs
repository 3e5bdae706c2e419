using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace CoolChat.ServiceDefaults.Peers;

/// <summary>
/// Files in one stream, whose sizes nobody knows beforehand. Each is the length of its name and the name, then blocks of a length and so many bytes, then a
/// length of 0; after the last one comes -1. Lengths are 32-bit little-endian. A stream that ends before -1 was cut off.
/// </summary>
internal static class FileFrames
{
    private const int End = -1;
    private const int MostName = 1024;
    private const int MostBlock = 1 << 20;

    public static async Task WriteAsync(Stream body, Func<Func<string, Func<Stream, CancellationToken, Task>, Task>, Task> export, CancellationToken cancellationToken)
    {
        await export(async (name, write) =>
        {
            byte[] text = Encoding.UTF8.GetBytes(name);
            await WriteLengthAsync(body, text.Length, cancellationToken);
            await body.WriteAsync(text, cancellationToken);
            await using (BlockStream blocks = new(body))
                await write(blocks, cancellationToken);
            await WriteLengthAsync(body, 0, cancellationToken);
        });
        await WriteLengthAsync(body, End, cancellationToken);
    }

    /// <exception cref="IOException">The stream is cut off, or none of these.</exception>
    public static async Task ReadAsync(Stream body, Func<string, Func<Stream, CancellationToken, Task>, Task> writeFile, CancellationToken cancellationToken)
    {
        while (await ReadLengthAsync(body, MostName, cancellationToken) is not End and int length)
        {
            byte[] name = new byte[length];
            await body.ReadExactlyAsync(name, cancellationToken);
            await writeFile(Encoding.UTF8.GetString(name), (target, cancellation) => CopyAsync(body, target, cancellation));
        }
    }

    private static async Task CopyAsync(Stream body, Stream target, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MostBlock);
        try
        {
            while (await ReadLengthAsync(body, MostBlock, cancellationToken) is > 0 and int length)
            {
                await body.ReadExactlyAsync(buffer.AsMemory(0, length), cancellationToken);
                await target.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask WriteLengthAsync(Stream body, int length, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        await body.WriteAsync(bytes, cancellationToken);
    }

    private static async ValueTask<int> ReadLengthAsync(Stream body, int most, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[sizeof(int)];
        await body.ReadExactlyAsync(bytes, cancellationToken);
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        return length >= End && length <= most ? length : throw new InvalidDataException("Not a stream of files.");
    }

    /// <summary>What is written becomes blocks.</summary>
    private sealed class BlockStream(Stream body) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            for (; buffer.Length > 0; buffer = buffer[Math.Min(buffer.Length, MostBlock)..])
            {
                ReadOnlyMemory<byte> block = buffer[..Math.Min(buffer.Length, MostBlock)];
                await WriteLengthAsync(body, block.Length, cancellationToken);
                await body.WriteAsync(block, cancellationToken);
            }
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => body.FlushAsync(cancellationToken);

        public override void Flush() => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
