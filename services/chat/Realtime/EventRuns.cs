using CoolChat.Contracts;
using CoolChat.Contracts.Internal;

namespace CoolChat.Chat.Realtime;

/// <summary>Events of one conversation that the same people hear: one frame.</summary>
internal sealed class EventRun
{
    public Guid ConversationId { get; set; }

    public List<ChatEvent> Events { get; } = [];

    public IReadOnlyList<Guid> Joined { get; set; } = [];

    public IReadOnlyList<Guid> Left { get; set; } = [];

    public int Bytes { get; set; }
}

/// <summary>
/// Splits a batch into runs: a busy conversation's events go out as few frames, a change of membership stands alone, and the order within each
/// conversation stays. Runs are reused: they are valid until the next split.
/// </summary>
internal sealed class EventRuns
{
    /// <summary>A frame stays well below what clients and proxies buffer.</summary>
    private const int MostEvents = 64;
    private const int MostBytes = 32 * 1024;

    private readonly Dictionary<Guid, EventRun> _open = [];
    private readonly List<EventRun> _runs = [];
    private int _used;

    public IEnumerable<EventRun> Split(IReadOnlyList<LiveEvent> events)
    {
        _open.Clear();
        _used = 0;
        for (int i = 0; i < events.Count; i++)
            Add(events[i]);
        return _runs.Take(_used);
    }

    private void Add(LiveEvent live)
    {
        Guid conversation = live.Event.ConversationId;
        bool changesMembers = live.Joined.Count > 0 || live.Left.Count > 0;
        int bytes = live.Event.Body?.Utf8.Length ?? 0;
        if (changesMembers)
        {
            _open.Remove(conversation);
            EventRun alone = Next(conversation);
            alone.Events.Add(live.Event);
            alone.Joined = live.Joined;
            alone.Left = live.Left;
            return;
        }
        if (!_open.TryGetValue(conversation, out EventRun? run) || run.Events.Count >= MostEvents || run.Bytes + bytes > MostBytes)
            _open[conversation] = run = Next(conversation);
        run.Events.Add(live.Event);
        run.Bytes += bytes;
    }

    private EventRun Next(Guid conversation)
    {
        if (_used == _runs.Count)
            _runs.Add(new EventRun());
        EventRun run = _runs[_used++];
        run.ConversationId = conversation;
        run.Events.Clear();
        run.Joined = [];
        run.Left = [];
        run.Bytes = 0;
        return run;
    }
}
