using CoolChat.Contracts.Internal;
using CoolChat.Media.Adapters.Disk;
using CoolChat.Media.Objects;

namespace CoolChat.Media.Adapters.S3;

/// <summary>
/// Bytes on their way to the store, in a temporary file that goes when it is closed: a request is refused before the store hears of it, a slow
/// sender holds no connection to the store, and what goes there can be signed and sent again.
/// </summary>
internal static class Spool
{
    /// <summary>Exactly <paramref name="size"/> bytes.</summary>
    public static async Task<Result<FileStream>> ReceiveAsync(long size, Stream content, CancellationToken cancellationToken)
    {
        FileStream file = Create();
        try
        {
            if (await PartCopy.ExactlyAsync(size, content, file, cancellationToken) is not { } refusal)
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
}
