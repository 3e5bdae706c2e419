using CoolChat.Chat.Messages;
using CoolChat.Chat.Realtime;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoolChat.Chat.Presence;

/// <summary>
/// Who is online: whoever has a connection here, and for a short grace after the last one ended. Told, coalesced, to the connections that watch them; one
/// may watch oneself, one's contacts and people one shares a conversation with, and learns nothing of somebody who has blocked one.
/// </summary>
internal sealed class PresenceTracker(
    Audiences audiences,
    IConversationReader conversations,
    IUserDirectory people,
    IBlockList blocks,
    IIntegrationEvents events,
    PersonLimits limits,
    TimeProvider time,
    IOptions<ChatOptions> options,
    ILogger<PresenceTracker> logger) : Coalescer(TimeSpan.FromMilliseconds(300), time, logger)
{
    public const string Online = "online";
    public const string Offline = "offline";
    private const int MostRemembered = 100_000;

    private readonly TimeSpan _grace = options.Value.PresenceGrace;
    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _online = [];
    private readonly Dictionary<Guid, DateTimeOffset> _lastSeen = [];
    private readonly Dictionary<Guid, HashSet<ClientConnection>> _watchers = [];
    private readonly Dictionary<ClientConnection, IReadOnlyList<Guid>> _watched = [];
    private HashSet<Guid> _changed = [];
    private IDisposable? _blocksSubscription;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _blocksSubscription = events.Subscribe<BlockChanged>((change, _) =>
        {
            // What the blocked one sees of the blocker changes.
            Change(change.Blocker);
            return ValueTask.CompletedTask;
        });
        return base.StartAsync(cancellationToken);
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
            _lastSeen.Remove(userId);
            if (!_online.Add(userId))
                return;
            _changed.Add(userId);
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
        List<Guid> allowed = [];
        foreach (Guid id in userIds.Distinct())
        {
            if (await MayWatchAsync(connection.UserId, id, cancellationToken))
                allowed.Add(id);
        }
        PresenceNotice[] now;
        lock (_gate)
        {
            Unwatch(connection);
            // Ended meanwhile: nobody would take it out again.
            if (connection.IsClosed)
                return null;
            _watched[connection] = allowed;
            foreach (Guid id in allowed)
            {
                if (!_watchers.TryGetValue(id, out HashSet<ClientConnection>? watchers))
                    _watchers[id] = watchers = [];
                watchers.Add(connection);
            }
            now = [.. allowed.Select(id => NoticeFor(id, connection.UserId))];
        }
        if (now.Length > 0)
            connection.Send(Frames.Make(HubMethods.Presence, now));
        return null;
    }

    protected override ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        Dictionary<ClientConnection, List<PresenceNotice>> told = [];
        lock (_gate)
        {
            foreach (Guid id in _changed)
            {
                foreach (ClientConnection watcher in _watchers.GetValueOrDefault(id) ?? [])
                {
                    if (!told.TryGetValue(watcher, out List<PresenceNotice>? notices))
                        told[watcher] = notices = [];
                    notices.Add(NoticeFor(id, watcher.UserId));
                }
            }
            _changed = [];
        }
        foreach ((ClientConnection watcher, List<PresenceNotice> notices) in told)
            watcher.Send(Frames.Make(HubMethods.Presence, notices));
        return ValueTask.CompletedTask;
    }

    private async ValueTask<bool> MayWatchAsync(Guid watcher, Guid other, CancellationToken cancellationToken) =>
        watcher == other
        || (!blocks.IsBlocked(other, watcher)
            && (await people.IsContactAsync(watcher, other, cancellationToken)
                || await conversations.ShareConversationAsync(watcher, other, cancellationToken)));

    /// <summary>To somebody they have blocked, a person is offline and was never seen.</summary>
    private PresenceNotice NoticeFor(Guid id, Guid watcher)
    {
        if (blocks.IsBlocked(id, watcher))
            return new PresenceNotice { UserId = id, Status = Offline };
        return _online.Contains(id)
            ? new PresenceNotice { UserId = id, Status = Online }
            : new PresenceNotice { UserId = id, Status = Offline, LastSeen = _lastSeen.TryGetValue(id, out DateTimeOffset at) ? at : null };
    }

    private async Task EndAsync(Guid userId, DateTimeOffset at)
    {
        await Task.Delay(_grace, Time);
        lock (_gate)
        {
            if (audiences.IsHere(userId) || !_online.Remove(userId))
                return;
            // Kept in memory only, and not without bound: an old time of absence is no loss.
            if (_lastSeen.Count >= MostRemembered)
                _lastSeen.Clear();
            _lastSeen[userId] = at;
            _changed.Add(userId);
        }
        Signal();
    }

    private void Change(Guid userId)
    {
        lock (_gate)
            _changed.Add(userId);
        Signal();
    }

    private void Unwatch(ClientConnection connection)
    {
        if (!_watched.Remove(connection, out IReadOnlyList<Guid>? ids))
            return;
        foreach (Guid id in ids)
        {
            if (_watchers.TryGetValue(id, out HashSet<ClientConnection>? watchers) && watchers.Remove(connection) && watchers.Count == 0)
                _watchers.Remove(id);
        }
    }
}
