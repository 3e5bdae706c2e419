using System.Globalization;
using System.Text;
using Org.BouncyCastle.Crypto.Digests;

namespace CoolChat.Client;

/// <summary>Keccak-256 and the EIP-55 form of addresses.</summary>
internal static class EthereumAddress
{
    public static byte[] Keccak256(ReadOnlySpan<byte> data)
    {
        KeccakDigest digest = new(256);
        digest.BlockUpdate(data);
        byte[] hash = new byte[32];
        digest.DoFinal(hash, 0);
        return hash;
    }

    /// <summary>The checksummed address of an uncompressed public key (64 bytes, without the leading 04).</summary>
    public static string FromPublicKey(ReadOnlySpan<byte> xy) => Checksum(Convert.ToHexStringLower(Keccak256(xy)[12..]));

    /// <summary>Applies EIP-55 to 40 lower-case hex digits.</summary>
    public static string Checksum(string lowerHex)
    {
        byte[] hash = Keccak256(Encoding.ASCII.GetBytes(lowerHex));
        return string.Create(42, (lowerHex, hash), static (span, state) =>
        {
            "0x".CopyTo(span);
            for (int i = 0; i < 40; i++)
            {
                int nibble = (state.hash[i / 2] >> (i % 2 == 0 ? 4 : 0)) & 15;
                char digit = state.lowerHex[i];
                span[i + 2] = nibble >= 8 ? char.ToUpper(digit, CultureInfo.InvariantCulture) : digit;
            }
        });
    }
}
