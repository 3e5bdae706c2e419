using System.Globalization;
using CoolChat.Contracts.Internal;

namespace CoolChat.Standalone.Hosting;

/// <summary>
/// The data folder, held by this process alone: an advisory lock (flock) on a file in it, which the kernel lets go of when the process ends,
/// however it ends. The file is never removed: removing it would let two processes lock two files. Who holds it is told by a file beside it,
/// because the lock also keeps others from reading.
/// </summary>
internal sealed class DataFolderLock : IDisposable
{
    private const string LockName = "coolchat.lock";
    private const string HolderName = "coolchat.pid";
    private const long LeastFreeBytes = 16L << 20;

    /// <summary>EWOULDBLOCK: somebody holds the lock.</summary>
    private const int WouldBlock = 11;

    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <summary>Creates the folder (0700) when it is not there, and locks it.</summary>
    /// <exception cref="StartException">Held by another process, not writable, or the disk is full.</exception>
    public static DataFolderLock Take(string folder)
    {
        string holderPath = Path.Combine(folder, HolderName);
        try
        {
            RequireSpace(folder);
            if (!Directory.Exists(folder))
                Create(folder);
            FileStream file = new(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(holderPath, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new DataFolderLock(file);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new StartException($"Cannot write to {folder}: give this user the right to, or choose another folder with --data.", failure);
        }
        catch (IOException failure) when (failure.HResult == WouldBlock)
        {
            string holder = File.Exists(holderPath) ? $" (process {File.ReadAllText(holderPath)})" : "";
            throw new StartException($"Another CoolChat{holder} uses {folder}: stop it, or choose another folder with --data.", failure);
        }
        catch (IOException failure)
        {
            throw new StartException($"Cannot use {folder}: {failure.Message.TrimEnd('.')}. Choose another folder with --data.", failure);
        }
    }

    public void Dispose() => _file.Dispose();

    private static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Looked at before anything is created: engines that run out of space while they create their files leave halves behind.</summary>
    private static void RequireSpace(string folder)
    {
        string existing = folder;
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
            existing = parent;
        DriveInfo drive = new(existing);
        // File systems of the kernel have no size at all: those fail as not writable.
        if (drive.TotalSize > 0 && drive.AvailableFreeSpace < LeastFreeBytes)
            throw new StartException($"The disk of {folder} is full: free at least {LeastFreeBytes >> 20} MiB, or choose another folder with --data.");
    }
}
