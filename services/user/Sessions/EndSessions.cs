using CoolChat.Contracts.Internal;

namespace CoolChat.User.Sessions;

/// <summary>Ends sessions: first durably, then everywhere.</summary>
internal sealed class EndSessions(ISessionStore store, IIntegrationEvents events, TimeProvider time)
{
    /// <summary>False when it isn't this person's, or has ended before.</summary>
    public async Task<bool> OneAsync(Guid userId, Guid sessionId, CancellationToken cancellationToken)
    {
        if (!await store.EndAsync(userId, sessionId, time.GetUtcNow(), cancellationToken))
            return false;
        await TellAsync(userId, sessionId);
        return true;
    }

    public async Task AllAsync(Guid userId, Guid? except, CancellationToken cancellationToken)
    {
        // All are told, whatever becomes of one telling; the first failure still reaches the caller.
        await Task.WhenAll((await store.EndAllAsync(userId, except, time.GetUtcNow(), cancellationToken)).Select(ended => TellAsync(userId, ended)));
    }

    /// <summary>Not cancelled by the caller's leaving: the end is durable already, and connections must hear of it.</summary>
    public async Task TellAsync(Guid userId, Guid sessionId) =>
        await events.PublishAsync(new SessionRevoked(userId, sessionId), CancellationToken.None);
}
