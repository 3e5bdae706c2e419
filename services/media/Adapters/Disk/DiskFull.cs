using CoolChat.Contracts;
using CoolChat.Contracts.Internal;

namespace CoolChat.Media.Adapters.Disk;

/// <summary>Tells a disk or quota that is full from other failures of the file system.</summary>
internal static class DiskFull
{
    private const int NoSpace = 28; // ENOSPC
    private const int OverQuota = 122; // EDQUOT
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public static readonly Refusal Refusal = new(ErrorCodes.StorageFull, "The server's disk is full; nothing was kept.");

    public static bool Is(IOException failure) => failure.HResult is NoSpace or OverQuota or WindowsDiskFull;
}
