using CoolChat.ServiceDefaults.Identity;
using CoolChat.User.Accounts;
using CoolChat.User.Sessions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CoolChat.User.Tokens;

/// <summary>Makes access tokens by the rules of <see cref="AccessTokens"/>.</summary>
internal sealed class TokenIssuer(KeyRing keys, IOptions<AuthOptions> options, TimeProvider time)
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    public (string Token, DateTimeOffset ExpiresAt) Issue(Account account, Session session)
    {
        // Whole seconds, as the token has them.
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        DateTimeOffset expiresAt = now + options.Value.AccessTokenLifetime;
        string token = _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = AccessTokens.Issuer,
            Audience = AccessTokens.Audience,
            IssuedAt = now.UtcDateTime,
            Expires = expiresAt.UtcDateTime,
            Claims = new Dictionary<string, object>
            {
                [AccessTokens.UserId] = account.Id.ToString(),
                [AccessTokens.Address] = account.Wallet!.Value.Address,
                [AccessTokens.SessionId] = session.Id.ToString(),
                [AccessTokens.DeviceId] = session.DeviceId.ToString(),
            },
            SigningCredentials = keys.Signer,
        });
        return (token, expiresAt);
    }
}
