using System.Security.Cryptography;
using CoolChat.Contracts.Internal;
using Microsoft.IdentityModel.Tokens;

namespace CoolChat.ServiceDefaults.Identity;

/// <summary>The ring's keys in the form that the token library wants, built once for each state of the ring.</summary>
internal sealed class SigningKeys(IVerificationKeys keys)
{
    private volatile Ring _ring = new([], []);

    /// <summary>The key of that id, or none: a token that names no key, or a foreign one, is not tried against others.</summary>
    public IEnumerable<SecurityKey> Find(string? keyId)
    {
        IReadOnlyList<VerificationKey> current = keys.Current;
        Ring ring = _ring;
        // Replaced rings are left to the collector: a validation may still be using their keys.
        if (!ReferenceEquals(ring.Source, current))
            _ring = ring = new Ring(current, current.ToDictionary(key => key.KeyId, Import, StringComparer.Ordinal));
        return keyId is not null && ring.Keys.TryGetValue(keyId, out SecurityKey? found) ? [found] : [];
    }

    private static SecurityKey Import(VerificationKey key)
    {
        ECDsa ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = key.X.ToArray(), Y = key.Y.ToArray() },
        });
        return new ECDsaSecurityKey(ecdsa) { KeyId = key.KeyId };
    }

    private sealed record Ring(IReadOnlyList<VerificationKey> Source, Dictionary<string, SecurityKey> Keys);
}
