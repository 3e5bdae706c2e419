using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.Tokens;

namespace CoolChat.ServiceDefaults.Peers;

/// <summary>Lets other services in, each where it has to be.</summary>
internal static class PeerAuthentication
{
    private const string Scheme = "Peer";
    private const string Issuer = "iss";

    /// <summary>Reads the keys of those that may call, and checks tokens by them.</summary>
    public static void AddPeerAuthentication(this IHostApplicationBuilder builder, string self, IReadOnlyList<string> callers)
    {
        Dictionary<string, SecurityKey> keys = callers.ToDictionary(
            caller => caller, SecurityKey (caller) => PeerTokens.ReadKey(builder.Configuration, PeerTokens.CallerKey(caller)), StringComparer.Ordinal);
        // Not by AddAuthentication(), which would start data protection again.
        new AuthenticationBuilder(builder.Services).AddJwtBearer(Scheme, _ => { });
        builder.Services.AddOptions<JwtBearerOptions>(Scheme).Configure<TimeProvider>((jwt, time) =>
        {
            jwt.MapInboundClaims = false;
            jwt.IncludeErrorDetails = false;
            jwt.TimeProvider = time;
            jwt.TokenValidationParameters = new TokenValidationParameters
            {
                ValidAudience = PeerTokens.AudienceOf(self),
                ValidIssuers = keys.Keys,
                ValidAlgorithms = [PeerTokens.Algorithm],
                RequireExpirationTime = true,
                RequireSignedTokens = true,
                // By the caller's own key only.
                IssuerSigningKeyResolver = (_, token, _, _) => keys.TryGetValue(token.Issuer, out SecurityKey? key) ? [key] : [],
                LifetimeValidator = (_, expires, _, _) => IsCurrent(expires, time.GetUtcNow().UtcDateTime),
            };
        });
    }

    /// <summary>Nobody but these services.</summary>
    public static TBuilder RequirePeer<TBuilder>(this TBuilder endpoints, params string[] callers)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.RequireAuthorization(new AuthorizationPolicyBuilder(Scheme).RequireAuthenticatedUser().RequireClaim(Issuer, callers).Build());

    // A clock may be wrong by as much as a token lives; one that was made to live longer is none of ours.
    private static bool IsCurrent(DateTime? expires, DateTime now) => expires is { } end && end > now - PeerTokens.Lifetime && end <= now + 2 * PeerTokens.Lifetime;
}
