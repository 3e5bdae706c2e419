using System.Buffers;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Media.Adapters.Disk;

namespace CoolChat.Media.Adapters.S3;

/// <summary>
/// Bytes on their way to the store, in a temporary file that goes when it is closed: a request is refused before the store hears of it, a slow
/// sender holds no connection to the store, and what goes there can be signed and sent again.
/// </summary>
internal static class Spool
{
    private const int BufferBytes = 128 * 1024;

    /// <summary>Exactly <paramref name="size"/> bytes.</summary>
    public static async Task<Result<FileStream>> ReceiveAsync(long size, Stream content, CancellationToken cancellationToken)
    {
        FileStream file = Create();
        try
        {
            if (await CopyAsync(size, content, file, cancellationToken) is not { } refusal)
                return file;
            await file.DisposeAsync();
            return refusal;
        }
        catch (IOException failure) when (DiskFull.Is(failure))
        {
            await file.DisposeAsync();
            return DiskFull.Refusal;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    public static FileStream Create()
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(Path.Combine(Path.GetTempPath(), $"coolchat-{Guid.NewGuid():N}.part"), options);
    }

    private static async Task<Refusal?> CopyAsync(long size, Stream content, FileStream file, CancellationToken cancellationToken)
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
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            return written == size ? null : Refusal.Invalid("body", $"This part has {size} bytes; {written} were sent.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
