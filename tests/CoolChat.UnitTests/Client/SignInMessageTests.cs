using CoolChat.Client;
using Xunit;

namespace CoolChat.UnitTests.Client;

public sealed class SignInMessageTests
{
    private static readonly SignInMessage Minimal = new()
    {
        Domain = "example.com:8443",
        Address = "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2",
        Uri = "https://example.com:8443",
        Nonce = "32891756abcdef",
        IssuedAt = new DateTimeOffset(2026, 9, 30, 16, 25, 24, TimeSpan.Zero),
    };

    [Fact]
    public void ToString_WithoutOptionalFields_HasTheTwoEmptyLinesOfTheAbnf() => Assert.Equal(
        """
        example.com:8443 wants you to sign in with your Ethereum account:
        0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2


        URI: https://example.com:8443
        Version: 1
        Chain ID: 1
        Nonce: 32891756abcdef
        Issued At: 2026-09-30T16:25:24.000Z
        """,
        Minimal.ToString());

    [Fact]
    public void ToString_WithEveryField_KeepsTheOrderOfTheAbnf() => Assert.Equal(
        """
        example.com:8443 wants you to sign in with your Ethereum account:
        0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2

        Sign in.

        URI: https://example.com:8443
        Version: 1
        Chain ID: 137
        Nonce: 32891756abcdef
        Issued At: 2026-09-30T16:25:24.000Z
        Expiration Time: 2026-09-30T16:30:24.000Z
        Not Before: 2026-09-30T16:24:24.000Z
        Request ID: 7
        Resources:
        - https://example.com/terms
        - ipfs://abc
        """,
        (Minimal with
        {
            Statement = "Sign in.",
            ChainId = 137,
            ExpirationTime = Minimal.IssuedAt.AddMinutes(5),
            NotBefore = Minimal.IssuedAt.AddMinutes(-1),
            RequestId = "7",
            Resources = ["https://example.com/terms", "ipfs://abc"],
        }).ToString());
}
