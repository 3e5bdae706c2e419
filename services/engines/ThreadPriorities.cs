using System.Runtime.InteropServices;

namespace CoolChat.Engines;

/// <summary>
/// Work that nobody waits for leaves the CPU to what people wait for. <see cref="Thread.Priority"/> does nothing on Linux, where each thread has a
/// nice value of its own (setpriority(2), "C library/kernel differences").
/// </summary>
internal static partial class ThreadPriorities
{
    private const int ProcessOrThread = 0;
    private const int CallingThread = 0;

    // A tenth of the CPU that a usual thread gets beside it: behind, but never starved.
    private const int Nice = 10;

    /// <summary>Lowers the calling thread for the rest of its life, where the system can; a thread of the pool must not be lowered.</summary>
    public static void LowerCurrent()
    {
        if (OperatingSystem.IsLinux())
            _ = SetPriority(ProcessOrThread, CallingThread, Nice);
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int value);
}
