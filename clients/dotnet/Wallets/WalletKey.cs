using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC.Multiplier;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace CoolChat.Client;

/// <summary>A secp256k1 private key that signs as an Ethereum wallet does. Keep it secret: whoever has it is you.</summary>
public sealed class WalletKey
{
    private static readonly X9ECParameters Curve = SecNamedCurves.GetByName("secp256k1");
    private static readonly BigInteger HalfOrder = Curve.N.ShiftRight(1);
    private readonly BigInteger _secret;

    private WalletKey(BigInteger secret)
    {
        if (secret.SignValue <= 0 || secret.CompareTo(Curve.N) >= 0)
            throw new ArgumentException("A private key is between 1 and the order of the curve.", nameof(secret));
        _secret = secret;
        ECPoint point = new FixedPointCombMultiplier().Multiply(Curve.G, secret).Normalize();
        Address = EthereumAddress.FromPublicKey(point.GetEncoded(compressed: false).AsSpan(1));
    }

    /// <summary>The account's address with its EIP-55 checksum.</summary>
    public string Address { get; }

    /// <summary>Makes a new random key.</summary>
    public static WalletKey Create()
    {
        while (true)
        {
            BigInteger secret = new(1, RandomNumberGenerator.GetBytes(32));
            if (secret.SignValue > 0 && secret.CompareTo(Curve.N) < 0)
                return new WalletKey(secret);
        }
    }

    /// <summary>Reads a key of 64 hex digits, with or without 0x.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static WalletKey FromHex(string hex)
    {
        ArgumentNullException.ThrowIfNull(hex);
        string digits = hex.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? hex[2..] : hex;
        return digits.Length == 64
            ? new WalletKey(new BigInteger(1, Convert.FromHexString(digits)))
            : throw new FormatException("A private key is 64 hex digits.");
    }

    /// <summary>The key as 0x and 64 hex digits.</summary>
    public string ToHex() => "0x" + Convert.ToHexStringLower(To32Bytes(_secret));

    /// <summary>
    /// Signs a text as personal_sign does (EIP-191 version 45): deterministic (RFC 6979), low s, v 27 or 28.
    /// </summary>
    /// <returns>0x and 130 hex digits: r, s, v.</returns>
    public string SignMessage(string message)
    {
        byte[] text = Encoding.UTF8.GetBytes(message);
        byte[] prefix = Encoding.ASCII.GetBytes("\u0019Ethereum Signed Message:\n" + text.Length.ToString(CultureInfo.InvariantCulture));
        byte[] signature = SignHash(EthereumAddress.Keccak256([.. prefix, .. text]));
        return "0x" + Convert.ToHexStringLower(signature);
    }

    private byte[] SignHash(byte[] hash)
    {
        HMacDsaKCalculator nonces = new(new Sha256Digest());
        nonces.Init(Curve.N, _secret, hash);
        BigInteger e = new(1, hash);
        while (true)
        {
            BigInteger k = nonces.NextK();
            ECPoint point = new FixedPointCombMultiplier().Multiply(Curve.G, k).Normalize();
            BigInteger x = point.AffineXCoord.ToBigInteger();
            BigInteger r = x.Mod(Curve.N);
            BigInteger s = k.ModInverse(Curve.N).Multiply(e.Add(_secret.Multiply(r))).Mod(Curve.N);
            // r of a point whose x is beyond the order would need v 29 or 30, which wallets don't know: odds 2^-127.
            if (r.SignValue == 0 || s.SignValue == 0 || x.CompareTo(Curve.N) >= 0)
                continue;
            bool odd = point.AffineYCoord.ToBigInteger().TestBit(0);
            if (s.CompareTo(HalfOrder) > 0)
            {
                s = Curve.N.Subtract(s);
                odd = !odd;
            }
            return [.. To32Bytes(r), .. To32Bytes(s), (byte)(odd ? 28 : 27)];
        }
    }

    private static byte[] To32Bytes(BigInteger value)
    {
        byte[] bytes = value.ToByteArrayUnsigned();
        byte[] padded = new byte[32];
        bytes.CopyTo(padded, 32 - bytes.Length);
        return padded;
    }
}
