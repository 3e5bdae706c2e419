namespace CoolChat.Processing.Writing;

/// <summary>
/// The writer's memory of conversations: bounded by what they weigh (a conversation 1, a member 1), the least recently used ones go first.
/// Evicting happens between commits only, so that no commit loses what it changed.
/// </summary>
internal sealed class ConversationCache(IConversationLog log, long capacity)
{
    private readonly Dictionary<Guid, LinkedListNode<Entry>> _nodes = [];
    private readonly LinkedList<Entry> _byUse = new();
    private long _weight;

    private sealed record Entry(ConversationState State, long Weight);

    public ConversationState? Find(Guid id)
    {
        if (_nodes.TryGetValue(id, out LinkedListNode<Entry>? node))
        {
            if (node != _byUse.First)
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
            }
            return node.Value.State;
        }
        if (log.Load(id) is not { } loaded)
            return null;
        Add(loaded);
        return loaded;
    }

    public void Add(ConversationState state)
    {
        // Who joins later is not weighed until the next load: the bound is on the order of magnitude.
        Entry entry = new(state, 1 + state.Members.Count);
        _nodes.Add(state.Id, _byUse.AddFirst(entry));
        _weight += entry.Weight;
    }

    public void Trim()
    {
        while (_weight > capacity && _byUse.Last is { } oldest)
        {
            _byUse.RemoveLast();
            _nodes.Remove(oldest.Value.State.Id);
            _weight -= oldest.Value.Weight;
        }
    }

    public void Clear()
    {
        _nodes.Clear();
        _byUse.Clear();
        _weight = 0;
    }
}
