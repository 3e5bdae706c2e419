using CoolChat.Contracts.Internal;

namespace CoolChat.Standalone.Control;

/// <summary>
/// Saves everything that can't be rebuilt into a new folder, while the server runs. Made under a temporary name and renamed at the end: a
/// folder of the wanted name is a whole backup.
/// </summary>
internal sealed class BackupCommand(IEnumerable<IBackupPart> parts) : IControlCommand
{
    public string Name => "backup";

    public async Task<string> RunAsync(string argument, CancellationToken cancellationToken)
    {
        if (!Path.IsPathFullyQualified(argument))
            throw new ControlException("Name the folder to save to.");
        if (Directory.Exists(argument) || File.Exists(argument))
            throw new ControlException($"{argument} is there already: name a new folder.");
        string unfinished = argument + ".unfinished";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        DataFolders.CreatePrivate(unfinished);
        foreach (IBackupPart part in parts.OrderBy(part => part.Order))
            await part.SaveAsync(unfinished, cancellationToken);
        Directory.Move(unfinished, argument);
        return $"Saved to {argument} ({DataFolders.Size(argument) >> 10} KiB).";
    }
}
