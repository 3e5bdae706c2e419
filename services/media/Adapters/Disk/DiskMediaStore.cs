using System.Buffers;
using System.Globalization;
using CoolChat.Contracts.Internal;
using CoolChat.Media.Objects;

namespace CoolChat.Media.Adapters.Disk;

/// <summary>
/// Media in a folder. Every file is written beside its place, synced, then renamed.
/// <code>
/// objects/{last two digits}/{id}      a completed object
/// objects/{last two digits}/{id}.tmp  an object being made; only the holder of the upload's lock writes it
/// uploads/{id}/{number}                a committed part
/// uploads/{id}/{random}.tmp            a part being received
/// </code>
/// </summary>
internal sealed class DiskMediaStore : IMediaStore
{
    private const int BufferBytes = 128 * 1024;
    private readonly string _objects;
    private readonly string _uploads;

    public DiskMediaStore(string folder)
    {
        _objects = Path.Combine(folder, "objects");
        _uploads = Path.Combine(folder, "uploads");
        PrivateFolder.Create(folder);
        PrivateFolder.Create(_objects);
        PrivateFolder.Create(_uploads);
    }

    public async ValueTask<Result<IReceivedPart>> ReceivePartAsync(
        Guid uploadId, int number, long size, Stream content, CancellationToken cancellationToken)
    {
        string folder = UploadFolder(uploadId);
        string temp = Path.Combine(folder, $"{Guid.NewGuid():N}.tmp");
        try
        {
            PrivateFolder.Create(folder);
            Refusal? refusal = await WriteExactlyAsync(temp, size, content, cancellationToken);
            if (refusal is null)
                return new ReceivedPart(temp, Path.Combine(folder, PartName(number)));
            File.Delete(temp);
            return refusal;
        }
        catch (IOException failure) when (DiskFull.Is(failure))
        {
            DeleteQuietly(temp);
            return DiskFull.Refusal;
        }
        catch
        {
            DeleteQuietly(temp);
            throw;
        }
    }

    public ValueTask<IReadOnlyList<int>> ListPartsAsync(Guid uploadId, CancellationToken cancellationToken)
    {
        DirectoryInfo folder = new(UploadFolder(uploadId));
        if (!folder.Exists)
            return new([]);
        List<int> numbers = [];
        foreach (FileInfo file in folder.EnumerateFiles())
        {
            if (int.TryParse(file.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                numbers.Add(number);
        }

        numbers.Sort();
        return new(numbers);
    }

    public async ValueTask<Result<AssembledObject>> AssembleAsync(
        Guid uploadId, int partCount, Func<ReadOnlyMemory<byte>, Refusal?> accept, CancellationToken cancellationToken)
    {
        string target = ObjectPath(uploadId);
        string temp = target + ".tmp";
        try
        {
            PrivateFolder.Create(Path.GetDirectoryName(target)!);
            AssembledObject made = await ConcatenateAsync(uploadId, partCount, temp, cancellationToken);
            if (accept(made.Sha256) is { } refusal)
            {
                File.Delete(temp);
                return refusal;
            }

            File.Move(temp, target, overwrite: true);
            FolderSync.Flush(Path.GetDirectoryName(target)!);
            return made;
        }
        catch (IOException failure) when (DiskFull.Is(failure))
        {
            DeleteQuietly(temp);
            return DiskFull.Refusal;
        }
        catch
        {
            DeleteQuietly(temp);
            throw;
        }
    }

    public ValueTask<Stream?> OpenAsync(Guid mediaId, CancellationToken cancellationToken)
    {
        try
        {
            return new(new FileStream(ObjectPath(mediaId), new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite | FileShare.Delete,
                Options = FileOptions.Asynchronous,
                BufferSize = 0,
            }));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return new((Stream?)null);
        }
    }

    public ValueTask DeletePartsAsync(Guid uploadId, CancellationToken cancellationToken)
    {
        try
        {
            Directory.Delete(UploadFolder(uploadId), recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Already gone, which is what was asked for.
        }

        return default;
    }

    public ValueTask DeleteObjectAsync(Guid mediaId, CancellationToken cancellationToken)
    {
        string path = ObjectPath(mediaId);
        if (Directory.Exists(Path.GetDirectoryName(path)))
        {
            File.Delete(path);
            File.Delete(path + ".tmp");
        }

        return default;
    }

    public ValueTask<IReadOnlyList<Guid>> ListUploadsAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        List<Guid> found = [];
        foreach (DirectoryInfo folder in new DirectoryInfo(_uploads).EnumerateDirectories())
        {
            if (Guid.TryParseExact(folder.Name, "N", out Guid id) && folder.LastWriteTimeUtc < before.UtcDateTime)
                found.Add(id);
        }

        return new(found);
    }

    public ValueTask<bool> HasSpaceAsync(long bytes, CancellationToken cancellationToken) =>
        new(new DriveInfo(_uploads).AvailableFreeSpace >= bytes);

    private static async Task<Refusal?> WriteExactlyAsync(string path, long size, Stream content, CancellationToken cancellationToken)
    {
        await using FileStream file = Create(path, size);
        if (await PartCopy.ExactlyAsync(size, content, file, cancellationToken) is { } refusal)
            return refusal;
        file.Flush(flushToDisk: true);
        return null;
    }

    private async Task<AssembledObject> ConcatenateAsync(Guid uploadId, int partCount, string path, CancellationToken cancellationToken)
    {
        string folder = UploadFolder(uploadId);
        string[] parts = [.. Enumerable.Range(1, partCount).Select(number => Path.Combine(folder, PartName(number)))];
        long size = parts.Sum(part => new FileInfo(part).Length);
        using ObjectDigest digest = new(size);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await using FileStream target = Create(path, size);
            foreach (string part in parts)
            {
                await using FileStream source = new(part, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
                int read;
                while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
                {
                    digest.Append(buffer.AsSpan(0, read));
                    await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                }
            }

            target.Flush(flushToDisk: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return digest.Finish();
    }

    /// <summary>Reserves the space first: a full disk is found before the bytes are read.</summary>
    private static FileStream Create(string path, long size)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
            PreallocationSize = size,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            return new FileStream(path, options);
        }
        catch (IOException failure) when (failure.HResult == DiskFull.NotReserved)
        {
            throw new IOException(failure.Message, DiskFull.NoSpace);
        }
    }

    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (IOException)
        {
            // The failure that led here is the one to report; the sweeper removes what is left.
        }
    }

    private static string PartName(int number) => number.ToString(CultureInfo.InvariantCulture);

    private string UploadFolder(Guid uploadId) => Path.Combine(_uploads, uploadId.ToString("N"));

    private string ObjectPath(Guid mediaId)
    {
        // The last digits: the first ones of a UUIDv7 are the time and would fill one folder at a time.
        string name = mediaId.ToString("N");
        return Path.Combine(_objects, name[^2..], name);
    }

    private sealed class ReceivedPart(string temp, string target) : IReceivedPart
    {
        public ValueTask CommitAsync(CancellationToken cancellationToken)
        {
            File.Move(temp, target, overwrite: true);
            FolderSync.Flush(Path.GetDirectoryName(target)!);
            return default;
        }

        public ValueTask DisposeAsync()
        {
            DeleteQuietly(temp);
            return default;
        }
    }
}
