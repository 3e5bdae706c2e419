using CoolChat.Contracts.Internal;

namespace CoolChat.Chat.Realtime;

/// <summary>
/// Events of conversations that many hear. The first goes out at once; what follows within a moment goes out together, because a frame costs each of a
/// thousand connections a write, whether it holds one event or five. The moment grows with the audience and stays below what anybody notices. All
/// events of such a conversation pass here while it rests, so their order stays. Used by the delivering thread only.
/// </summary>
internal sealed class CrowdedRooms(Func<Guid, int> audienceOf, TimeProvider time)
{
    /// <summary>People here from which on a conversation counts as crowded.</summary>
    private const int Crowd = 100;

    private static readonly TimeSpan RestAPerson = TimeSpan.FromMicroseconds(10);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<Guid, Room> _rooms = [];
    private readonly List<Guid> _over = [];

    /// <summary>Takes the event if its conversation is crowded.</summary>
    public bool Hold(LiveEvent live)
    {
        Guid id = live.Event.ConversationId;
        if (!_rooms.TryGetValue(id, out Room? room))
        {
            if (audienceOf(id) < Crowd)
                return false;
            _rooms[id] = room = new Room { RestsUntil = time.GetTimestamp() };
        }
        room.Events.Add(live);
        return true;
    }

    /// <summary>How long until something held is due; null when nothing is held. Rounded up, so that waiting for it is enough.</summary>
    public TimeSpan? UntilDue()
    {
        TimeSpan? least = null;
        long now = time.GetTimestamp();
        foreach (Room room in _rooms.Values)
        {
            if (room.Events.Count == 0)
                continue;
            TimeSpan rest = time.GetElapsedTime(now, room.RestsUntil);
            rest = rest <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(rest.TotalMilliseconds));
            if (least is null || rest < least)
                least = rest;
        }
        return least;
    }

    /// <summary>Hands over what is due, or everything at the end, and begins the next rest.</summary>
    public void Deliver(Action<IReadOnlyList<LiveEvent>> deliver, bool everything = false)
    {
        long now = time.GetTimestamp();
        foreach ((Guid id, Room room) in _rooms)
        {
            if (room.RestsUntil > now && !everything)
                continue;
            if (room.Events.Count == 0)
            {
                _over.Add(id);
                continue;
            }
            try
            {
                deliver(room.Events);
            }
            finally
            {
                // Also what could not be delivered: clients sync, and trying again would fail again.
                room.Events.Clear();
                TimeSpan rest = RestAPerson * audienceOf(id);
                room.RestsUntil = now + (long)((rest < LongestRest ? rest : LongestRest).TotalSeconds * time.TimestampFrequency);
            }
        }
        foreach (Guid id in _over)
            _rooms.Remove(id);
        _over.Clear();
    }

    private sealed class Room
    {
        public List<LiveEvent> Events { get; } = [];

        public long RestsUntil { get; set; }
    }
}
