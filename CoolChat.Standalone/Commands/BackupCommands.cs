using System.CommandLine;
using CoolChat.Conversations.Adapters.RocksDb;
using CoolChat.Standalone.Control;
using CoolChat.Standalone.Hosting;

namespace CoolChat.Standalone.Commands;

/// <summary><c>backup --to FOLDER</c> and <c>restore --from FOLDER</c>.</summary>
internal static class BackupCommands
{
    private static readonly Option<string> To = new("--to") { Description = "New folder to save to.", Required = true };
    private static readonly Option<string> From = new("--from") { Description = "Folder that backup made.", Required = true };

    public static IEnumerable<Command> Create()
    {
        Command backup = new("backup", "Save everything into a new folder, while the server runs or not.") { To };
        backup.SetAction((parsed, cancellation) =>
            Terminal.RunAsync(() => BackUpAsync(RootCommands.OptionsOf(parsed).Data, Path.GetFullPath(parsed.GetRequiredValue(To)), cancellation)));
        Command restore = new("restore", "Make a data folder (new or empty) from a backup. Everybody signs in again and then catches up by themselves.") { From };
        restore.SetAction((parsed, cancellation) =>
            Terminal.RunAsync(() => RestoreAsync(Path.GetFullPath(parsed.GetRequiredValue(From)), RootCommands.OptionsOf(parsed), cancellation)));
        return [backup, restore];
    }

    private static async Task<string> BackUpAsync(string data, string to, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Path.Combine(data, LogFolder.Name)))
            throw new ControlException($"{data} is no data folder: name it with --data.");
        if (to.StartsWith(data.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new ControlException($"{to} is inside the data folder: a backup belongs elsewhere, best on another disk.");
        if (await ControlSocket.AskAsync(data, "backup", to, cancellationToken) is { } done)
            return done;
        // Nobody runs there: under the folder's lock a plain copy is whole.
        using DataFolderLock folder = DataFolderLock.Take(data);
        if (Directory.Exists(to))
            throw new ControlException($"{to} is there already: name a new folder.");
        DataFolders.Copy(data, to + ".unfinished");
        Directory.Move(to + ".unfinished", to);
        return $"Saved to {to} ({DataFolders.Size(to) >> 10} KiB).";
    }

    private static async Task<string> RestoreAsync(string from, StandaloneOptions options, CancellationToken cancellationToken)
    {
        string data = options.Data;
        if (!Directory.Exists(Path.Combine(from, LogFolder.Name)))
            throw new ControlException($"{from} is no backup: it has no folder '{LogFolder.Name}'.");
        if (Directory.Exists(data) && Directory.EnumerateFileSystemEntries(data).Any())
            throw new ControlException($"{data} is not empty: move it away, or name a new folder with --data.");
        string unfinished = data + ".unfinished";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        DataFolders.Copy(from, unfinished);
        string done = await StandaloneHost.RunCommandAsync(options with { Data = unfinished }, RestoredCommand.CommandName, cancellationToken);
        if (Directory.Exists(data))
            Directory.Delete(data);
        Directory.Move(unfinished, data);
        return $"Restored to {data}: {done}. Search is rebuilt when the server starts.";
    }
}
