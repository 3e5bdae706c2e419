using Org.BouncyCastle.Crypto.Digests;

namespace CoolChat.User.SignIn;

/// <summary>Keccak-256 as Ethereum uses it: the padding of the original submission, not that of FIPS 202 (SHA3-256).</summary>
internal static class Keccak256
{
    public const int Size = 32;

    public static byte[] Hash(ReadOnlySpan<byte> data)
    {
        KeccakDigest digest = new(Size * 8);
        digest.BlockUpdate(data);
        byte[] hash = new byte[Size];
        digest.DoFinal(hash);
        return hash;
    }
}
