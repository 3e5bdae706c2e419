using System.Collections.Concurrent;

namespace CoolChat.Processing.Adapters.Mongo;

/// <summary>What the lanes of one writer have in common.</summary>
internal sealed class LaneShare
{
    private long _last;

    /// <summary>Sessions that this process commits in, and when they were announced.</summary>
    public ConcurrentDictionary<Guid, long> Sessions { get; } = new();

    /// <summary>A stamp above every one known: <paramref name="now"/>, or the next where the clock stands still or is behind.</summary>
    public long Next(long now)
    {
        while (true)
        {
            long last = Volatile.Read(ref _last);
            long next = Math.Max(last + 1, now);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
                return next;
        }
    }

    public void Observe(long stamp)
    {
        long last = Volatile.Read(ref _last);
        while (stamp > last)
            last = Interlocked.CompareExchange(ref _last, stamp, last) is var seen && seen == last ? stamp : seen;
    }
}
