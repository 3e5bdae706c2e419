using Microsoft.AspNetCore.SignalR;

namespace CoolChat.Chat.Realtime;

/// <summary>All conversations that a person is a member of, as committed when it is called or later.</summary>
internal delegate ValueTask<IReadOnlyList<Guid>> ListConversations(Guid userId, CancellationToken cancellationToken);

/// <summary>
/// Who hears what on this node: conversation -> people here -> their connections. A person's part is loaded from the log's memberships when
/// their first connection comes; changes of membership arrive with the events that make them.
/// <para>
/// No change is lost in between: a person is put into the tables first and loaded then, and changes that arrive meanwhile win over what was
/// read, because whatever was committed before the read is in it, and whatever was committed after it is told later. One lock guards
/// the tables and is held while a frame is handed to its connections: handing over never waits (see <see cref="ClientConnection"/>).
/// </para>
/// </summary>
internal sealed class Audiences(ListConversations listConversations)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, LocalUser> _users = [];
    private readonly Dictionary<Guid, HashSet<LocalUser>> _audiences = [];

    /// <summary>Registers a connection; completes when it hears everything that its person may hear.</summary>
    public Task AddAsync(ClientConnection connection)
    {
        lock (_gate)
        {
            if (!_users.TryGetValue(connection.UserId, out LocalUser? user))
                _users[connection.UserId] = user = new LocalUser(connection.UserId);
            user.Connections.Add(connection);
            return user.Loaded ? Task.CompletedTask : user.Loading ??= StartLoading(user);
        }
    }

    /// <summary>Forgets a connection; false when it was not known. <paramref name="last"/>: the person has no other here.</summary>
    public bool Forget(ClientConnection connection, out bool last)
    {
        lock (_gate)
        {
            last = false;
            if (!_users.TryGetValue(connection.UserId, out LocalUser? user) || !user.Connections.Remove(connection))
                return false;
            if (user.Connections.Count > 0)
                return true;
            last = true;
            _users.Remove(user.Id);
            foreach (Guid conversation in user.Conversations)
                Unhear(user, conversation);
            user.Conversations.Clear();
            return true;
        }
    }

    /// <summary>Applies a membership that began.</summary>
    public void Join(Guid conversation, IReadOnlyList<Guid> people)
    {
        lock (_gate)
        {
            foreach (Guid id in people)
            {
                if (!_users.TryGetValue(id, out LocalUser? user))
                    continue;
                user.Touched?.Add(conversation);
                Hear(user, conversation);
            }
        }
    }

    /// <summary>Applies a membership that ended.</summary>
    public void Leave(Guid conversation, IReadOnlyList<Guid> people)
    {
        lock (_gate)
        {
            foreach (Guid id in people)
            {
                if (!_users.TryGetValue(id, out LocalUser? user))
                    continue;
                user.Touched?.Add(conversation);
                if (user.Conversations.Remove(conversation))
                    Unhear(user, conversation);
            }
        }
    }

    /// <summary>Whether anybody here hears the conversation.</summary>
    public bool IsHeard(Guid conversation)
    {
        lock (_gate)
            return _audiences.ContainsKey(conversation);
    }

    /// <summary>How many people here hear the conversation.</summary>
    public int CountOf(Guid conversation)
    {
        lock (_gate)
            return _audiences.TryGetValue(conversation, out HashSet<LocalUser>? audience) ? audience.Count : 0;
    }

    public bool IsHere(Guid userId)
    {
        lock (_gate)
            return _users.ContainsKey(userId);
    }

    /// <summary>Sends a frame to everybody here who hears the conversation.</summary>
    public void Send(Guid conversation, SerializedHubMessage frame)
    {
        lock (_gate)
        {
            if (!_audiences.TryGetValue(conversation, out HashSet<LocalUser>? audience))
                return;
            foreach (LocalUser user in audience)
            {
                foreach (ClientConnection connection in user.Connections)
                    connection.Send(frame);
            }
        }
    }

    /// <summary>Calls <paramref name="visit"/> for every connection that hears the conversation; it must not wait.</summary>
    public void ForEach<TState>(Guid conversation, TState state, Action<ClientConnection, TState> visit)
    {
        lock (_gate)
        {
            if (!_audiences.TryGetValue(conversation, out HashSet<LocalUser>? audience))
                return;
            foreach (LocalUser user in audience)
            {
                foreach (ClientConnection connection in user.Connections)
                    visit(connection, state);
            }
        }
    }

    public void SendTo(Guid userId, SerializedHubMessage frame)
    {
        foreach (ClientConnection connection in Of(userId))
            connection.Send(frame);
    }

    /// <summary>The person's connections here.</summary>
    public IReadOnlyList<ClientConnection> Of(Guid userId)
    {
        lock (_gate)
            return _users.TryGetValue(userId, out LocalUser? user) ? [.. user.Connections] : [];
    }

    /// <summary>Whether anybody is here.</summary>
    public bool Any()
    {
        lock (_gate)
            return _users.Count > 0;
    }

    public IReadOnlyList<ClientConnection> All()
    {
        lock (_gate)
            return [.. _users.Values.SelectMany(user => user.Connections)];
    }

    /// <summary>
    /// Events were lost on this node, changes of membership perhaps among them: reads the memberships of everybody anew and then has every client
    /// sync, in this order, so that nothing falls between the two.
    /// </summary>
    public void ResyncEverybody()
    {
        lock (_gate)
        {
            foreach (LocalUser user in _users.Values)
            {
                user.Wanted++;
                // A read that is under way may be older than what was lost: it repeats. Changes seen so far may have been followed by lost ones.
                user.Touched = [];
                user.Loading ??= StartLoading(user);
            }
        }
    }

    private Task StartLoading(LocalUser user)
    {
        user.Touched = [];
        return Task.Run(() => LoadAsync(user));
    }

    private async Task LoadAsync(LocalUser user)
    {
        try
        {
            while (true)
            {
                int wanted;
                lock (_gate)
                    wanted = user.Wanted;
                IReadOnlyList<Guid> ids = await listConversations(user.Id, CancellationToken.None);
                lock (_gate)
                {
                    Merge(user, ids);
                    if (user.Wanted != wanted)
                        continue;
                    bool again = user.Loaded || wanted > 0;
                    user.Loaded = true;
                    user.Touched = null;
                    user.Loading = null;
                    if (again)
                        user.Connections.ForEach(connection => connection.Resync());
                    return;
                }
            }
        }
        catch
        {
            List<ClientConnection> stranded;
            lock (_gate)
            {
                stranded = [.. user.Connections];
                user.Loaded = false;
                user.Touched = null;
                user.Loading = null;
            }
            // Their tables can't be trusted: they come back and load anew.
            foreach (ClientConnection connection in stranded)
                connection.Abort();
            throw;
        }
    }

    private void Merge(LocalUser user, IReadOnlyList<Guid> ids)
    {
        // Gone while loading: nobody is left to hear.
        if (!_users.TryGetValue(user.Id, out LocalUser? current) || current != user)
            return;
        HashSet<Guid> read = [.. ids];
        foreach (Guid gone in user.Conversations.Where(id => !read.Contains(id) && !user.Touched!.Contains(id)).ToArray())
        {
            user.Conversations.Remove(gone);
            Unhear(user, gone);
        }
        foreach (Guid id in read)
        {
            if (!user.Touched!.Contains(id))
                Hear(user, id);
        }
    }

    private void Hear(LocalUser user, Guid conversation)
    {
        if (!user.Conversations.Add(conversation))
            return;
        if (!_audiences.TryGetValue(conversation, out HashSet<LocalUser>? audience))
            _audiences[conversation] = audience = [];
        audience.Add(user);
    }

    private void Unhear(LocalUser user, Guid conversation)
    {
        if (_audiences.TryGetValue(conversation, out HashSet<LocalUser>? audience) && audience.Remove(user) && audience.Count == 0)
            _audiences.Remove(conversation);
    }

    private sealed class LocalUser(Guid id)
    {
        public Guid Id { get; } = id;

        public List<ClientConnection> Connections { get; } = [];

        public HashSet<Guid> Conversations { get; } = [];

        /// <summary>While loading: what changed meanwhile, whatever the read says.</summary>
        public HashSet<Guid>? Touched { get; set; }

        public Task? Loading { get; set; }

        public bool Loaded { get; set; }

        /// <summary>Raised when a read under way is not enough.</summary>
        public int Wanted { get; set; }
    }
}
