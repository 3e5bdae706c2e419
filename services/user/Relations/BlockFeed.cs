using CoolChat.Contracts.Internal;

namespace CoolChat.User.Relations;

/// <summary>The list of blocks, from its store.</summary>
internal sealed class BlockFeed(IRelationStore store) : IBlockFeed
{
    private const int MostAtOnce = 10_000;

    public ValueTask<BlockChanges> ReadChangesAsync(long version, int limit, CancellationToken cancellationToken) =>
        store.BlockChangesAsync(version, Math.Clamp(limit, 1, MostAtOnce), cancellationToken);

    public ValueTask<IReadOnlyList<Block>> ReadAsync(Block? after, int limit, CancellationToken cancellationToken) =>
        store.BlocksAsync(after ?? new Block(Guid.Empty, Guid.Empty), Math.Clamp(limit, 1, MostAtOnce), cancellationToken);
}
