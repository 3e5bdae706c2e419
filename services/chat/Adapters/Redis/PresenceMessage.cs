namespace CoolChat.Chat.Adapters.Redis;

/// <summary>What a node says of itself on the presence channel.</summary>
/// <param name="Node">Random, of one run of a node.</param>
/// <param name="Version">Counts its changes.</param>
/// <param name="Changes">Its latest ones; none is a sign of life.</param>
/// <param name="Ends">It stops: nobody is with it any more.</param>
internal sealed record PresenceMessage(Guid Node, long Version, IReadOnlyList<PresenceChange> Changes, bool Ends = false);

/// <summary>Somebody came or went.</summary>
internal sealed record PresenceChange(Guid UserId, bool Here, DateTimeOffset At);
