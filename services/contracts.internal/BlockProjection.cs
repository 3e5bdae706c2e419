using System.Collections.Concurrent;

namespace CoolChat.Contracts.Internal;

/// <summary>
/// <see cref="IBlockList"/> in memory, the same wherever it is. A <see cref="BlockChanged"/> says only that there is something to read: what holds comes
/// from the feed, in the order in which it was committed, so that neither a lost event nor two at once leave anything wrong for longer than until
/// the next <see cref="CatchUpAsync"/>.
/// </summary>
public sealed class BlockProjection : IBlockList, IDisposable
{
    private const int Page = 5_000;
    private const long Nothing = -1;

    private readonly IBlockFeed _feed;
    private readonly IDisposable _subscription;
    private readonly SemaphoreSlim _reading = new(1, 1);
    private ConcurrentDictionary<Block, bool> _blocks = new();
    private long _version = Nothing;

    /// <param name="feed">The owner's list.</param>
    /// <param name="events">Tell that it changed.</param>
    public BlockProjection(IBlockFeed feed, IIntegrationEvents events)
    {
        ArgumentNullException.ThrowIfNull(events);
        _feed = feed;
        _subscription = events.Subscribe<BlockChanged>((_, cancellationToken) => new ValueTask(CatchUpAsync(cancellationToken)));
    }

    /// <summary>Whether the list was read. Until then nobody may be asked.</summary>
    public bool IsLoaded => Volatile.Read(ref _version) != Nothing;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">It was not read yet: a process that asks must not have started.</exception>
    public bool IsBlocked(Guid blocker, Guid blocked) =>
        IsLoaded
            ? Volatile.Read(ref _blocks).ContainsKey(new Block(blocker, blocked))
            : throw new InvalidOperationException("The list of blocks is asked before it was read.");

    /// <summary>Everything that was committed before the call is known when it returns; nothing of a whole list before all of it is there.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            while (await ReadOnceAsync(cancellationToken))
            {
            }
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>True when there may be more.</summary>
    private async Task<bool> ReadOnceAsync(CancellationToken cancellationToken)
    {
        BlockChanges read = await _feed.ReadChangesAsync(_version, Page, cancellationToken);
        if (read.Reset)
            Volatile.Write(ref _blocks, await LoadAsync(cancellationToken));
        foreach (BlockEntry change in read.Changes)
        {
            if (change.IsBlocked)
                _blocks[new Block(change.Blocker, change.Blocked)] = true;
            else
                _blocks.TryRemove(new Block(change.Blocker, change.Blocked), out _);
        }
        Volatile.Write(ref _version, read.Version);
        return read.Reset || read.Changes.Count == Page;
    }

    private async Task<ConcurrentDictionary<Block, bool>> LoadAsync(CancellationToken cancellationToken)
    {
        ConcurrentDictionary<Block, bool> blocks = new();
        Block? after = null;
        while (await _feed.ReadAsync(after, Page, cancellationToken) is { Count: > 0 } page)
        {
            foreach (Block block in page)
                blocks[block] = true;
            after = page[^1];
        }
        return blocks;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _subscription.Dispose();
        _reading.Dispose();
    }
}
