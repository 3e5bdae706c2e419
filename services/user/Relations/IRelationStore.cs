using CoolChat.Contracts.Internal;

namespace CoolChat.User.Relations;

/// <summary>What one person has noted about another: contacts and blocks. Only the owner ever sees them.</summary>
internal interface IRelationStore
{
    /// <summary>How many changes of blocks are kept at least: who was away for longer reads the whole list.</summary>
    const int KeptChanges = 10_000;

    /// <summary>False when the owner has <paramref name="limit"/> of the kind already. Noting twice keeps the first time.</summary>
    ValueTask<bool> PutAsync(RelationKind kind, Guid owner, Guid other, int limit, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Whether it was there.</summary>
    ValueTask<bool> RemoveAsync(RelationKind kind, Guid owner, Guid other, CancellationToken cancellationToken);

    ValueTask<bool> HasAsync(RelationKind kind, Guid owner, Guid other, CancellationToken cancellationToken);

    /// <summary>By id of the other, after <paramref name="after"/>.</summary>
    ValueTask<IReadOnlyList<Relation>> ListAsync(RelationKind kind, Guid owner, Guid? after, int limit, CancellationToken cancellationToken);

    /// <summary>Blocks of everybody, by blocker and blocked, after <paramref name="after"/>.</summary>
    ValueTask<IReadOnlyList<Block>> BlocksAsync(Block after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// See <see cref="IBlockFeed.ReadChangesAsync"/>. Every change of a block gets the next version in the transaction that makes it, and the latest
    /// <see cref="KeptChanges"/> are kept.
    /// </summary>
    ValueTask<BlockChanges> BlockChangesAsync(long version, int limit, CancellationToken cancellationToken);

    /// <summary>Forgets what the person noted, and contacts of others with them; blocks of others against them stay.</summary>
    ValueTask ForgetAsync(Guid userId, CancellationToken cancellationToken);
}

internal enum RelationKind
{
    Contact = 1,
    Block = 2,
}

internal sealed record Relation(Guid Other, DateTimeOffset Since);
