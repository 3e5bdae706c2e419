namespace CoolChat.Contracts.Internal;

/// <summary>A session ended: its connections close everywhere within a second.</summary>
public sealed record SessionRevoked(Guid UserId, Guid SessionId);

/// <summary>An account was deleted.</summary>
public sealed record AccountDeleted(Guid UserId);

/// <summary>Somebody blocked or unblocked somebody.</summary>
public sealed record BlockChanged(Guid Blocker, Guid Blocked, bool IsBlocked);

/// <summary>A profile changed.</summary>
public sealed record ProfileChanged(Guid UserId);

/// <summary>Facts between services that are no commands and need no answer. Handlers must tolerate repeats.</summary>
public interface IIntegrationEvents
{
    ValueTask PublishAsync<T>(T integrationEvent, CancellationToken cancellationToken) where T : class;

    /// <summary>Registers a handler until the result is disposed.</summary>
    IDisposable Subscribe<T>(Func<T, CancellationToken, ValueTask> handler) where T : class;
}
