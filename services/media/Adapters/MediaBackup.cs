using CoolChat.Contracts.Internal;
using CoolChat.Engines;
using Microsoft.Extensions.Configuration;

namespace CoolChat.Media.Adapters;

/// <summary>
/// The media service's part of a backup: the records first, then the objects they name (an object never changes once it is complete), and the
/// signing key. Uploads under way are left out: their owners begin again.
/// </summary>
internal sealed class MediaBackup(MediaDatabase database, IConfiguration configuration) : IBackupPart
{
    public int Order => 20;

    public async Task SaveAsync(string folder, CancellationToken cancellationToken)
    {
        string data = DataFolder.Of(configuration);
        await Task.Run(() => database.Sql.BackUp(Path.Combine(folder, "media.db")), cancellationToken);
        if (File.Exists(Path.Combine(data, "media.key")))
            File.Copy(Path.Combine(data, "media.key"), Path.Combine(folder, "media.key"));
        await Task.Run(() => CopyObjects(Path.Combine(data, "media"), Path.Combine(folder, "media"), cancellationToken), cancellationToken);
    }

    private static void CopyObjects(string from, string to, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(from))
            return;
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(from, file);
            if (relative.StartsWith("uploads", StringComparison.Ordinal) || file.EndsWith(".tmp", StringComparison.Ordinal))
                continue;
            cancellationToken.ThrowIfCancellationRequested();
            string target = Path.Combine(to, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
