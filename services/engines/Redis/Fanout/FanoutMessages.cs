using System.Text.Json;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;

namespace CoolChat.Engines.Redis.Fanout;

/// <summary>
/// Channels of live fan-out, and how a loss is found: every message of a publisher's run is counted, for each partition, and once a second the
/// publisher says how far it has counted. Redis keeps the order of one publisher.
/// <code>
/// {prefix}fanout:{partition}   <see cref="FanoutBatch"/>, as JSON
/// {prefix}fanout:alive         <see cref="FanoutAlive"/>, as JSON
/// </code>
/// </summary>
internal static class FanoutChannels
{
    /// <summary>Channels that conversations are spread over.</summary>
    public const int Partitions = 16;

    public const string Any = "fanout:*";
    public const string Alive = "fanout:alive";

    public static readonly TimeSpan AliveEvery = TimeSpan.FromSeconds(1);

    /// <summary>The rules of the wire; deeper, because what has the depth allowed there lies inside a message here.</summary>
    public static readonly JsonSerializerOptions Json = new(CoolChatJson.Options) { MaxDepth = 64 };

    public static string Of(int partition) => FormattableString.Invariant($"fanout:{partition}");
}

/// <summary>What one commit made visible in one partition.</summary>
/// <param name="Run">Random, of one run of a publisher.</param>
/// <param name="Partition">Its channel.</param>
/// <param name="Number">From 1, without holes.</param>
/// <param name="Events">See <see cref="LiveBatch"/>.</param>
/// <param name="Marks">See <see cref="LiveBatch"/>.</param>
/// <param name="PrivateChanges">See <see cref="LiveBatch"/>.</param>
internal sealed record FanoutBatch(
    Guid Run, int Partition, long Number, IReadOnlyList<LiveEvent> Events, IReadOnlyList<LiveMarks> Marks, IReadOnlyList<PrivateChange> PrivateChanges);

/// <summary>A sign of life.</summary>
/// <param name="Run">Random, of one run of a publisher.</param>
/// <param name="Numbers">The last number of each partition.</param>
/// <param name="Ends">It stops, and has told everything.</param>
internal sealed record FanoutAlive(Guid Run, IReadOnlyList<long> Numbers, bool Ends = false);
