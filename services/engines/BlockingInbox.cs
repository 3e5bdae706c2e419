namespace CoolChat.Engines;

/// <summary>Many producers, one dedicated thread: it takes all that has arrived by swapping lists, one wake-up a batch.</summary>
public sealed class BlockingInbox<T>
{
    private readonly object _gate = new();
    private List<T> _arriving = [];
    private List<T> _taken = [];
    private bool _closed;

    /// <summary>Wakes the thread if it waits.</summary>
    public void Add(T item)
    {
        lock (_gate)
        {
            _arriving.Add(item);
            if (_arriving.Count == 1)
                Monitor.Pulse(_gate);
        }
    }

    /// <summary>Blocks until something is there; null when closed. Valid until the next call.</summary>
    public IReadOnlyList<T>? Take()
    {
        _taken.Clear();
        lock (_gate)
        {
            while (_arriving.Count == 0 && !_closed)
                Monitor.Wait(_gate);
            if (_closed)
                return null;
            (_arriving, _taken) = (_taken, _arriving);
            return _taken;
        }
    }

    /// <summary>Ends the thread's taking; what is still there is dropped.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }
}
