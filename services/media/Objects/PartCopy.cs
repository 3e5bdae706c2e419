using System.Buffers;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;

namespace CoolChat.Media.Objects;

/// <summary>Copies the bytes of a part as they are sent.</summary>
internal static class PartCopy
{
    private const int BufferBytes = 128 * 1024;

    /// <summary>Exactly <paramref name="size"/> bytes, or why not.</summary>
    public static async Task<Refusal?> ExactlyAsync(long size, Stream content, Stream target, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long written = 0;
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
            {
                written += read;
                if (written > size)
                    return new Refusal(ErrorCodes.TooLarge, $"This part has {size} bytes; more were sent.");
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            return written == size ? null : Refusal.Invalid("body", $"This part has {size} bytes; {written} were sent.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
