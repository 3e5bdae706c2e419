using CoolChat.User.SignIn;
using Xunit;

namespace CoolChat.UnitTests.SignIn;

public sealed class EthereumAddressTests
{
    /// <summary>The examples of EIP-55: all capitals, all small, and mixed.</summary>
    [Theory]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7")]
    [InlineData("0x8617E340B3D01FA5F11F306F4090FD50E238070D")]
    [InlineData("0xde709f2102306220921060314715629080e2fb77")]
    [InlineData("0x27b1fdb04752bbc536007a920d24acb045561c26")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359")]
    [InlineData("0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB")]
    [InlineData("0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb")]
    public void ToString_ExampleOfEip55_HasTheChecksum(string checksummed)
    {
        Assert.True(EthereumAddress.TryParse(checksummed, out EthereumAddress address));
        Assert.Equal(checksummed, address.ToString());
        Assert.True(address.HasChecksum(checksummed));
        Assert.True(EthereumAddress.TryParse(address.ToLowerHex(), out EthereumAddress again));
        Assert.Equal(address, again);
        Assert.Equal(address, new EthereumAddress(address.ToBytes()));
    }

    [Theory]
    [InlineData("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")]
    [InlineData("0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed")]
    public void HasChecksum_OtherCapitals_IsFalse(string text)
    {
        Assert.True(EthereumAddress.TryParse(text, out EthereumAddress address));
        Assert.False(address.HasChecksum(text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("0X5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("005aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAedd")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg")]
    [InlineData(" 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeA\u0663\u0663")]
    public void TryParse_NotAnAddress_IsFalse(string? text) => Assert.False(EthereumAddress.TryParse(text, out _));

    [Fact]
    public void Equals_OneBitApart_IsFalse()
    {
        byte[] bytes = [.. Enumerable.Range(1, EthereumAddress.Size).Select(static i => (byte)i)];
        EthereumAddress address = new(bytes);
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            Assert.NotEqual(address, new EthereumAddress(bytes));
            bytes[i] ^= 1;
        }
    }
}
