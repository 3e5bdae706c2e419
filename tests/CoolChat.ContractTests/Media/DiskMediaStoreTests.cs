using CoolChat.Media;
using CoolChat.Media.Adapters.Disk;

namespace CoolChat.ContractTests.Media;

public sealed class DiskMediaStoreTests : MediaStoreContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coolchat-store-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private protected override IMediaStore Open() => new DiskMediaStore(_folder);
}
