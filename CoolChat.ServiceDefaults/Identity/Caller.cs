using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace CoolChat.ServiceDefaults.Identity;

/// <summary>Who calls. A parameter of this type in a minimal API is filled from the validated token; the endpoint must require authorization.</summary>
/// <param name="UserId">The account.</param>
/// <param name="Address">Its primary address when the token was issued (EIP-55).</param>
/// <param name="SessionId">The session that the token belongs to.</param>
/// <param name="DeviceId">The session's device.</param>
public sealed record Caller(Guid UserId, string Address, Guid SessionId, Guid? DeviceId)
{
    /// <summary>Reads the caller from a validated principal; null when it isn't one of ours.</summary>
    public static Caller? From(ClaimsPrincipal? principal)
    {
        if (!Guid.TryParse(principal?.FindFirstValue(AccessTokens.UserId), out Guid user)
            || !Guid.TryParse(principal.FindFirstValue(AccessTokens.SessionId), out Guid session)
            || principal.FindFirstValue(AccessTokens.Address) is not { } address)
        {
            return null;
        }
        Guid? device = Guid.TryParse(principal.FindFirstValue(AccessTokens.DeviceId), out Guid did) ? did : null;
        return new Caller(user, address, session, device);
    }

    /// <summary>Binds the parameter of a minimal API.</summary>
    /// <exception cref="InvalidOperationException">The endpoint lets anonymous callers in: a bug in its mapping.</exception>
    public static ValueTask<Caller> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ValueTask.FromResult(From(context.User)
            ?? throw new InvalidOperationException("The endpoint takes a Caller but does not require authorization."));
    }
}
