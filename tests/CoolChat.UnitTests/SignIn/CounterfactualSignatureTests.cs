using CoolChat.UnitTests.SignIn.Evm;
using CoolChat.User.SignIn;
using Xunit;

namespace CoolChat.UnitTests.SignIn;

public sealed class CounterfactualSignatureTests
{
    private static readonly EthereumAddress Factory = TestWallet.Numbered(3).Address;
    private static readonly byte[] Good = TestContracts.Wrap(Factory, [1, 2, 3], [.. Enumerable.Range(0, 65).Select(static i => (byte)i)]);

    [Fact]
    public void Parse_WellFormed_ReadsItsParts()
    {
        CounterfactualSignature? parsed = CounterfactualSignature.Parse(Good);
        Assert.NotNull(parsed);
        Assert.Equal(Factory, parsed.Factory);
        Assert.Equal([1, 2, 3], parsed.FactoryCall.ToArray());
        Assert.Equal(65, parsed.Signature.Length);
        Assert.Equal(64, parsed.Signature.Span[64]);
    }

    [Fact]
    public void IsOne_WithoutTheMagicBytes_IsFalse()
    {
        Assert.True(CounterfactualSignature.IsOne(Good));
        Assert.False(CounterfactualSignature.IsOne(Good.AsSpan(0, Good.Length - 1)));
        Assert.False(CounterfactualSignature.IsOne([]));
    }

    /// <summary>The first word of three is the address, then come two offsets; at an offset stands a length.</summary>
    [Theory]
    [InlineData(0, "01")]
    [InlineData(11, "ff")]
    [InlineData(32, "80")]
    [InlineData(60, "7fffffff")]
    [InlineData(60, "ffffffff")]
    [InlineData(60, "00000fff")]
    [InlineData(92, "7fffffe0")]
    [InlineData(64, "01")]
    [InlineData(124, "7fffffff")]
    [InlineData(124, "00000fff")]
    [InlineData(96, "01")]
    public void Parse_OutOfItsOwnBounds_IsNull(int at, string bytes)
    {
        byte[] bad = [.. Good];
        Convert.FromHexString(bytes).CopyTo(bad, at);
        Assert.Null(CounterfactualSignature.Parse(bad));
    }

    [Fact]
    public void Parse_AnyLengthAndAnyByteChanged_NeverThrows()
    {
        for (int length = 0; length < Good.Length - 32; length++)
            CounterfactualSignature.Parse((byte[])[.. Good.AsSpan(0, length), .. TestContracts.MagicSuffix]);
        for (int i = 0; i < Good.Length; i++)
        {
            byte[] changed = [.. Good];
            changed[i] ^= 0xff;
            CounterfactualSignature.Parse(changed);
        }
    }
}
