namespace CoolChat.Contracts.Internal;

/// <summary>Token buckets of this process that can be added up with those of others: each decides by itself at once, and learns what all gave.</summary>
public interface ISharedBuckets
{
    /// <summary>From now on <see cref="TakeGiven"/> tells what was given here.</summary>
    void Share();

    /// <summary>What was given here and not told yet, at most <paramref name="most"/> entries.</summary>
    IReadOnlyList<Given> TakeGiven(int most);
}

/// <summary>What was given from a bucket here.</summary>
/// <param name="Key">Names the bucket, the same in every process.</param>
/// <param name="Count">How many.</param>
/// <param name="PerSecond">How fast the bucket fills.</param>
/// <param name="Burst">What it holds.</param>
/// <param name="Learn">Takes what all processes together have spent, this included.</param>
public sealed record Given(string Key, int Count, double PerSecond, int Burst, Action<double> Learn);
