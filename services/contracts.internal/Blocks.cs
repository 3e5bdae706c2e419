namespace CoolChat.Contracts.Internal;

/// <summary>Somebody who has blocked somebody.</summary>
public readonly record struct Block(Guid Blocker, Guid Blocked);

/// <summary>One change of the list of blocks.</summary>
/// <param name="Version">1, 2, 3 ... in the order in which changes were committed.</param>
/// <param name="Blocker">Who changed it.</param>
/// <param name="Blocked">About whom.</param>
/// <param name="IsBlocked">Made, or lifted.</param>
public sealed record BlockEntry(long Version, Guid Blocker, Guid Blocked, bool IsBlocked);

/// <summary>What changed since a version.</summary>
public sealed record BlockChanges
{
    /// <summary>The version that one has after these changes.</summary>
    public required long Version { get; init; }

    /// <summary>Changes since then are not known any more, or it never was: the list is to be read as a whole, and after that what changed since <see cref="Version"/>.</summary>
    public bool Reset { get; init; }

    /// <summary>In order, without holes; fewer than were asked for at the end.</summary>
    public required IReadOnlyList<BlockEntry> Changes { get; init; }
}

/// <summary>The list of blocks as its owner, the user service, keeps it: to read as a whole, then by what changed.</summary>
public interface IBlockFeed
{
    /// <summary>What changed after <paramref name="version"/>, at most <paramref name="limit"/> entries; -1: nothing is known yet.</summary>
    ValueTask<BlockChanges> ReadChangesAsync(long version, int limit, CancellationToken cancellationToken);

    /// <summary>A page of the list in a fixed order, from behind <paramref name="after"/> on; an empty one ends it.</summary>
    ValueTask<IReadOnlyList<Block>> ReadAsync(Block? after, int limit, CancellationToken cancellationToken);
}
