namespace CoolChat.Chat.Adapters.RabbitMq;

/// <summary>
/// What waits to be published to one partition's queue. One message at a time is unconfirmed: a broker that refuses one (its queue is full, its
/// leader moves) can't then take a later one before it, and what arrives meanwhile travels together in the next.
/// </summary>
internal sealed class PartitionBuffer(int number, Action<PartitionBuffer> ready)
{
    private const int MostOperations = 256;
    private const int MostBytes = 128 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<Outgoing> _waiting = new();
    private List<Outgoing> _unconfirmed = [];
    private PublishingSession? _session;
    private bool _scheduled;

    public int Number { get; } = number;

    /// <summary>Numbers the operation and puts it last; both at once, so that numbers tell the order.</summary>
    public void Add(Func<Outgoing> make)
    {
        lock (_gate)
        {
            _waiting.Enqueue(make());
            if (_scheduled || _unconfirmed.Count > 0)
                return;
            _scheduled = true;
        }
        ready(this);
    }

    /// <summary>What goes into the next message, and by which session; empty when there is nothing to send. Unconfirmed until <see cref="Release"/>.</summary>
    public IReadOnlyList<Outgoing> TakeMessage(out PublishingSession? session)
    {
        lock (_gate)
        {
            _scheduled = false;
            session = _session;
            if (_unconfirmed.Count > 0 || session is null)
                return [];
            List<Outgoing> message = [];
            int bytes = 0;
            while (message.Count < MostOperations && _waiting.TryPeek(out Outgoing? next) && (message.Count == 0 || bytes + next.Line.Length <= MostBytes))
            {
                _waiting.Dequeue();
                if (next.IsSettled)
                    continue;
                bytes += next.Line.Length;
                message.Add(next);
            }
            _unconfirmed = message;
            return message;
        }
    }

    /// <summary>The broker has answered for the message that was out; it is returned. An answer to an earlier session says nothing about the present one's.</summary>
    public IReadOnlyList<Outgoing> Release(PublishingSession session)
    {
        List<Outgoing> released;
        lock (_gate)
        {
            if (session != _session)
                return [];
            released = _unconfirmed;
            _unconfirmed = [];
            if (_scheduled || _waiting.Count == 0)
                return released;
            _scheduled = true;
        }
        ready(this);
        return released;
    }

    /// <summary>A new session begins: <paramref name="again"/> picks, in order, what of everything unsettled is (still, or once more) to be sent.</summary>
    public void Restart(PublishingSession session, Func<IEnumerable<Outgoing>> again)
    {
        lock (_gate)
        {
            _session = session;
            _unconfirmed = [];
            _waiting.Clear();
            foreach (Outgoing operation in again())
                _waiting.Enqueue(operation);
            _scheduled = _waiting.Count > 0;
            if (!_scheduled)
                return;
        }
        ready(this);
    }
}
