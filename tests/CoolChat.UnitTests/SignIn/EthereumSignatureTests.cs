using System.Text;
using CoolChat.Contracts.Internal;
using CoolChat.User.SignIn;
using Org.BouncyCastle.Math;
using Xunit;

namespace CoolChat.UnitTests.SignIn;

public sealed class EthereumSignatureTests
{
    private const string Text = "Some data";
    private static readonly TestWallet Wallet = TestWallet.Numbered(7);

    [Theory]
    [InlineData("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    public void Hash_KnownText_IsKeccakNotSha3(string text, string hash) =>
        Assert.Equal(hash, Convert.ToHexStringLower(Keccak256.Hash(Encoding.ASCII.GetBytes(text))));

    /// <summary>Signatures made by other wallets: web3.js' documented example, and one by a hardware wallet whose v begins at 0.</summary>
    [Theory]
    [InlineData(
        Text,
        "b91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd6007e74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a0291c",
        "0x2c7536E3605D9C16a7a3D7b1898e529396a65c23")]
    [InlineData(
        "www.tally.xyz wants you to sign in with your Ethereum account:\n0xc95EB884FE852e241D409234bfC7045CB9E31BD7\n\n" +
        "Sign in with Ethereum to Tally\n\nURI: https://tally.xyz\nVersion: 1\nChain ID: 1\nNonce: 15050747\nIssued At: 2022-06-30T14:08:51.382Z",
        "8c46b6eb8505939892d8e9b075f89f8277321b17b993151f37810cdda38cce6f4a85909d2b53e6a14629c74c0ac38bf4becde78ee5b2529812bf6cceaf7b2a2501",
        "0xc95EB884FE852e241D409234bfC7045CB9E31BD7")]
    public void RecoverPersonalMessage_SignedElsewhere_IsTheSigner(string message, string signature, string signer)
    {
        Result<EthereumAddress> recovered = EthereumSignature.RecoverPersonalMessage(message, Convert.FromHexString(signature));
        Assert.True(recovered.Ok);
        Assert.Equal(signer, recovered.Value.ToString());
    }

    [Fact]
    public void HashPersonalMessage_KnownText_IsTheDocumentedHash() => Assert.Equal(
        "1da44b586eb0729ff70a73c326926f6ed5a25f5b056e7f47fbc6e58d86871655",
        Convert.ToHexStringLower(EthereumSignature.HashPersonalMessage(Text)));

    [Fact]
    public void HashPersonalMessage_NotAscii_CountsBytes()
    {
        const string text = "héllo \u4f60\u597d";
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        byte[] expected = Keccak256.Hash([.. Encoding.ASCII.GetBytes($"\u0019Ethereum Signed Message:\n{utf8.Length}"), .. utf8]);
        Assert.Equal(expected, EthereumSignature.HashPersonalMessage(text));
    }

    [Fact]
    public void RecoverPersonalMessage_ManyKeysAndMessages_IsTheSigner()
    {
        for (int i = 1; i <= 50; i++)
        {
            TestWallet wallet = TestWallet.Numbered(i);
            byte[] signature = wallet.Sign("message " + i);
            Assert.Equal(wallet.Address, EthereumSignature.RecoverPersonalMessage("message " + i, signature).Value);
            Assert.NotEqual(wallet.Address, EthereumSignature.RecoverPersonalMessage("message " + (i + 1), signature).Value);
        }
    }

    [Theory]
    [InlineData(27, 0)]
    [InlineData(28, 1)]
    public void RecoverPersonalMessage_VFromZero_IsTheSameSigner(byte v, byte fromZero)
    {
        int number = Enumerable.Range(1, 100).First(i => Wallet.Sign("m" + i)[64] == v);
        byte[] signature = Wallet.Sign("m" + number);
        signature[64] = fromZero;
        Assert.Equal(Wallet.Address, EthereumSignature.RecoverPersonalMessage("m" + number, signature).Value);
    }

    [Fact]
    public void RecoverPersonalMessage_HighS_IsRefused()
    {
        byte[] signature = Wallet.Sign(Text);
        BigInteger r = new(1, signature[..32]);
        BigInteger s = new(1, signature[32..64]);
        byte[] twin = TestWallet.Pack(r, TestWallet.Order.Subtract(s), (byte)(55 - signature[64]));
        AssertRefused(twin, "upper half");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(26)]
    [InlineData(29)]
    [InlineData(37)]
    [InlineData(255)]
    public void RecoverPersonalMessage_OtherV_IsRefused(byte v)
    {
        byte[] signature = Wallet.Sign(Text);
        signature[64] = v;
        AssertRefused(signature, "(v)");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    [InlineData(66)]
    public void RecoverPersonalMessage_OtherLength_IsRefused(int length) => AssertRefused(new byte[length], "65 bytes");

    [Fact]
    public void RecoverPersonalMessage_ROrSOutOfRange_IsRefused()
    {
        BigInteger[] bad = [BigInteger.Zero, TestWallet.Order, TestWallet.Order.Add(BigInteger.One), BigInteger.One.ShiftLeft(256).Subtract(BigInteger.One)];
        foreach (BigInteger value in bad)
        {
            AssertRefused(TestWallet.Pack(value, BigInteger.One, 27), "range");
            AssertRefused(TestWallet.Pack(BigInteger.One, value, 27), "range");
        }
    }

    [Fact]
    public void RecoverPersonalMessage_RIsNoPoint_IsRefused()
    {
        // x = 5 is on no point of secp256k1: 5^3 + 7 = 132 is not a square.
        AssertRefused(TestWallet.Pack(BigInteger.ValueOf(5), BigInteger.One, 27), "no key");
    }

    [Fact]
    public void RecoverPersonalMessage_AnyBitFlipped_IsNotTheSigner()
    {
        byte[] signature = Wallet.Sign(Text);
        for (int bit = 0; bit < signature.Length * 8; bit++)
        {
            signature[bit / 8] ^= (byte)(1 << (bit % 8));
            Result<EthereumAddress> recovered = EthereumSignature.RecoverPersonalMessage(Text, signature);
            Assert.False(recovered.Ok && recovered.Value == Wallet.Address);
            signature[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("00")]
    [InlineData("0X00")]
    [InlineData("0x0")]
    [InlineData("0x0g")]
    [InlineData("0x 0")]
    [InlineData("0x00 ")]
    [InlineData("0x0\u0660")]
    public void ParseHex_NotHexadecimal_IsRefused(string text) =>
        Assert.Equal(SignInErrors.SignatureInvalid, EthereumSignature.ParseHex(text).Refusal?.Code);

    [Fact]
    public void ParseHex_UpToTheLimit_IsRead()
    {
        Assert.Equal([], EthereumSignature.ParseHex("0x").Value!);
        Assert.Equal([0xab, 0xCD], EthereumSignature.ParseHex("0xabCD").Value!);
        Assert.True(EthereumSignature.ParseHex("0x" + new string('a', 2 * EthereumSignature.MaxSize)).Ok);
        Assert.False(EthereumSignature.ParseHex("0x" + new string('a', 2 + (2 * EthereumSignature.MaxSize))).Ok);
    }

    private static void AssertRefused(byte[] signature, string because)
    {
        Refusal? refusal = EthereumSignature.RecoverPersonalMessage(Text, signature).Refusal;
        Assert.NotNull(refusal);
        Assert.Equal(SignInErrors.SignatureInvalid, refusal.Code);
        Assert.Equal("signature", refusal.Field);
        Assert.Contains(because, refusal.Detail, StringComparison.Ordinal);
    }
}
