namespace CoolChat.Processing.Writing;

/// <summary>
/// The writer's bounded queue: producers add under a short lock, the one consumer takes all that has arrived by swapping lists. Cheaper than
/// a channel where each wake-up of the consumer costs more than the work it brings.
/// </summary>
internal sealed class Inbox(int capacity)
{
    private readonly object _gate = new();
    private List<Pending> _arriving = [];
    private bool _closed;

    /// <summary>False when the queue is full or closed; then nothing was added.</summary>
    public bool TryAdd(Pending pending)
    {
        lock (_gate)
        {
            if (_closed || _arriving.Count >= capacity)
                return false;
            _arriving.Add(pending);
            if (_arriving.Count == 1)
                Monitor.Pulse(_gate);
            return true;
        }
    }

    public bool IsClosed
    {
        get
        {
            lock (_gate)
                return _closed;
        }
    }

    /// <summary>Blocks until something has arrived, then takes everything; <paramref name="spare"/> (empty) becomes the next list. Null when closed and empty.</summary>
    public List<Pending>? TakeAll(List<Pending> spare)
    {
        lock (_gate)
        {
            while (_arriving.Count == 0)
            {
                if (_closed)
                    return null;
                Monitor.Wait(_gate);
            }
            List<Pending> taken = _arriving;
            _arriving = spare;
            return taken;
        }
    }

    /// <summary>Takes no more; the consumer finishes what is there.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }
}
