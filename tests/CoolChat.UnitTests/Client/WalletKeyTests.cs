using CoolChat.Client;
using Xunit;

namespace CoolChat.UnitTests.Client;

public sealed class WalletKeyTests
{
    // The example of web3.js's documentation: accounts.sign('Some data', ...).
    private const string Secret = "0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318";

    [Fact]
    public void Address_OfAKnownKey_HasItsChecksum() =>
        Assert.Equal("0x2c7536E3605D9C16a7a3D7b1898e529396a65c23", WalletKey.FromHex(Secret).Address);

    [Fact]
    public void SignMessage_OfAKnownKey_IsTheSignatureOtherWalletsMake() => Assert.Equal(
        "0xb91467e570a6466aa9e9876cbcd013baba02900b8979d43fe208a4a4f339f5fd6007e74cd82e037b800186422fc2da167c747ef045e5d18a5f5d4300f8e1a0291c",
        WalletKey.FromHex(Secret).SignMessage("Some data"));

    [Fact]
    public void ToHex_OfANewKey_ReadsBackTheSame()
    {
        WalletKey key = WalletKey.Create();
        Assert.Equal(key.Address, WalletKey.FromHex(key.ToHex()).Address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x1234")]
    [InlineData("0xzz0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318")]
    public void FromHex_NotSixtyFourHexDigits_Throws(string hex) => Assert.Throws<FormatException>(() => WalletKey.FromHex(hex));

    [Theory]
    [InlineData("0x0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")]
    public void FromHex_OutsideTheGroup_Throws(string hex) => Assert.Throws<ArgumentException>(() => WalletKey.FromHex(hex));

    // The examples of EIP-55.
    [Theory]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    public void Checksum_OfTheExamplesOfEip55_IsTheirs(string address) =>
        Assert.Equal(address, EthereumAddress.Checksum(address[2..].ToLowerInvariant()));
}
