namespace CoolChat.Contracts.Internal;

/// <summary>Something that is folded from the log and can be folded anew: search, analysis. For an operator's command; nothing else runs then.</summary>
public interface IRebuildable
{
    /// <summary>What the command calls it: search, analysis.</summary>
    string Name { get; }

    /// <summary>Drops what is there and reads the log from its beginning. Can be interrupted: the next start goes on. Tells how many events it has read.</summary>
    Task<long> RebuildAsync(IProgress<long>? progress, CancellationToken cancellationToken);
}
