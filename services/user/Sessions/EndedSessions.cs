using System.Collections.Concurrent;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Identity;

namespace CoolChat.User.Sessions;

/// <summary>
/// Sessions whose access tokens still look valid although they ended: kept in memory for as long as such a token lives, loaded at start, fed by
/// <see cref="SessionRevoked"/>.
/// </summary>
internal sealed class EndedSessions : ISessionStatus, IDisposable
{
    /// <summary>How long the last access token of an ended session may live.</summary>
    public static readonly TimeSpan Memory = AccessTokens.RevocationMemory;

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _ended = new();
    private readonly ISessionStore _store;
    private readonly TimeProvider _time;
    private readonly IDisposable _subscription;

    public EndedSessions(ISessionStore store, IIntegrationEvents events, TimeProvider time)
    {
        _store = store;
        _time = time;
        _subscription = events.Subscribe<SessionRevoked>((revoked, _) =>
        {
            _ended[revoked.SessionId] = _time.GetUtcNow();
            return ValueTask.CompletedTask;
        });
    }

    public bool IsRevoked(Guid sessionId) => _ended.ContainsKey(sessionId);

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        foreach (Guid id in await _store.EndedSinceAsync(now - Memory, cancellationToken))
            _ended[id] = now;
    }

    /// <summary>Forgets those whose tokens have expired.</summary>
    public void Sweep()
    {
        DateTimeOffset before = _time.GetUtcNow() - Memory;
        foreach ((Guid id, DateTimeOffset at) in _ended)
        {
            if (at < before)
                _ended.TryRemove(id, out _);
        }
    }

    public void Dispose() => _subscription.Dispose();
}
