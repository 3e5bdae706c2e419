using System.Globalization;
using CoolChat.Load.Measuring;
using CoolChat.Load.Targets;
using CoolChat.Load.Wire;

namespace CoolChat.Load.Scenarios;

/// <summary>How messages are sent.</summary>
internal sealed record MessageSettings
{
    public required int People { get; init; }

    /// <summary>Members of a conversation: 2 for direct ones.</summary>
    public required int RoomSize { get; init; }

    /// <summary>The first so many of each room write; 0: all.</summary>
    public int Writers { get; init; }

    /// <summary>Messages a second; 0: look for the highest.</summary>
    public required double Rate { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>Before anything counts: at <see cref="Rate"/>, or at <see cref="FirstRate"/> while looking for the highest.</summary>
    public required TimeSpan Warmup { get; init; }

    public required int BodyBytes { get; init; }

    /// <summary>Milliseconds of p99 submit to delivery that still count as carried.</summary>
    public required double P99Limit { get; init; }

    /// <summary>First rate of the search.</summary>
    public required double FirstRate { get; init; }
}

/// <summary>Direct conversations and rooms: a fixed rate, or the highest that is still carried.</summary>
internal static class MessageScenario
{
    private const double MostRate = 500_000;

    /// <summary>Returns the result at the fixed rate, or at the highest rate carried.</summary>
    public static async Task<RunResult?> RunAsync(ITarget target, MessageSettings settings, CancellationToken cancellationToken)
    {
        IReadOnlyList<Peer> people = await target.PrepareAsync(settings.People, settings.RoomSize, cancellationToken);
        // Those who write come first; the others only listen.
        int writers = settings.Writers == 0 ? settings.RoomSize : settings.Writers;
        List<Peer> peers = [.. people.Where((_, i) => i % settings.RoomSize < writers)];
        int senders = peers.Count;
        peers.AddRange(people.Where((_, i) => i % settings.RoomSize >= writers));
        MessageRun run = new(target, peers[..senders], Math.Min(settings.RoomSize, settings.People), settings.BodyBytes);
        using Fleet fleet = await Fleet.OpenAsync(target, peers, run.OnRecord, cancellationToken);
        // Warms both sides up: tiered compilation, buffers, the first segments of the log.
        await run.RunAsync(fleet, Math.Min(settings.Rate == 0 ? settings.FirstRate : settings.Rate, settings.FirstRate), settings.Warmup, cancellationToken);
        if (settings.Rate > 0)
        {
            RunResult result = await run.RunAsync(fleet, settings.Rate, settings.Duration, cancellationToken);
            Console.WriteLine(result);
            return result;
        }
        return await FindHighestAsync(run, fleet, settings, cancellationToken);
    }

    private static async Task<RunResult?> FindHighestAsync(MessageRun run, Fleet fleet, MessageSettings settings, CancellationToken cancellationToken)
    {
        RunResult? best = null;
        double failed = 0;
        for (double rate = settings.FirstRate; rate <= MostRate;)
        {
            RunResult result = await run.RunAsync(fleet, rate, settings.Duration, cancellationToken);
            bool holds = result.Holds(settings.P99Limit);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Target,-9} {rate,8:0}/s  p99 {result.P99,8:0.0} ms  {(holds ? "carried" : result.Lagged ? "generator lagged" : "not carried")}"));
            if (holds)
                best = result;
            else
                failed = rate;
            if (fleet.Connections.Any(connection => connection.IsClosed))
                break;
            // Up by half until it fails, then half the gap, until the answer is within 5 %.
            rate = failed == 0 ? rate * 1.5 : ((best?.Rate ?? 0) + failed) / 2;
            if (failed > 0 && failed - (best?.Rate ?? 0) < failed * 0.05)
                break;
        }
        Console.WriteLine(best is null ? "          not even the first rate was carried" : $"highest:  {best}");
        return best;
    }
}
