using System.Collections.Concurrent;
using CoolChat.Contracts.Internal;

namespace CoolChat.User.Relations;

/// <summary>Who has blocked whom, in memory: loaded at start, fed by <see cref="BlockChanged"/>.</summary>
internal sealed class BlockList : IBlockList, IDisposable
{
    private readonly ConcurrentDictionary<(Guid Blocker, Guid Blocked), bool> _blocks = new();
    private readonly IRelationStore _store;
    private readonly IDisposable _subscription;

    public BlockList(IRelationStore store, IIntegrationEvents events)
    {
        _store = store;
        _subscription = events.Subscribe<BlockChanged>((change, _) =>
        {
            if (change.IsBlocked)
                _blocks[(change.Blocker, change.Blocked)] = true;
            else
                _blocks.TryRemove((change.Blocker, change.Blocked), out bool _);
            return ValueTask.CompletedTask;
        });
    }

    public bool IsBlocked(Guid blocker, Guid blocked) => _blocks.ContainsKey((blocker, blocked));

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach ((Guid owner, Guid other) in await _store.AllAsync(RelationKind.Block, cancellationToken))
            _blocks[(owner, other)] = true;
    }

    public void Dispose() => _subscription.Dispose();
}
