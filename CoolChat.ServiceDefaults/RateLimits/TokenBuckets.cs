using System.Collections.Concurrent;
using CoolChat.Contracts.Internal;

namespace CoolChat.ServiceDefaults.RateLimits;

/// <summary>A bucket that each key has.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="PerSecond">For as long as one likes.</param>
/// <param name="Burst">At once.</param>
public sealed record TokenBucket(string Name, double PerSecond, int Burst);

/// <summary>
/// Token buckets by key, some for each: of people, of network addresses. What is full again is forgotten, so memory is bounded by who was
/// active lately. Several processes may add up what they gave: see <see cref="Share"/>.
/// </summary>
/// <param name="name">Names them to other processes.</param>
/// <param name="buckets">What each key has.</param>
/// <param name="format">Writes a key down.</param>
/// <param name="time">The clock.</param>
public sealed class TokenBuckets<TKey>(string name, IReadOnlyList<TokenBucket> buckets, Func<TKey, string> format, TimeProvider time) : ISharedBuckets
    where TKey : notnull
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    /// <summary>Forgotten = full: nobody gains by it who waited that long.</summary>
    private readonly TimeSpan _longest = TimeSpan.FromSeconds(buckets.Count == 0 ? 0 : buckets.Max(bucket => bucket.Burst / bucket.PerSecond));
    private readonly ConcurrentDictionary<TKey, Spending> _spending = [];
    private ConcurrentQueue<(TKey Key, int Bucket)>? _given;
    private long _sweptAt = time.GetTimestamp();

    /// <summary>Takes one from a bucket.</summary>
    /// <returns>Null when there was one; else how long until there is one again.</returns>
    public TimeSpan? Take(TKey key, int bucket)
    {
        TokenBucket of = buckets[bucket];
        long now = time.GetTimestamp();
        Sweep(now);
        Spending spending = _spending.GetOrAdd(key, static (_, count) => new Spending(count), buckets.Count);
        double missing = spending.Take(bucket, of, now, time, out bool first);
        if (first)
            _given?.Enqueue((key, bucket));
        return missing <= 0 ? null : TimeSpan.FromSeconds(missing / of.PerSecond);
    }

    /// <inheritdoc/>
    public void Share() => _given = new ConcurrentQueue<(TKey, int)>();

    /// <inheritdoc/>
    public IReadOnlyList<Given> TakeGiven(int most)
    {
        List<Given> given = [];
        while (given.Count < most && _given is { } queue && queue.TryDequeue(out (TKey Key, int Bucket) entry))
        {
            if (!_spending.TryGetValue(entry.Key, out Spending? spending))
                continue;
            TokenBucket of = buckets[entry.Bucket];
            given.Add(new Given(
                $"{name}:{format(entry.Key)}:{of.Name}", spending.TakeGiven(entry.Bucket), of.PerSecond, of.Burst,
                spent => spending.Learn(entry.Bucket, spent, time.GetTimestamp())));
        }
        return given;
    }

    private void Sweep(long now)
    {
        long swept = Volatile.Read(ref _sweptAt);
        if (time.GetElapsedTime(swept, now) < SweepInterval || Interlocked.CompareExchange(ref _sweptAt, now, swept) != swept)
            return;
        foreach ((TKey key, Spending spending) in _spending)
        {
            if (time.GetElapsedTime(spending.UsedAt, now) > _longest)
                _spending.TryRemove(key, out _);
        }
    }

    private sealed class Spending(int buckets)
    {
        private readonly Lock _gate = new();
        private readonly double[] _spent = new double[buckets];
        private readonly long[] _at = new long[buckets];
        private readonly int[] _untold = new int[buckets];

        public long UsedAt { get; private set; }

        /// <summary>0 when one was taken, else how much is missing. <paramref name="first"/>: the first one since <see cref="TakeGiven"/>.</summary>
        public double Take(int bucket, TokenBucket of, long now, TimeProvider time, out bool first)
        {
            lock (_gate)
            {
                UsedAt = now;
                double back = time.GetElapsedTime(_at[bucket], now).TotalSeconds * of.PerSecond;
                double spent = Math.Max(0, _spent[bucket] - Math.Max(0, back));
                _at[bucket] = now;
                bool taken = spent + 1 <= of.Burst;
                _spent[bucket] = taken ? spent + 1 : spent;
                first = taken && _untold[bucket]++ == 0;
                return taken ? 0 : spent + 1 - of.Burst;
            }
        }

        public int TakeGiven(int bucket)
        {
            lock (_gate)
            {
                int given = _untold[bucket];
                _untold[bucket] = 0;
                return given;
            }
        }

        public void Learn(int bucket, double spent, long now)
        {
            lock (_gate)
            {
                _spent[bucket] = spent + _untold[bucket];
                _at[bucket] = now;
            }
        }
    }
}
