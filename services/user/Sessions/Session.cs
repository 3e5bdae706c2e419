namespace CoolChat.User.Sessions;

/// <summary>A signed-in device.</summary>
internal sealed record Session
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }
    public required Guid DeviceId { get; init; }

    /// <summary>Name of the device.</summary>
    public required string Device { get; init; }

    /// <summary>Address that signed in (EIP-55).</summary>
    public required string Address { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Last renewal.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>When it ends unless it is renewed.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
}
