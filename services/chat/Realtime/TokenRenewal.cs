using System.Security.Claims;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace CoolChat.Chat.Realtime;

/// <summary>Lets a connection outlive its token by a newer one of the same person, checked by the rules that hold for requests.</summary>
internal sealed class TokenRenewal(IOptionsMonitor<JwtBearerOptions> options, ISessionStatus sessions)
{
    public async Task<Refusal?> RenewAsync(ClientConnection connection, string token)
    {
        JwtBearerOptions jwt = options.Get(JwtBearerDefaults.AuthenticationScheme);
        TokenValidationResult? valid = null;
        foreach (TokenHandler handler in jwt.TokenHandlers)
        {
            valid = await handler.ValidateTokenAsync(token, jwt.TokenValidationParameters);
            if (valid.IsValid)
                break;
        }
        if (valid is not { IsValid: true } || Caller.From(new ClaimsPrincipal(valid.ClaimsIdentity)) is not { } caller || sessions.IsRevoked(caller.SessionId))
            return new Refusal(ErrorCodes.Unauthenticated, "The token is not valid.", "token");
        if (caller.UserId != connection.UserId)
            return Refusal.Forbidden("The token belongs to somebody else; open another connection.");
        connection.Renew(caller, valid.SecurityToken.ValidTo);
        // Revoked meanwhile: the closing of before looked at the old session.
        if (sessions.IsRevoked(caller.SessionId))
            connection.Close(ClosedCodes.SessionRevoked);
        return null;
    }
}
