namespace CoolChat.Chat.Adapters.Redis;

/// <summary>Who is with the other nodes, as far as this one knows. Methods answer whose presence changed by it.</summary>
internal sealed class OtherNodes
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, View> _nodes = [];
    private readonly Dictionary<Guid, int> _places = [];

    public bool Has(Guid userId)
    {
        lock (_gate)
            return _places.ContainsKey(userId);
    }

    /// <summary>Takes a message; null when something before it was missed, and the node must be read anew.</summary>
    public IReadOnlyList<PresenceChange>? Apply(PresenceMessage message, DateTimeOffset at, long heardAt)
    {
        lock (_gate)
        {
            if (message.Ends)
                return RemoveNow(message.Node, at);
            if (!_nodes.TryGetValue(message.Node, out View? view))
                return null;
            view.HeardAt = heardAt;
            if (view.Version is { } known && message.Version != known + message.Changes.Count)
                return null;
            view.Version = message.Version;
            return [.. message.Changes.Where(change => Put(view, change.UserId, change.Here))];
        }
    }

    /// <summary>Replaces what is known of a node. Without a version the next message is taken, whatever its number.</summary>
    public IReadOnlyList<PresenceChange> Replace(Guid node, long? version, IEnumerable<Guid> people, DateTimeOffset at, long heardAt)
    {
        lock (_gate)
        {
            if (!_nodes.TryGetValue(node, out View? view))
                _nodes[node] = view = new View();
            view.Version = version;
            view.HeardAt = heardAt;
            HashSet<Guid> now = [.. people];
            List<PresenceChange> changes = [];
            foreach (Guid gone in view.People.Where(id => !now.Contains(id)).ToArray())
            {
                if (Put(view, gone, here: false))
                    changes.Add(new PresenceChange(gone, Here: false, at));
            }

            foreach (Guid id in now)
            {
                if (Put(view, id, here: true))
                    changes.Add(new PresenceChange(id, Here: true, at));
            }

            return changes;
        }
    }

    /// <summary>Forgets nodes that were not heard for <paramref name="isTooLong"/>.</summary>
    public IReadOnlyList<PresenceChange> Expire(Func<long, bool> isTooLong, DateTimeOffset at)
    {
        lock (_gate)
            return [.. _nodes.Where(node => isTooLong(node.Value.HeardAt)).Select(node => node.Key).ToArray().SelectMany(node => RemoveNow(node, at))];
    }

    private List<PresenceChange> RemoveNow(Guid node, DateTimeOffset at)
    {
        if (!_nodes.Remove(node, out View? view))
            return [];
        return [.. view.People.ToArray().Where(id => Put(view, id, here: false)).Select(id => new PresenceChange(id, Here: false, at))];
    }

    /// <summary>Whether it changed if the person is anywhere.</summary>
    private bool Put(View view, Guid userId, bool here)
    {
        if (here ? !view.People.Add(userId) : !view.People.Remove(userId))
            return false;
        int places = _places.GetValueOrDefault(userId) + (here ? 1 : -1);
        if (places == 0)
            _places.Remove(userId);
        else
            _places[userId] = places;
        return here ? places == 1 : places == 0;
    }

    private sealed class View
    {
        public HashSet<Guid> People { get; } = [];

        public long? Version { get; set; }

        public long HeardAt { get; set; }
    }
}
