namespace CoolChat.User.Sessions;

/// <summary>Sessions and the hashes of their refresh tokens. Every change is atomic; what a method returns is durable.</summary>
internal interface ISessionStore
{
    ValueTask AddAsync(Session session, ReadOnlyMemory<byte> refreshHash, CancellationToken cancellationToken);

    ValueTask<Session?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Living ones, latest seen first.</summary>
    ValueTask<IReadOnlyList<Session>> ListAsync(Guid userId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Replaces the current refresh token by its successor; see <see cref="RotateOutcome"/> for what happens to others.</summary>
    ValueTask<RotateOutcome> RotateAsync(Rotation rotation, CancellationToken cancellationToken);

    /// <summary>Ends the session; false when it isn't this person's or has ended before.</summary>
    ValueTask<bool> EndAsync(Guid userId, Guid id, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Ends the person's sessions, but not <paramref name="except"/>; returns those that it ended.</summary>
    ValueTask<IReadOnlyList<Guid>> EndAllAsync(Guid userId, Guid? except, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Sessions that were ended since then: their access tokens may still look valid.</summary>
    ValueTask<IReadOnlyList<Guid>> EndedSinceAsync(DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Forgets sessions that ended or expired before then.</summary>
    ValueTask SweepAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Forgets everything of a person.</summary>
    ValueTask ForgetAsync(Guid userId, CancellationToken cancellationToken);
}

/// <summary>A presented refresh token and what would follow it; hashes only.</summary>
internal sealed record Rotation(
    Guid SessionId, ReadOnlyMemory<byte> Presented, ReadOnlyMemory<byte> Successor, DateTimeOffset Now, TimeSpan Overlap, DateTimeOffset ExpiresAt);

internal enum RotateOutcome
{
    /// <summary>It was the current one: its successor is current now.</summary>
    Rotated,

    /// <summary>It was the immediate parent, within the overlap: its successor is current already (two tabs, a lost answer).</summary>
    Repeated,

    /// <summary>It was an older one, or the parent too late: stolen, or copied. The session has been ended.</summary>
    Reused,

    /// <summary>There is no such living session.</summary>
    Ended,
}
