using System.Globalization;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;
using CoolChat.User.Registration;
using CoolChat.User.Sessions;
using CoolChat.User.Tokens;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoolChat.User.Auth;

/// <summary>Gives the next tokens for a refresh token; an old one that comes back ends its session (RFC 9700 section 4.14.2).</summary>
internal sealed partial class RenewSession(
    RefreshTokens refreshTokens, ISessionStore sessions, IAccountStore accounts, IServerStore server, EndSessions end, SessionAnswers answers,
    IOptions<AuthOptions> options, TimeProvider time, ILogger<RenewSession> logger)
{
    private static readonly Refusal Ended = new("session_ended", "The session has ended. Sign in again.", Status: 401);
    private static readonly Refusal Restored = new(
        ErrorCodes.ServerRestored, "The server was restored from a backup, which ends every session. Sign in again.");

    public async Task<Result<OpenedSession>> ExecuteAsync(string? presented, CancellationToken cancellationToken)
    {
        if (refreshTokens.Read(presented) is not { } token)
            return Ended;
        DateTimeOffset now = time.GetUtcNow();
        RefreshToken successor = refreshTokens.Successor(token);
        RotateOutcome outcome = await sessions.RotateAsync(
            new Rotation(token.SessionId, token.Hash, successor.Hash, now, options.Value.RefreshOverlap, now + options.Value.SessionIdleLifetime),
            cancellationToken);
        if (outcome == RotateOutcome.Ended && await BeganBeforeARestoreAsync(token, cancellationToken))
            return Restored;
        Session? session = outcome == RotateOutcome.Ended ? null : await sessions.FindAsync(token.SessionId, cancellationToken);
        if (outcome == RotateOutcome.Reused && session is not null)
        {
            LogReuse(logger, session.Id, session.UserId);
            await end.TellAsync(session.UserId, session.Id);
        }
        if (session is not { EndedAt: null } || await accounts.FindAsync(session.UserId, cancellationToken) is not { Deleted: false, Suspended: false } account)
            return Ended;
        return await answers.MakeAsync(account, session, successor, cancellationToken);
    }

    /// <summary>A restore leaves no sessions, so that one from before it is either gone or was ended for another reason earlier.</summary>
    private async Task<bool> BeganBeforeARestoreAsync(RefreshToken token, CancellationToken cancellationToken) =>
        await server.SettingAsync(SettingNames.RestoredAt, cancellationToken) is { } restored
        && token.SessionBegan < DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(restored, CultureInfo.InvariantCulture));

    /// <summary>The session of a refresh token, current or not; null when this server never made it.</summary>
    public async Task<Session?> FindAsync(string? presented, CancellationToken cancellationToken) =>
        refreshTokens.Read(presented) is { } token ? await sessions.FindAsync(token.SessionId, cancellationToken) : null;

    [LoggerMessage(210, LogLevel.Warning, "A used refresh token came back: session {SessionId} of {UserId} was ended")]
    private static partial void LogReuse(ILogger logger, Guid sessionId, Guid userId);
}
