using CoolChat.Contracts;
using CoolChat.Contracts.Internal;

namespace CoolChat.Media.Adapters.Disk;

/// <summary>Tells a disk or quota that is full from other failures of the file system.</summary>
internal static class DiskFull
{
    /// <summary>ENOSPC.</summary>
    public const int NoSpace = 28;

    /// <summary>COR_E_IO: .NET gives no errno to the failure to reserve a file's space, and this code to nothing else when opening.</summary>
    public const int NotReserved = unchecked((int)0x80131620);

    private const int OverQuota = 122; // EDQUOT
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public static readonly Refusal Refusal = new(ErrorCodes.StorageFull, "The server's disk is full; nothing was kept.");

    public static bool Is(IOException failure) => failure.HResult is NoSpace or OverQuota or WindowsDiskFull;
}
