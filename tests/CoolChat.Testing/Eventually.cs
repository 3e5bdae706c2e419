using System.Diagnostics;

namespace CoolChat.Testing;

/// <summary>Waits for a condition with a deadline, instead of for a time.</summary>
public static class Eventually
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    /// <summary>Completes when <paramref name="condition"/> holds.</summary>
    /// <exception cref="TimeoutException">It did not in time; the message names <paramref name="what"/>.</exception>
    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? within = null) => TrueAsync(() => Task.FromResult(condition()), what, within);

    /// <summary>Completes when <paramref name="condition"/> holds.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        await ValueAsync(async () => await condition() ? "" : null, what, within);
    }

    /// <summary>Completes with the first value that is not null.</summary>
    public static async Task<T> ValueAsync<T>(Func<Task<T?>> get, string what, TimeSpan? within = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(get);
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await get() is { } value)
                return value;
            if (Stopwatch.GetElapsedTime(start) > (within ?? Usual))
                throw new TimeoutException($"Not within {(within ?? Usual).TotalSeconds:0.#} s: {what}");
            await Task.Delay(Pause);
        }
    }
}
