using System.Text;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Configuration;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CoolChat.ServiceDefaults.Peers;

/// <summary>
/// How one service proves to another that it is the one it says. Each pair of caller and called has a key of its own (HS256), so that a service can
/// neither act for another nor, once it is broken into, call what it never had to. A token says who calls (<c>iss</c>) and whom (<c>aud</c>), and
/// lives for a minute; it has nothing in common with those of people, whose audience and algorithm are others.
/// </summary>
internal static class PeerTokens
{
    /// <summary>The only algorithm.</summary>
    public const string Algorithm = SecurityAlgorithms.HmacSha256;

    /// <summary>How long a token is valid.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private const int LeastKey = 32;

    /// <summary><c>aud</c> of what is meant for a service.</summary>
    public static string AudienceOf(string service) => $"coolchat-service/{service}";

    /// <summary>Configuration key, at the caller: the address of a service, in the form that service discovery uses too.</summary>
    public static string AddressKey(string target) => $"Services:{target}:http:0";

    /// <summary>Configuration key, at the caller: what it proves itself to <paramref name="target"/> with.</summary>
    public static string CallKey(string target) => $"Services:{target}:Key";

    /// <summary>Configuration key, at the called: what <paramref name="caller"/> proves itself with.</summary>
    public static string CallerKey(string caller) => $"Callers:{caller}:Key";

    /// <summary>Reads a key.</summary>
    /// <exception cref="StartException">It is missing or short.</exception>
    public static SymmetricSecurityKey ReadKey(IConfiguration configuration, string key)
    {
        string? secret = configuration[key];
        return secret is { Length: >= LeastKey }
            ? new SymmetricSecurityKey(Encoding.UTF8.GetBytes(secret))
            : throw new StartException($"{key} is not set, or shorter than {LeastKey} characters: give both services of this pair the same random secret.");
    }

    /// <summary>A token of the moment.</summary>
    public static string Create(string self, string target, SymmetricSecurityKey key, TimeProvider time)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = self,
            Audience = AudienceOf(target),
            IssuedAt = now,
            Expires = now + Lifetime,
            SigningCredentials = new SigningCredentials(key, Algorithm),
        });
    }
}
