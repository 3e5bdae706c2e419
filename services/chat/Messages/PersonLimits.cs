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
/// forgotten, so memory is bounded by who was active lately.
/// </summary>
internal sealed class PersonLimits
{
    private const int Kinds = (int)Allowance.Searches + 1;
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, Buckets> _people = [];
    private readonly bool _enabled;
    private readonly BucketOptions[] _options;
    private readonly TimeProvider _time;
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
        double missing = buckets.Take((int)allowance, options, now, _time);
        return missing <= 0
            ? null
            : new Refusal(ErrorCodes.RateLimited, "Too much at once; try again later.", RetryAfter: (int)Math.Ceiling(missing / options.PerSecond));
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

        public long UsedAt { get; private set; }

        /// <summary>0 when one was taken, else how much is missing.</summary>
        public double Take(int kind, BucketOptions options, long now, TimeProvider time)
        {
            lock (_gate)
            {
                UsedAt = now;
                double back = time.GetElapsedTime(_at[kind], now).TotalSeconds * options.PerSecond;
                double spent = Math.Max(0, _spent[kind] - Math.Max(0, back));
                _at[kind] = now;
                bool taken = spent + 1 <= options.Burst;
                _spent[kind] = taken ? spent + 1 : spent;
                return taken ? 0 : spent + 1 - options.Burst;
            }
        }
    }
}
