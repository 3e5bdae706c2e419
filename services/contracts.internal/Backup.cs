namespace CoolChat.Contracts.Internal;

/// <summary>
/// What one service saves of the data folder while it runs. A backup is made in the order of <see cref="Order"/>: the log first, then what it
/// refers to, so that everything a saved log names has been saved too. What can be rebuilt (search, analysis) is left out.
/// </summary>
public interface IBackupPart
{
    /// <summary>Lower goes first.</summary>
    int Order { get; }

    /// <summary>Writes a consistent copy into <paramref name="folder"/>, laid out like the data folder. The folder exists.</summary>
    Task SaveAsync(string folder, CancellationToken cancellationToken);
}

/// <summary>What one service changes in a data folder that was just restored from a backup, before a server uses it.</summary>
public interface IRestorePart
{
    /// <summary>Does it; says in a few words what was done: "12 conversations have a new epoch".</summary>
    /// <param name="now">When it is restored.</param>
    /// <param name="cancellationToken">Stops it: the folder is then no good.</param>
    Task<string> RestoreAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
