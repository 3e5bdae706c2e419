using System.Collections.Concurrent;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Options;

namespace CoolChat.Chat.Messages;

/// <summary>What a person's allowance is counted for.</summary>
internal enum Allowance
{
    Messages,
    Actions,
    Marks,
    Creates,
    Typing,
    Watches,
    Searches,
}

/// <summary>
/// Token buckets of each person, over all their connections: hub calls never pass an HTTP limiter. Buckets of people who are full again are
/// forgotten, so memory is bounded by who was active lately. Several nodes may add up what they gave: see <see cref="Share"/>.
/// </summary>
internal sealed class PersonLimits
{
    private const int Kinds = (int)Allowance.Searches + 1;
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, Buckets> _people = [];
    private readonly bool _enabled;
    private readonly BucketOptions[] _options;
    private readonly TimeProvider _time;
    private ConcurrentQueue<(Guid UserId, Allowance Allowance)>? _given;
    private long _sweptAt;

    public PersonLimits(IOptions<PersonLimitOptions> options, TimeProvider time)
    {
        _enabled = options.Value.Enabled;
        _options = [.. Enum.GetValues<Allowance>().Select(options.Value.Of)];
        _time = time;
        _sweptAt = time.GetTimestamp();
    }

    /// <summary>Takes one; the refusal says when there will be one again.</summary>
    public Refusal? Take(Guid userId, Allowance allowance)
    {
        if (!_enabled)
            return null;
        BucketOptions options = _options[(int)allowance];
        long now = _time.GetTimestamp();
        Sweep(now);
        Buckets buckets = _people.GetOrAdd(userId, static _ => new Buckets());
        double missing = buckets.Take((int)allowance, options, now, _time, out bool first);
        if (first)
            _given?.Enqueue((userId, allowance));
        return missing <= 0
            ? null
            : new Refusal(ErrorCodes.RateLimited, "Too much at once; try again later.", RetryAfter: (int)Math.Ceiling(missing / options.PerSecond));
    }

    /// <summary>From now on <see cref="TakeGiven"/> tells what was given here.</summary>
    public void Share() => _given = new ConcurrentQueue<(Guid, Allowance)>();

    /// <summary>What was given here and not told yet, at most <paramref name="most"/> entries.</summary>
    public IReadOnlyList<Given> TakeGiven(int most)
    {
        List<Given> given = [];
        while (given.Count < most && _given is { } queue && queue.TryDequeue(out (Guid UserId, Allowance Allowance) entry))
        {
            BucketOptions options = _options[(int)entry.Allowance];
            if (_people.TryGetValue(entry.UserId, out Buckets? buckets))
                given.Add(new Given(entry.UserId, entry.Allowance, buckets.TakeGiven((int)entry.Allowance), options.PerSecond, options.Burst));
        }
        return given;
    }

    /// <summary>What a person has spent on all nodes, when what <see cref="TakeGiven"/> told was added.</summary>
    public void Learn(Guid userId, Allowance allowance, double spent)
    {
        if (_people.TryGetValue(userId, out Buckets? buckets))
            buckets.Learn((int)allowance, spent, _time.GetTimestamp());
    }

    private void Sweep(long now)
    {
        long swept = Volatile.Read(ref _sweptAt);
        if (_time.GetElapsedTime(swept, now) < SweepInterval || Interlocked.CompareExchange(ref _sweptAt, now, swept) != swept)
            return;
        // Forgotten = full: nobody gains by it who waited that long.
        TimeSpan longest = TimeSpan.FromSeconds(_options.Max(o => o.Burst / o.PerSecond));
        foreach ((Guid user, Buckets buckets) in _people)
        {
            if (_time.GetElapsedTime(buckets.UsedAt, now) > longest)
                _people.TryRemove(user, out _);
        }
    }

    private sealed class Buckets
    {
        private readonly Lock _gate = new();
        private readonly double[] _spent = new double[Kinds];
        private readonly long[] _at = new long[Kinds];
        private readonly int[] _untold = new int[Kinds];

        public long UsedAt { get; private set; }

        /// <summary>0 when one was taken, else how much is missing. <paramref name="first"/>: the first one since <see cref="TakeGiven"/>.</summary>
        public double Take(int kind, BucketOptions options, long now, TimeProvider time, out bool first)
        {
            lock (_gate)
            {
                UsedAt = now;
                double back = time.GetElapsedTime(_at[kind], now).TotalSeconds * options.PerSecond;
                double spent = Math.Max(0, _spent[kind] - Math.Max(0, back));
                _at[kind] = now;
                bool taken = spent + 1 <= options.Burst;
                _spent[kind] = taken ? spent + 1 : spent;
                first = taken && _untold[kind]++ == 0;
                return taken ? 0 : spent + 1 - options.Burst;
            }
        }

        public int TakeGiven(int kind)
        {
            lock (_gate)
            {
                int given = _untold[kind];
                _untold[kind] = 0;
                return given;
            }
        }

        public void Learn(int kind, double spent, long now)
        {
            lock (_gate)
            {
                _spent[kind] = spent + _untold[kind];
                _at[kind] = now;
            }
        }
    }
}

/// <summary>What a person got here, and the bucket that it is taken from.</summary>
internal readonly record struct Given(Guid UserId, Allowance Allowance, int Count, double PerSecond, int Burst);
