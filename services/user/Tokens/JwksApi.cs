using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.IdentityModel.Tokens;

namespace CoolChat.User.Tokens;

/// <summary>GET /.well-known/jwks.json (RFC 7517): the keys that access tokens are verified with.</summary>
internal static class JwksApi
{
    public static void MapJwks(this IEndpointRouteBuilder app) =>
        app.MapGet("/.well-known/jwks.json", Keys).WithTags("Sign-in").WithSummary("Keys that verify access tokens").AllowAnonymous();

    private static Ok<JwkSet> Keys(KeyRing ring, HttpContext http)
    {
        // Shorter than the lead time of a new key.
        http.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Ok(new JwkSet([.. ring.Current.Select(static key => new Jwk(
            "EC", "P-256", "sig", "ES256", key.KeyId, Base64UrlEncoder.Encode(key.X.ToArray()), Base64UrlEncoder.Encode(key.Y.ToArray())))]));
    }

    internal sealed record JwkSet(IReadOnlyList<Jwk> Keys);

    internal sealed record Jwk(string Kty, string Crv, string Use, string Alg, string Kid, string X, string Y);
}
