namespace CoolChat.Standalone.Control;

/// <summary>Folders with everything of a server in them: readable by their owner only.</summary>
internal static class DataFolders
{
    public static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public static long Size(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

    /// <summary>What belongs to a running process, not to the data: sockets, locks (which also can't be read while they are held), process ids.</summary>
    private static readonly string[] OfProcesses = [".sock", ".lock", ".pid"];

    /// <summary>Copies files and folders of data.</summary>
    public static void Copy(string from, string to)
    {
        CreatePrivate(to);
        foreach (string file in Directory.EnumerateFiles(from).Where(file => !OfProcesses.Contains(Path.GetExtension(file))))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (string folder in Directory.EnumerateDirectories(from))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
