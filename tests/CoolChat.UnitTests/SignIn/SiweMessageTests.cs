using CoolChat.Contracts.Internal;
using CoolChat.User.SignIn;
using Xunit;

namespace CoolChat.UnitTests.SignIn;

/// <summary>Each case changes one text in a message that has every field, so that nothing else can be what is refused.</summary>
public sealed class SiweMessageTests
{
    internal const string Full =
        "https://chat.example.com wants you to sign in with your Ethereum account:\n" +
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\n" +
        "\n" +
        "Sign in to CoolChat.\n" +
        "\n" +
        "URI: https://chat.example.com/login\n" +
        "Version: 1\n" +
        "Chain ID: 1\n" +
        "Nonce: a1B2c3D4\n" +
        "Issued At: 2026-01-31T10:20:30.400Z\n" +
        "Expiration Time: 2026-01-31T10:30:30Z\n" +
        "Not Before: 2026-01-31T10:20:00+00:00\n" +
        "Request ID: r-1\n" +
        "Resources:\n" +
        "- https://chat.example.com/terms\n" +
        "- urn:example:2";

    [Fact]
    public void Parse_AllFields_ReadsEach()
    {
        SiweMessage message = Accept(Full);
        Assert.Equal("https", message.Scheme);
        Assert.Equal("chat.example.com", message.Domain);
        Assert.Equal("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", message.Address.ToString());
        Assert.Equal("Sign in to CoolChat.", message.Statement);
        Assert.Equal("https://chat.example.com/login", message.Uri);
        Assert.Equal(1UL, message.ChainId);
        Assert.Equal("a1B2c3D4", message.Nonce);
        Assert.Equal(new DateTimeOffset(2026, 1, 31, 10, 20, 30, 400, TimeSpan.Zero), message.IssuedAt.Instant);
        Assert.Equal(new DateTimeOffset(2026, 1, 31, 10, 30, 30, TimeSpan.Zero), message.ExpirationTime?.Instant);
        Assert.Equal(new DateTimeOffset(2026, 1, 31, 10, 20, 0, TimeSpan.Zero), message.NotBefore?.Instant);
        Assert.Equal("r-1", message.RequestId);
        Assert.Equal(["https://chat.example.com/terms", "urn:example:2"], message.Resources);
    }

    [Fact]
    public void Parse_OnlyRequiredFields_LeavesTheOthersOut()
    {
        SiweMessage message = Accept(
            "chat.example.com wants you to sign in with your Ethereum account:\n0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\n\n\n" +
            "URI: https://chat.example.com\nVersion: 1\nChain ID: 1\nNonce: 12345678\nIssued At: 2026-01-31T10:20:30Z");
        Assert.Null(message.Scheme);
        Assert.Null(message.Statement);
        Assert.Null(message.ExpirationTime);
        Assert.Null(message.NotBefore);
        Assert.Null(message.RequestId);
        Assert.Null(message.Resources);
    }

    [Theory]
    [InlineData("https://chat.example.com wants", "chat.example.com wants")]
    [InlineData("https://chat.example.com wants", "a+b-c.9://chat.example.com wants")]
    [InlineData("chat.example.com wants", "chat.example.com:8443 wants")]
    [InlineData("chat.example.com wants", "chat.example.com: wants")]
    [InlineData("chat.example.com wants", "user:pa%20ss;@chat.example.com wants")]
    [InlineData("chat.example.com wants", "@chat.example.com wants")]
    [InlineData("chat.example.com wants", "127.0.0.1:80 wants")]
    [InlineData("chat.example.com wants", "999.0.0.1 wants")]
    [InlineData("chat.example.com wants", "[::1]:5000 wants")]
    [InlineData("chat.example.com wants", "[::] wants")]
    [InlineData("chat.example.com wants", "[2001:db8:0:0:1:2:3:4] wants")]
    [InlineData("chat.example.com wants", "[1:2:3:4:5:6:7::] wants")]
    [InlineData("chat.example.com wants", "[::2:3:4:5:6:7:8] wants")]
    [InlineData("chat.example.com wants", "[1::3:4:5:6:192.0.2.1] wants")]
    [InlineData("chat.example.com wants", "[1:2:3:4:5:6:192.0.2.255] wants")]
    [InlineData("chat.example.com wants", "[v1F.fe80:a!b] wants")]
    [InlineData("chat.example.com wants", "[V0.x] wants")]
    [InlineData("chat.example.com wants", "ex%41mple!$&'()*+,;= wants")]
    [InlineData("Sign in to CoolChat.\n", "")]
    [InlineData("Sign in to CoolChat.", "")]
    [InlineData("Sign in to CoolChat.", " ")]
    [InlineData("Sign in to CoolChat.", "az AZ 09 -._~ :/?#[]@ !$&'()*+,;=")]
    [InlineData("Sign in to CoolChat.", "URI: https://chat.example.com/login")]
    [InlineData("Sign in to CoolChat.", "Version: 1")]
    [InlineData("https://chat.example.com/login", "a:")]
    [InlineData("https://chat.example.com/login", "a+b-c.9:rootless/path//with:colon@and%2F?q=/?&r#f/?")]
    [InlineData("https://chat.example.com/login", "urn:isbn:0451450523")]
    [InlineData("https://chat.example.com/login", "file:///etc")]
    [InlineData("https://chat.example.com/login", "a:/")]
    [InlineData("https://chat.example.com/login", "a:/b//c")]
    [InlineData("https://chat.example.com/login", "http://u:p@[::1]:99999/x//y?q#f")]
    [InlineData("https://chat.example.com/login", "http://h?q")]
    [InlineData("https://chat.example.com/login", "did:key:z6Mk")]
    [InlineData("Chain ID: 1", "Chain ID: 0")]
    [InlineData("Chain ID: 1", "Chain ID: 000")]
    [InlineData("Chain ID: 1", "Chain ID: 0011155111")]
    [InlineData("Chain ID: 1", "Chain ID: 18446744073709551615")]
    [InlineData("a1B2c3D4", "00000000")]
    [InlineData("a1B2c3D4", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")]
    [InlineData("2026-01-31T10:20:30.400Z", "2026-01-31T10:20:30.123456789012345678901234567890Z")]
    [InlineData("2026-01-31T10:20:30.400Z", "2026-01-31t10:20:30z")]
    [InlineData("2026-01-31T10:20:30.400Z", "2026-01-31T10:20:30-00:00")]
    [InlineData("2026-01-31T10:20:30.400Z", "2026-01-31T10:20:30+23:59")]
    [InlineData("2026-01-31T10:20:30.400Z", "2024-02-29T00:00:00Z")]
    [InlineData("2026-01-31T10:20:30.400Z", "2016-12-31T23:59:60Z")]
    [InlineData("2026-01-31T10:20:30.400Z", "2017-01-01T00:59:60+01:00")]
    [InlineData("2026-01-31T10:20:30.400Z", "0000-02-29T00:00:00Z")]
    [InlineData("2026-01-31T10:20:30.400Z", "9999-12-31T23:59:59-23:59")]
    [InlineData("Request ID: r-1", "Request ID: ")]
    [InlineData("Request ID: r-1", "Request ID: aZ0-._~!$&'()*+,;=:@%2f")]
    [InlineData("Expiration Time: 2026-01-31T10:30:30Z\n", "")]
    [InlineData("Not Before: 2026-01-31T10:20:00+00:00\n", "")]
    [InlineData("Request ID: r-1\n", "")]
    [InlineData("\n- https://chat.example.com/terms\n- urn:example:2", "")]
    [InlineData("\nResources:\n- https://chat.example.com/terms\n- urn:example:2", "")]
    public void Parse_AllowedByTheGrammar_RoundTrips(string part, string replacement)
    {
        string text = Replace(part, replacement);
        Assert.Equal(text, Accept(text).ToMessage());
    }

    [Theory]
    // The first line
    [InlineData(" wants you", " wants You", SignInErrors.Preamble, "message")]
    [InlineData("account:\n", "account: \n", SignInErrors.Preamble, "message")]
    [InlineData("account:\n", "account\n", SignInErrors.Preamble, "message")]
    [InlineData("https://chat", "://chat", SignInErrors.SchemeInvalid, "message.scheme")]
    [InlineData("https://chat", "1s://chat", SignInErrors.SchemeInvalid, "message.scheme")]
    [InlineData("https://chat", "ht_tp://chat", SignInErrors.SchemeInvalid, "message.scheme")]
    [InlineData("https://chat", "\nhttps://chat", SignInErrors.Preamble, "message")]
    [InlineData("https://chat.example.com wants", " wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", " wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", ":443 wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "user@ wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "#example wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "chat.example.com/ wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "chat.example.com:80a wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "chat.example.com  wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "a@b@c wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "ex%4mple wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "ex%4 wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "b\u00fccher.example wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "chat\u0000.example wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "::1 wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "[] wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "[::1 wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "[::1]x wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "[::1%25eth0] wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "[:::1] wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "[1::2::3] wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "[1:2:3:4:5:6:7] wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "[1:2:3:4:5:6:7:8:9] wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "[1:2:3:4::5:6:7:8] wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "[12345::] wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "[g::] wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "[1.2.3.4::] wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "[::1.2.3] wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "[::1.2.3.256] wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "[::1.2.3.04] wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "[v.x] wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "[v1.] wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "[v1x] wants", SignInErrors.DomainInvalid, "message.domain")]
    [InlineData("chat.example.com wants", "[vg.x] wants", SignInErrors.DomainInvalid, "message.domain")]
    // The address
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\n", "\n", SignInErrors.AddressInvalid, "message.address")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "chat.eth", SignInErrors.AddressInvalid, "message.address")]
    [InlineData("0x5aAeb6053F", "0X5aAeb6053F", SignInErrors.AddressInvalid, "message.address")]
    [InlineData("BeAed\n", "BeAe\n", SignInErrors.AddressInvalid, "message.address")]
    [InlineData("BeAed\n", "BeAed \n", SignInErrors.AddressInvalid, "message.address")]
    [InlineData("BeAed\n", "BeAeD\n", SignInErrors.AddressChecksum, "message.address")]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", SignInErrors.AddressChecksum, "message.address")]
    [InlineData("BeAed\n\n", "BeAed\n", SignInErrors.BlankLine, "message.address")]
    [InlineData("BeAed\n\n", "BeAed\n \n", SignInErrors.BlankLine, "message.address")]
    // The statement
    [InlineData("CoolChat.\n\n", "CoolChat.\n", SignInErrors.BlankLine, "message.statement")]
    [InlineData("to CoolChat", "to\nCoolChat", SignInErrors.BlankLine, "message.statement")]
    [InlineData("Sign in to CoolChat.\n\n", "", SignInErrors.BlankLine, "message.statement")]
    [InlineData("CoolChat.", "\"CoolChat\"", SignInErrors.StatementInvalid, "message.statement")]
    [InlineData("CoolChat.", "100%", SignInErrors.StatementInvalid, "message.statement")]
    [InlineData("CoolChat.", "<CoolChat>", SignInErrors.StatementInvalid, "message.statement")]
    [InlineData("CoolChat.", "Cool\\Chat", SignInErrors.StatementInvalid, "message.statement")]
    [InlineData("CoolChat.", "Cool\tChat", SignInErrors.StatementInvalid, "message.statement")]
    [InlineData("CoolChat.", "Cool\u0000Chat", SignInErrors.StatementInvalid, "message.statement")]
    [InlineData("CoolChat.", "C\u00f6\u00f6lChat", SignInErrors.StatementInvalid, "message.statement")]
    [InlineData("CoolChat.", "\ud83d\ude00", SignInErrors.StatementInvalid, "message.statement")]
    [InlineData("CoolChat.", "\ud83d", SignInErrors.StatementInvalid, "message.statement")]
    // Fields that are missing, misplaced, repeated or of another name
    [InlineData("URI: https://chat.example.com/login\n", "", SignInErrors.FieldMissing, "message.uri")]
    [InlineData("URI: https://chat.example.com/login\n", "\n", SignInErrors.FieldMissing, "message.uri")]
    [InlineData("Version: 1\n", "", SignInErrors.FieldMissing, "message.version")]
    [InlineData("Chain ID: 1\n", "", SignInErrors.FieldMissing, "message.chainId")]
    [InlineData("Nonce: a1B2c3D4\n", "", SignInErrors.FieldMissing, "message.nonce")]
    [InlineData("Issued At: 2026-01-31T10:20:30.400Z\n", "", SignInErrors.FieldMissing, "message.issuedAt")]
    [InlineData("Chain ID: 1", "chain id: 1", SignInErrors.FieldMissing, "message.chainId")]
    [InlineData("Chain ID: 1", "Chain ID:1", SignInErrors.FieldMissing, "message.chainId")]
    [InlineData("Chain ID: 1", " Chain ID: 1", SignInErrors.FieldMissing, "message.chainId")]
    [InlineData("URI: https://chat.example.com/login\nVersion: 1", "Version: 1\nURI: https://chat.example.com/login", SignInErrors.FieldOrder, "message.uri")]
    [InlineData("Version: 1\nChain ID: 1", "Chain ID: 1\nVersion: 1", SignInErrors.FieldOrder, "message.version")]
    [InlineData("Chain ID: 1\nNonce: a1B2c3D4", "Nonce: a1B2c3D4\nChain ID: 1", SignInErrors.FieldOrder, "message.chainId")]
    [InlineData("Request ID: r-1\nResources:", "Resources:\nRequest ID: r-1", SignInErrors.FieldOrder, "message.requestId")]
    [InlineData("\n- urn:example:2", "\n- urn:example:2\nNot Before: 2026-01-31T10:20:00Z", SignInErrors.FieldRepeated, "message.notBefore")]
    [InlineData("Version: 1\n", "Version: 1\nVersion: 1\n", SignInErrors.FieldRepeated, "message.version")]
    [InlineData("Request ID: r-1", "Request ID: r-1\nRequest ID: r-2", SignInErrors.FieldRepeated, "message.requestId")]
    [InlineData("\n- urn:example:2", "\n- urn:example:2\nResources:", SignInErrors.FieldRepeated, "message.resources")]
    [InlineData("\n- urn:example:2", "\n- urn:example:2\n", SignInErrors.Trailing, "message")]
    [InlineData("\n- urn:example:2", "\n- urn:example:2\n\n", SignInErrors.Trailing, "message")]
    [InlineData("Request ID: r-1", "Request ID:", SignInErrors.Trailing, "message")]
    [InlineData("Request ID: r-1", "Extra: r-1", SignInErrors.Trailing, "message")]
    [InlineData("Resources:", "Resources: ", SignInErrors.Trailing, "message")]
    [InlineData("\n- urn:example:2", "\n-urn:example:2", SignInErrors.Trailing, "message")]
    [InlineData("\n", "\r\n", SignInErrors.LineEnding, "message")]
    [InlineData("CoolChat.", "Cool\rChat.", SignInErrors.LineEnding, "message")]
    // Values
    [InlineData("https://chat.example.com/login", "", SignInErrors.UriInvalid, "message.uri")]
    [InlineData("https://chat.example.com/login", "/login", SignInErrors.UriInvalid, "message.uri")]
    [InlineData("https://chat.example.com/login", ":no_scheme", SignInErrors.UriInvalid, "message.uri")]
    [InlineData("https://chat.example.com/login", "https://chat.example.com/lo gin", SignInErrors.UriInvalid, "message.uri")]
    [InlineData("https://chat.example.com/login", "https://chat.example.com/l%6", SignInErrors.UriInvalid, "message.uri")]
    [InlineData("https://chat.example.com/login", "https://chat.example.com/[", SignInErrors.UriInvalid, "message.uri")]
    [InlineData("https://chat.example.com/login", "https://chat.example.com/?q=[", SignInErrors.UriInvalid, "message.uri")]
    [InlineData("https://chat.example.com/login", "https://chat.example.com/#a#b", SignInErrors.UriInvalid, "message.uri")]
    [InlineData("https://chat.example.com/login", "https://chat.example.com:8o/", SignInErrors.UriInvalid, "message.uri")]
    [InlineData("https://chat.example.com/login", "https://[::1/", SignInErrors.UriInvalid, "message.uri")]
    [InlineData("https://chat.example.com/login", "https://chat.example.com/\u00e9", SignInErrors.UriInvalid, "message.uri")]
    [InlineData("https://chat.example.com/login", "https://chat.example.com/<", SignInErrors.UriInvalid, "message.uri")]
    [InlineData("Version: 1", "Version: 2", SignInErrors.VersionUnsupported, "message.version")]
    [InlineData("Version: 1", "Version: 01", SignInErrors.VersionUnsupported, "message.version")]
    [InlineData("Version: 1", "Version: ", SignInErrors.VersionUnsupported, "message.version")]
    [InlineData("Chain ID: 1", "Chain ID: ", SignInErrors.ChainIdInvalid, "message.chainId")]
    [InlineData("Chain ID: 1", "Chain ID: -1", SignInErrors.ChainIdInvalid, "message.chainId")]
    [InlineData("Chain ID: 1", "Chain ID: +1", SignInErrors.ChainIdInvalid, "message.chainId")]
    [InlineData("Chain ID: 1", "Chain ID: 0x1", SignInErrors.ChainIdInvalid, "message.chainId")]
    [InlineData("Chain ID: 1", "Chain ID: 1 ", SignInErrors.ChainIdInvalid, "message.chainId")]
    [InlineData("Chain ID: 1", "Chain ID: 1\0", SignInErrors.ChainIdInvalid, "message.chainId")]
    [InlineData("Chain ID: 1", "Chain ID: \u0661", SignInErrors.ChainIdInvalid, "message.chainId")]
    [InlineData("Chain ID: 1", "Chain ID: 18446744073709551616", SignInErrors.ChainIdInvalid, "message.chainId")]
    [InlineData("a1B2c3D4", "", SignInErrors.NonceInvalid, "message.nonce")]
    [InlineData("a1B2c3D4", "1234567", SignInErrors.NonceInvalid, "message.nonce")]
    [InlineData("a1B2c3D4", "1234-5678", SignInErrors.NonceInvalid, "message.nonce")]
    [InlineData("a1B2c3D4", "1234567\u0668", SignInErrors.NonceInvalid, "message.nonce")]
    [InlineData("a1B2c3D4", "12345678 ", SignInErrors.NonceInvalid, "message.nonce")]
    [InlineData("2026-01-31T10:20:30.400Z", "", SignInErrors.IssuedAtInvalid, "message.issuedAt")]
    [InlineData("2026-01-31T10:20:30.400Z", "Wed Oct 05 2011 16:48:00 GMT+0200", SignInErrors.IssuedAtInvalid, "message.issuedAt")]
    [InlineData("2026-01-31T10:20:30.400Z", "2026-01-31", SignInErrors.IssuedAtInvalid, "message.issuedAt")]
    [InlineData("2026-01-31T10:20:30.400Z", "2026-01-31 10:20:30Z", SignInErrors.IssuedAtInvalid, "message.issuedAt")]
    [InlineData("2026-01-31T10:20:30.400Z", "2026-01-31T10:20:30", SignInErrors.IssuedAtInvalid, "message.issuedAt")]
    [InlineData("2026-01-31T10:20:30.400Z", "2026-01-31T10:20Z", SignInErrors.IssuedAtInvalid, "message.issuedAt")]
    [InlineData("2026-01-31T10:20:30.400Z", "2026-01-31T10:20:30.Z", SignInErrors.IssuedAtInvalid, "message.issuedAt")]
    [InlineData("2026-01-31T10:20:30.400Z", "2026-01-31T10:20:30,4Z", SignInErrors.IssuedAtInvalid, "message.issuedAt")]
    [InlineData("2026-01-31T10:20:30.400Z", "2026-02-29T10:20:30Z", SignInErrors.IssuedAtInvalid, "message.issuedAt")]
    [InlineData("2026-01-31T10:20:30.400Z", "2026-13-01T10:20:30Z", SignInErrors.IssuedAtInvalid, "message.issuedAt")]
    [InlineData("2026-01-31T10:20:30.400Z", "2026-00-01T10:20:30Z", SignInErrors.IssuedAtInvalid, "message.issuedAt")]
    [InlineData("2026-01-31T10:20:30.400Z", "2026-01-00T10:20:30Z", SignInErrors.IssuedAtInvalid, "message.issuedAt")]
    [InlineData("2026-01-31T10:20:30.400Z", "2026-01-31T24:00:00Z", SignInErrors.IssuedAtInvalid, "message.issuedAt")]
    [InlineData("2026-01-31T10:20:30.400Z", "2026-01-31T10:60:00Z", SignInErrors.IssuedAtInvalid, "message.issuedAt")]
    [InlineData("2026-01-31T10:20:30.400Z", "2026-01-31T10:20:61Z", SignInErrors.IssuedAtInvalid, "message.issuedAt")]
    [InlineData("2026-01-31T10:20:30.400Z", "2026-01-31T10:20:60Z", SignInErrors.IssuedAtInvalid, "message.issuedAt")]
    [InlineData("2026-01-31T10:20:30.400Z", "2026-01-31T10:20:30+24:00", SignInErrors.IssuedAtInvalid, "message.issuedAt")]
    [InlineData("2026-01-31T10:20:30.400Z", "2026-01-31T10:20:30+0100", SignInErrors.IssuedAtInvalid, "message.issuedAt")]
    [InlineData("2026-01-31T10:20:30.400Z", "2026-01-31T10:20:30ZZ", SignInErrors.IssuedAtInvalid, "message.issuedAt")]
    [InlineData("2026-01-31T10:20:30.400Z", "12026-01-31T10:20:30Z", SignInErrors.IssuedAtInvalid, "message.issuedAt")]
    [InlineData("2026-01-31T10:30:30Z", "2026-02-31T10:30:30Z", SignInErrors.ExpirationTimeInvalid, "message.expirationTime")]
    [InlineData("2026-01-31T10:30:30Z", "never", SignInErrors.ExpirationTimeInvalid, "message.expirationTime")]
    [InlineData("2026-01-31T10:20:00+00:00", "", SignInErrors.NotBeforeInvalid, "message.notBefore")]
    [InlineData("2026-01-31T10:20:00+00:00", "2026-01-31T10:20:00+00", SignInErrors.NotBeforeInvalid, "message.notBefore")]
    [InlineData("r-1", "a/b", SignInErrors.RequestIdInvalid, "message.requestId")]
    [InlineData("r-1", "a b", SignInErrors.RequestIdInvalid, "message.requestId")]
    [InlineData("r-1", "%zz", SignInErrors.RequestIdInvalid, "message.requestId")]
    [InlineData("r-1", "\u00fc", SignInErrors.RequestIdInvalid, "message.requestId")]
    [InlineData("- https://chat.example.com/terms", "- ", SignInErrors.ResourceInvalid, "message.resources[0]")]
    [InlineData("- https://chat.example.com/terms", "- https://chat.example.com/a - https://b", SignInErrors.ResourceInvalid, "message.resources[0]")]
    [InlineData("- urn:example:2", "- :no_scheme", SignInErrors.ResourceInvalid, "message.resources[1]")]
    [InlineData("- urn:example:2", "-  urn:example:2", SignInErrors.ResourceInvalid, "message.resources[1]")]
    public void Parse_AgainstTheGrammar_NamesWhatIsWrong(string part, string replacement, string code, string field) =>
        AssertRefused(Replace(part, replacement), code, field);

    [Theory]
    [InlineData("", SignInErrors.Preamble)]
    [InlineData("\n", SignInErrors.Preamble)]
    [InlineData("hello", SignInErrors.Preamble)]
    [InlineData("a wants you to sign in with your Ethereum account:", SignInErrors.AddressInvalid)]
    [InlineData("a wants you to sign in with your Ethereum account:\n0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", SignInErrors.BlankLine)]
    [InlineData("a wants you to sign in with your Ethereum account:\n0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\n", SignInErrors.BlankLine)]
    [InlineData("a wants you to sign in with your Ethereum account:\n0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\n\n", SignInErrors.BlankLine)]
    [InlineData("a wants you to sign in with your Ethereum account:\n0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\n\n\n", SignInErrors.FieldMissing)]
    public void Parse_CutShort_IsRefused(string text, string code)
    {
        Refusal? refusal = SiweMessage.Parse(text).Refusal;
        Assert.NotNull(refusal);
        Assert.Equal(code, refusal.Code);
    }

    [Fact]
    public void Parse_EachPrefix_IsRefusedOrAWholeMessage()
    {
        for (int length = 0; length < Full.Length; length++)
        {
            Result<SiweMessage> result = SiweMessage.Parse(Full[..length]);
            if (result.Ok)
                Assert.Equal(Full[..length], result.Value.ToMessage());
        }
    }

    [Fact]
    public void Parse_AtTheLimit_IsReadAndOneMoreIsRefused()
    {
        string longest = Full + new string('x', SiweMessage.MaxLength - Full.Length);
        Assert.Equal(longest, Accept(longest).ToMessage());
        AssertRefused(longest + "x", SignInErrors.MessageTooLong, "message");
    }

    [Fact]
    public void Parse_EmptyStatement_IsNotNoStatement()
    {
        Assert.Equal("", Accept(Replace("Sign in to CoolChat.", "")).Statement);
        Assert.Null(Accept(Replace("Sign in to CoolChat.\n", "")).Statement);
    }

    [Theory]
    [InlineData("2026-01-31T10:20:30.1234567899Z", "2026-01-31T10:20:30.1234567Z")]
    [InlineData("2026-01-31T10:20:30-02:00", "2026-01-31T12:20:30.0000000Z")]
    [InlineData("2026-01-31T00:20:30+23:59", "2026-01-30T00:21:30.0000000Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.0000000Z")]
    [InlineData("0000-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000Z")]
    [InlineData("9999-12-31T23:59:59-23:59", "9999-12-31T23:59:59.9999999Z")]
    public void Rfc3339Time_Parsed_IsTheInstant(string text, string utc)
    {
        Assert.True(Rfc3339Time.TryParse(text, out Rfc3339Time time));
        Assert.Equal(utc, time.Instant.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", System.Globalization.CultureInfo.InvariantCulture));
    }

    private static string Replace(string part, string replacement)
    {
        Assert.Contains(part, Full, StringComparison.Ordinal);
        return Full.Replace(part, replacement, StringComparison.Ordinal);
    }

    private static SiweMessage Accept(string text)
    {
        Result<SiweMessage> result = SiweMessage.Parse(text);
        Assert.True(result.Ok, result.Refusal?.ToString());
        return result.Value;
    }

    private static void AssertRefused(string text, string code, string field)
    {
        Refusal? refusal = SiweMessage.Parse(text).Refusal;
        Assert.NotNull(refusal);
        Assert.Equal((code, field), (refusal.Code, refusal.Field));
        Assert.Equal(400, refusal.Status);
    }
}
