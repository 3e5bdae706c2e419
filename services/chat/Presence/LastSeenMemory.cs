using CoolChat.Chat.Realtime;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Logging;

namespace CoolChat.Chat.Presence;

/// <summary>
/// When people were last here: at hand for those who were asked for lately, and noted with their accounts some seconds later, many in one write. A
/// crash forgets the last seconds, and the times of those who were here then: what was known of them before stays.
/// </summary>
internal sealed class LastSeenMemory(ILastSeen store, TimeProvider time, ILogger<LastSeenMemory> logger) : Coalescer(TimeSpan.FromSeconds(5), time, logger)
{
    private const int MostRemembered = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, DateTimeOffset?> _known = [];
    private Dictionary<Guid, DateTimeOffset> _unsaved = [];

    public void Note(Guid userId, DateTimeOffset at)
    {
        lock (_gate)
        {
            Remember(userId, at);
            _unsaved[userId] = at;
        }
        Signal();
    }

    /// <summary>The same, noted with the account by another node.</summary>
    public void Learn(Guid userId, DateTimeOffset at)
    {
        lock (_gate)
            Remember(userId, at);
    }

    /// <summary>The time, where it is at hand; see <see cref="LoadAsync"/>.</summary>
    public DateTimeOffset? Of(Guid userId)
    {
        lock (_gate)
            return _known.GetValueOrDefault(userId);
    }

    /// <summary>Brings the times of these people to hand.</summary>
    public async ValueTask LoadAsync(IEnumerable<Guid> userIds, CancellationToken cancellationToken)
    {
        Guid[] missing;
        lock (_gate)
            missing = [.. userIds.Where(id => !_known.ContainsKey(id))];
        if (missing.Length == 0)
            return;
        IReadOnlyDictionary<Guid, DateTimeOffset> found = await store.FindAsync(missing, cancellationToken);
        lock (_gate)
        {
            // What was noted meanwhile is newer.
            foreach (Guid id in missing.Where(id => !_known.ContainsKey(id)))
                Remember(id, found.TryGetValue(id, out DateTimeOffset at) ? at : null);
        }
    }

    /// <summary>Saves what waits, then ends.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    protected override async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        Dictionary<Guid, DateTimeOffset> saving;
        lock (_gate)
        {
            saving = _unsaved;
            _unsaved = [];
        }
        if (saving.Count == 0)
            return;
        try
        {
            await store.NoteAsync(saving, cancellationToken);
        }
        catch
        {
            // Saved with the next ones.
            lock (_gate)
            {
                foreach ((Guid id, DateTimeOffset at) in saving)
                    _unsaved.TryAdd(id, at);
            }
            throw;
        }
    }

    private void Remember(Guid userId, DateTimeOffset? at)
    {
        if (_known.Count >= MostRemembered)
        {
            _known.Clear();
            foreach ((Guid id, DateTimeOffset unsaved) in _unsaved)
                _known[id] = unsaved;
        }
        _known[userId] = at;
    }
}
