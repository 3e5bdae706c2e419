using System.Security.Cryptography;
using CoolChat.Contracts.Internal;
using CoolChat.User.Registration;
using Microsoft.IdentityModel.Tokens;

namespace CoolChat.User.Tokens;

/// <summary>A P-256 key pair in use.</summary>
internal sealed class SigningKey
{
    private SigningKey(string keyId, ECDsa pair, DateTimeOffset signsFrom)
    {
        ECParameters parts = pair.ExportParameters(includePrivateParameters: false);
        Public = new VerificationKey(keyId, parts.Q.X!, parts.Q.Y!);
        SignsFrom = signsFrom;
        Credentials = new SigningCredentials(new ECDsaSecurityKey(pair) { KeyId = keyId }, SecurityAlgorithms.EcdsaSha256);
    }

    public VerificationKey Public { get; }

    public DateTimeOffset SignsFrom { get; }

    public SigningCredentials Credentials { get; }

    public static SigningKey Import(StoredKey stored)
    {
        // Lives as long as the ring; tokens may be in the making with it when it leaves.
        ECDsa pair = ECDsa.Create();
        pair.ImportPkcs8PrivateKey(stored.Pkcs8, out _);
        return new SigningKey(stored.KeyId, pair, stored.SignsFrom);
    }

    public static StoredKey Create(DateTimeOffset signsFrom)
    {
        using ECDsa pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string keyId = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(12));
        return new StoredKey(keyId, pair.ExportPkcs8PrivateKey(), signsFrom);
    }
}
