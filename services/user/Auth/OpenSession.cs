using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;
using CoolChat.User.Profiles;
using CoolChat.User.Registration;
using CoolChat.User.Sessions;
using CoolChat.User.Tokens;
using Microsoft.Extensions.Options;

namespace CoolChat.User.Auth;

/// <summary>Tokens of a session, with what a cookie needs.</summary>
internal sealed record OpenedSession(AuthResult Result, string RefreshToken, DateTimeOffset RefreshExpiresAt);

/// <summary>Signs in: a proven wallet becomes a session of its account.</summary>
internal sealed class OpenSession(
    IWalletProofs proofs, Admission admission, IAccountStore accounts, ISessionStore sessions, EndSessions end, SessionAnswers answers, IOptions<AuthOptions> options, TimeProvider time)
{
    private const int MaxDeviceName = 60;
    private const int MaxInvite = 200;

    public async Task<Result<OpenedSession>> ExecuteAsync(SignInRequest request, string? userAgent, CancellationToken cancellationToken)
    {
        // Checked before the proof, because that uses the nonce up.
        Result<string> device = TextRules.Name("device.name", request.Device?.Name ?? "", MaxDeviceName);
        if (!device.Ok)
            return device.Refusal;
        if (request.Device?.Invite is { Length: > MaxInvite })
            return Refusal.Invalid("device.invite", "This is no invite code.");
        Result<WalletId> wallet = await proofs.VerifyAsync(request, ProofContext.SignIn, cancellationToken);
        if (!wallet.Ok)
            return wallet.Refusal;
        Result<Account> account = await admission.AdmitAsync(wallet.Value, request.Device?.Invite, cancellationToken);
        if (!account.Ok)
            return account.Refusal;
        DateTimeOffset now = time.GetUtcNow();
        Session session = new()
        {
            Id = Guid.CreateVersion7(now),
            UserId = account.Value.Id,
            DeviceId = Guid.CreateVersion7(now),
            Device = device.Value.Length > 0 ? device.Value : DeviceNames.From(userAgent),
            Address = wallet.Value.Address,
            CreatedAt = now,
            LastSeenAt = now,
            ExpiresAt = now + options.Value.SessionIdleLifetime,
        };
        RefreshToken refresh = RefreshTokens.First(session.Id);
        await sessions.AddAsync(session, refresh.Hash, cancellationToken);
        // Deleting and suspending end all sessions that there are; one that came in between is ended here.
        if (await accounts.FindAsync(session.UserId, cancellationToken) is not { Deleted: false, Suspended: false })
        {
            await end.OneAsync(session.UserId, session.Id, CancellationToken.None);
            return Refusal.Conflict("The account was changed meanwhile. Sign in again.");
        }
        return await answers.MakeAsync(account.Value, session, refresh, cancellationToken);
    }
}

/// <summary>What both signing in and renewing answer.</summary>
internal sealed class SessionAnswers(RefreshTokens refreshTokens, TokenIssuer issuer, ProfileViews views)
{
    public async Task<OpenedSession> MakeAsync(Account account, Session session, RefreshToken refresh, CancellationToken cancellationToken)
    {
        (string token, DateTimeOffset expiresAt) = issuer.Issue(account, session);
        string refreshToken = refreshTokens.Write(refresh);
        AuthResult result = new()
        {
            AccessToken = token,
            ExpiresAt = expiresAt,
            RefreshToken = refreshToken,
            User = await views.MeAsync(account, cancellationToken),
        };
        return new OpenedSession(result, refreshToken, session.ExpiresAt);
    }
}
