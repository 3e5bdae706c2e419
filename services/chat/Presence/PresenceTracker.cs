using CoolChat.Chat.Messages;
using CoolChat.Chat.Realtime;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoolChat.Chat.Presence;

/// <summary>
/// Who is online: whoever has a connection here or on another node, and for a short grace after the last one ended. Told, coalesced, to the connections that watch them, as far
/// as <see cref="PresenceRights"/> go; to somebody they have blocked, a person is offline and was never seen.
/// </summary>
internal sealed class PresenceTracker(
    Audiences audiences,
    PresenceRights rights,
    LastSeenMemory lastSeen,
    IBlockList blocks,
    IIntegrationEvents events,
    PersonLimits limits,
    IPresenceBoard board,
    TimeProvider time,
    IOptions<ChatOptions> options,
    ILogger<PresenceTracker> logger) : Coalescer(TimeSpan.FromMilliseconds(300), time, logger)
{
    public const string Online = "online";
    public const string Offline = "offline";

    private readonly TimeSpan _grace = options.Value.PresenceGrace;
    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _online = [];
    private readonly Dictionary<Guid, HashSet<ClientConnection>> _watchers = [];
    private readonly Dictionary<ClientConnection, Dictionary<Guid, Watch>> _watched = [];
    private HashSet<Guid> _changed = [];
    private IDisposable? _blocksSubscription;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // What the blocked one sees of the blocker changes.
        _blocksSubscription = events.Subscribe<BlockChanged>((change, _) =>
        {
            Change(change.Blocker);
            return ValueTask.CompletedTask;
        });
        board.OnChange(ChangedElsewhere);
        return base.StartAsync(cancellationToken);
    }

    /// <summary>A stop is everybody's last moment here.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        lock (_gate)
        {
            foreach (Guid id in _online)
                lastSeen.Note(id, Time.GetUtcNow());
        }
    }

    public override void Dispose()
    {
        _blocksSubscription?.Dispose();
        base.Dispose();
    }

    public void Connected(Guid userId)
    {
        lock (_gate)
        {
            if (!_online.Add(userId))
                return;
            _changed.Add(userId);
            // Within the lock: told in the order in which it happened.
            board.Set(userId, here: true, Time.GetUtcNow());
        }
        Signal();
    }

    /// <summary>Forgets what the connection watched, and after a grace its person, unless they came back.</summary>
    public void Disconnected(ClientConnection connection, bool last)
    {
        lock (_gate)
            Unwatch(connection);
        if (last)
            _ = EndAsync(connection.UserId, Time.GetUtcNow());
    }

    /// <summary>Replaces the list that the connection watches and tells how things are.</summary>
    public async ValueTask<Refusal?> WatchAsync(ClientConnection connection, IReadOnlyList<Guid> userIds, CancellationToken cancellationToken)
    {
        if (limits.Take(connection.UserId, Allowance.Watches) is { } limited)
            return limited;
        Dictionary<Guid, Watch> allowed = [];
        foreach (Guid id in userIds.Distinct())
        {
            if (!blocks.IsBlocked(id, connection.UserId) && await rights.FindAsync(connection.UserId, id, cancellationToken) is { } watch)
                allowed[id] = watch;
        }
        await lastSeen.LoadAsync(allowed.Keys, cancellationToken);
        PresenceNotice[] now;
        lock (_gate)
        {
            Unwatch(connection);
            // Ended meanwhile: nobody would take it out again.
            if (connection.IsClosed)
                return null;
            _watched[connection] = allowed;
            foreach (Guid id in allowed.Keys)
            {
                if (!_watchers.TryGetValue(id, out HashSet<ClientConnection>? watchers))
                    _watchers[id] = watchers = [];
                watchers.Add(connection);
            }
            now = [.. allowed.Keys.Select(id => NoticeFor(id, connection.UserId))];
        }
        if (now.Length > 0)
            connection.Send(Frames.Make(HubMethods.Presence, now));
        return null;
    }

    protected override async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        List<(ClientConnection Connection, Watch Watch)> watches = [];
        lock (_gate)
        {
            foreach (Guid id in _changed)
                watches.AddRange((_watchers.GetValueOrDefault(id) ?? []).Select(connection => (connection, _watched[connection][id])));
            _changed = [];
        }
        await lastSeen.LoadAsync(watches.Select(entry => entry.Watch.UserId).Distinct(), cancellationToken);
        Dictionary<ClientConnection, List<PresenceNotice>> told = [];
        foreach ((ClientConnection connection, Watch watch) in watches)
        {
            Watch? confirmed = await rights.ConfirmAsync(connection.UserId, watch, cancellationToken);
            if (NoticeFor(connection, watch, confirmed) is not { } notice)
                continue;
            if (!told.TryGetValue(connection, out List<PresenceNotice>? notices))
                told[connection] = notices = [];
            notices.Add(notice);
        }
        foreach ((ClientConnection watcher, List<PresenceNotice> notices) in told)
            watcher.Send(Frames.Make(HubMethods.Presence, notices));
    }

    /// <summary>What to tell, after the right was confirmed; null when it ended, or the connection watches something else by now.</summary>
    private PresenceNotice? NoticeFor(ClientConnection connection, Watch watch, Watch? confirmed)
    {
        lock (_gate)
        {
            if (!_watched.TryGetValue(connection, out Dictionary<Guid, Watch>? watched) || !watched.ContainsKey(watch.UserId))
                return null;
            if (confirmed is { } right)
            {
                watched[watch.UserId] = right;
                return NoticeFor(watch.UserId, connection.UserId);
            }
            watched.Remove(watch.UserId);
            Unwatch(connection, watch.UserId);
            return null;
        }
    }

    private PresenceNotice NoticeFor(Guid id, Guid watcher)
    {
        if (blocks.IsBlocked(id, watcher))
            return new PresenceNotice { UserId = id, Status = Offline };
        return _online.Contains(id) || board.IsElsewhere(id)
            ? new PresenceNotice { UserId = id, Status = Online }
            : new PresenceNotice { UserId = id, Status = Offline, LastSeen = lastSeen.Of(id) };
    }

    private async Task EndAsync(Guid userId, DateTimeOffset at)
    {
        await Task.Delay(_grace, Time);
        lock (_gate)
        {
            if (audiences.IsHere(userId) || !_online.Remove(userId))
                return;
            lastSeen.Note(userId, at);
            _changed.Add(userId);
            board.Set(userId, here: false, at);
        }
        Signal();
    }

    private void ChangedElsewhere(Guid userId, DateTimeOffset at)
    {
        // The other node notes it with the account.
        if (!board.IsElsewhere(userId))
            lastSeen.Learn(userId, at);
        Change(userId);
    }

    private void Change(Guid userId)
    {
        lock (_gate)
            _changed.Add(userId);
        Signal();
    }

    private void Unwatch(ClientConnection connection)
    {
        if (!_watched.Remove(connection, out Dictionary<Guid, Watch>? watched))
            return;
        foreach (Guid id in watched.Keys)
            Unwatch(connection, id);
    }

    private void Unwatch(ClientConnection connection, Guid id)
    {
        if (_watchers.TryGetValue(id, out HashSet<ClientConnection>? watchers) && watchers.Remove(connection) && watchers.Count == 0)
            _watchers.Remove(id);
    }
}
