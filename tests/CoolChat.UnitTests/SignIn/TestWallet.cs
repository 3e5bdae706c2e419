using CoolChat.User.SignIn;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;

namespace CoolChat.UnitTests.SignIn;

/// <summary>A wallet for tests: signs as wallets do, with the k of RFC 6979 and a low s.</summary>
internal sealed class TestWallet
{
    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("secp256k1");
    private static readonly ECDomainParameters Domain = new(Curve.Curve, Curve.G, Curve.N, Curve.H);

    private readonly BigInteger _key;

    public TestWallet(string privateKey)
    {
        _key = new BigInteger(1, Convert.FromHexString(privateKey));
        byte[] publicKey = Curve.G.Multiply(_key).Normalize().GetEncoded(compressed: false);
        Address = new EthereumAddress(Keccak256.Hash(publicKey.AsSpan(1)).AsSpan(12));
    }

    public static BigInteger Order => Curve.N;

    public EthereumAddress Address { get; }

    public static TestWallet Numbered(int number) => new(number.ToString("x64", System.Globalization.CultureInfo.InvariantCulture));

    public byte[] Sign(string message) => SignHash(EthereumSignature.HashPersonalMessage(message));

    public byte[] SignHash(byte[] hash)
    {
        ECDsaSigner signer = new(new HMacDsaKCalculator(new Sha256Digest()));
        signer.Init(forSigning: true, new ECPrivateKeyParameters(_key, Domain));
        BigInteger[] parts = signer.GenerateSignature(hash);
        BigInteger s = parts[1].CompareTo(Curve.N.ShiftRight(1)) > 0 ? Curve.N.Subtract(parts[1]) : parts[1];
        foreach (byte v in (ReadOnlySpan<byte>)[27, 28])
        {
            byte[] signature = Pack(parts[0], s, v);
            if (EthereumSignature.Recover(hash, signature) is { Ok: true, Value: var address } && address == Address)
                return signature;
        }
        throw new InvalidOperationException("Neither v gives back the signer.");
    }

    public static byte[] Pack(BigInteger r, BigInteger s, byte v)
    {
        byte[] signature = new byte[65];
        r.ToByteArrayUnsigned().CopyTo(signature, 32 - r.GetLengthofByteArrayUnsigned());
        s.ToByteArrayUnsigned().CopyTo(signature, 64 - s.GetLengthofByteArrayUnsigned());
        signature[64] = v;
        return signature;
    }
}
