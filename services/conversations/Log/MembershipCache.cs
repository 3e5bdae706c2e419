using System.Collections.Concurrent;

namespace CoolChat.Conversations.Log;

/// <summary>
/// Memberships that were asked for lately: the check before every command is answered from here. The writer of this process forgets what a
/// commit changed; a read that began before that commit is not kept. It spares a look-up, it never decides: the writer checks again.
/// </summary>
internal sealed class MembershipCache
{
    private const int Capacity = 200_000;
    private readonly ConcurrentDictionary<(Guid Conversation, Guid User), Membership> _known = new();
    private long _version;

    /// <summary>Changes with every commit that changed a membership. Take it before reading the store.</summary>
    public long Version => Volatile.Read(ref _version);

    public Membership? Find(Guid conversation, Guid user) => _known.GetValueOrDefault((conversation, user));

    public void Remember(Guid conversation, Guid user, Membership membership, long version)
    {
        if (_known.Count >= Capacity)
            _known.Clear();
        _known[(conversation, user)] = membership;
        if (Version != version)
            _known.TryRemove((conversation, user), out _);
    }

    public void Forget(IReadOnlyCollection<(Guid Conversation, Guid User)> changed)
    {
        if (changed.Count == 0)
            return;
        Interlocked.Increment(ref _version);
        foreach ((Guid, Guid) membership in changed)
            _known.TryRemove(membership, out _);
    }
}
