using System.Buffers;
using System.Globalization;
using System.Text;
using CoolChat.Contracts.Internal;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;

namespace CoolChat.User.SignIn;

/// <summary>
/// Recovers who signed (EIP-191, "personal message"). A signature is r, s and v in 65 bytes: v is 27 or 28 (0 and 1 are taken for them, as some
/// hardware wallets send), r and s are in 1 .. n-1, and s is in the lower half (EIP-2), so that nobody can make a second signature from a first.
/// The 64-byte form of EIP-2098 is refused: no wallet answers <c>personal_sign</c> with it, and one form a signature is enough.
/// </summary>
internal static class EthereumSignature
{
    public const int Size = 65;

    /// <summary>Longest signature of a contract wallet that is read, in bytes: ERC-6492 carries the code that deploys the wallet.</summary>
    public const int MaxSize = 16 * 1024;

    private static readonly X9ECParameters Parameters = CustomNamedCurves.GetByName("secp256k1");
    private static readonly ECCurve Curve = Parameters.Curve;
    private static readonly BigInteger HalfOrder = Parameters.N.ShiftRight(1);

    /// <summary>Reads <c>0x</c> and hexadecimal digits: a signature as wallets give it, in its text form.</summary>
    public static Result<byte[]> ParseHex(string text)
    {
        if (text.Length > 2 + (2 * MaxSize))
            return SignInErrors.Signature($"The signature is longer than {MaxSize} bytes.");
        byte[] bytes = new byte[text.Length / 2];
        if (!text.StartsWith("0x", StringComparison.Ordinal) || text.Length % 2 != 0 ||
            Convert.FromHexString(text.AsSpan(2), bytes, out _, out int written) != OperationStatus.Done)
            return SignInErrors.Signature("The signature is not 0x and pairs of hexadecimal digits.");
        return bytes[..written];
    }

    /// <summary>Keccak-256 of <c>0x19 "Ethereum Signed Message:" LF length message</c>; the length counts bytes of UTF-8.</summary>
    public static byte[] HashPersonalMessage(string message)
    {
        int length = Encoding.UTF8.GetByteCount(message);
        string prefix = string.Create(CultureInfo.InvariantCulture, $"\u0019Ethereum Signed Message:\n{length}");
        byte[] data = new byte[prefix.Length + length];
        Encoding.ASCII.GetBytes(prefix, data);
        Encoding.UTF8.GetBytes(message, data.AsSpan(prefix.Length));
        return Keccak256.Hash(data);
    }

    /// <summary>The address whose key signed <paramref name="message"/>, or <c>signature_invalid</c> with what is wrong with the signature.</summary>
    public static Result<EthereumAddress> RecoverPersonalMessage(string message, ReadOnlySpan<byte> signature) =>
        Recover(HashPersonalMessage(message), signature);

    /// <summary>The address whose key signed the 32-byte <paramref name="hash"/>.</summary>
    public static Result<EthereumAddress> Recover(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != Size)
            return SignInErrors.Signature($"A wallet's signature has {Size} bytes; this one has {signature.Length}.");
        int v = signature[64];
        if (v is not (0 or 1 or 27 or 28))
            return SignInErrors.Signature("The last byte of the signature (v) is 27 or 28.");
        BigInteger r = new(1, signature[..32]);
        BigInteger s = new(1, signature[32..64]);
        if (r.SignValue == 0 || r.CompareTo(Parameters.N) >= 0 || s.SignValue == 0 || s.CompareTo(Parameters.N) >= 0)
            return SignInErrors.Signature("r or s of the signature is not in the range of the curve.");
        if (s.CompareTo(HalfOrder) > 0)
            return SignInErrors.Signature("s of the signature is in the upper half of the range (EIP-2 allows the lower one only).");
        return FindSigner(new BigInteger(1, hash), r, s, odd: v is 1 or 28) is { } signer
            ? signer
            : SignInErrors.Signature("There is no key that could have made this signature.");
    }

    /// <summary>SEC 1, 4.1.6. v only tells R's parity: x of R is r itself, for r + n would need v of 29 and more, which Ethereum doesn't know.</summary>
    private static EthereumAddress? FindSigner(BigInteger e, BigInteger r, BigInteger s, bool odd)
    {
        ECFieldElement x = Curve.FromBigInteger(r);
        ECFieldElement? y = x.Square().Multiply(x).Add(Curve.B).Sqrt();
        if (y is null)
            return null;
        if (y.TestBitZero() != odd)
            y = y.Negate();
        ECPoint pointR = Curve.CreatePoint(r, y.ToBigInteger());
        BigInteger n = Parameters.N;
        BigInteger inverse = r.ModInverse(n);
        BigInteger u1 = e.Negate().Multiply(inverse).Mod(n);
        BigInteger u2 = s.Multiply(inverse).Mod(n);
        ECPoint key = ECAlgorithms.SumOfTwoMultiplies(Parameters.G, u1, pointR, u2).Normalize();
        return key.IsInfinity ? null : AddressOf(key);
    }

    private static EthereumAddress AddressOf(ECPoint key) => new(Keccak256.Hash(key.GetEncoded(compressed: false).AsSpan(1)).AsSpan(12));
}
