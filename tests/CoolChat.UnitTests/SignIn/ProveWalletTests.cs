using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;
using CoolChat.User.SignIn;
using Xunit;

namespace CoolChat.UnitTests.SignIn;

public sealed class ProveWalletTests(SignInHost host) : IClassFixture<SignInHost>
{
    private static readonly TestWallet Wallet = TestWallet.Numbered(11);

    [Fact]
    public async Task VerifyAsync_GoodMessage_IsTheWallet()
    {
        Result<WalletId> proven = await host.ProveAsync(host.Message(Wallet.Address), Wallet);
        Assert.True(proven.Ok, proven.Refusal?.ToString());
        Assert.Equal(new WalletId(Wallet.Address.ToString()), proven.Value);
    }

    [Theory]
    [InlineData("chat.example.com", "https://chat.example.com/login?a#b", null)]
    [InlineData("CHAT.example.com", "HTTPS://Chat.Example.Com", null)]
    [InlineData("chat.example.com:443", "https://chat.example.com:/", "https")]
    [InlineData("chat.example.com", "https://chat.example.com:0443/", "HTTPS")]
    public async Task VerifyAsync_SameOriginInOtherWords_IsTaken(string domain, string uri, string? scheme) =>
        Assert.Null(await RefusedFor(message => message with { Domain = domain, Uri = uri, Scheme = scheme }));

    [Theory]
    [InlineData("evil.example", SignInErrors.DomainNotAllowed)]
    [InlineData("chat.example.com.evil.example", SignInErrors.DomainNotAllowed)]
    [InlineData("xchat.example.com", SignInErrors.DomainNotAllowed)]
    [InlineData("chat.example.com:8443", SignInErrors.DomainNotAllowed)]
    [InlineData("chat.example.com:80", SignInErrors.DomainNotAllowed)]
    [InlineData("chat.example.com:4294967739", SignInErrors.DomainNotAllowed)]
    [InlineData("user@chat.example.com", SignInErrors.DomainNotAllowed)]
    [InlineData("chat.example.com.", SignInErrors.DomainNotAllowed)]
    [InlineData("ch%61t.example.com", SignInErrors.DomainNotAllowed)]
    [InlineData("localhost", SignInErrors.DomainNotAllowed)]
    public async Task VerifyAsync_OtherDomain_IsRefused(string domain, string code)
    {
        Refusal? refusal = await RefusedFor(message => message with { Domain = domain });
        Assert.Equal((code, "message.domain"), (refusal?.Code, refusal?.Field));
        Assert.Contains("Auth:PublicOrigins", refusal?.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("ftp")]
    [InlineData("httpss")]
    public async Task VerifyAsync_OtherScheme_IsRefused(string scheme)
    {
        Refusal? refusal = await RefusedFor(message => message with { Scheme = scheme });
        Assert.Equal((SignInErrors.SchemeNotAllowed, "message.scheme"), (refusal?.Code, refusal?.Field));
    }

    [Theory]
    [InlineData("http://chat.example.com")]
    [InlineData("https://evil.example/https://chat.example.com")]
    [InlineData("https://chat.example.com@evil.example")]
    [InlineData("https://user@chat.example.com")]
    [InlineData("https://chat.example.com:8443")]
    [InlineData("https:chat.example.com")]
    [InlineData("https:///chat.example.com")]
    [InlineData("urn:chat.example.com")]
    public async Task VerifyAsync_OtherUri_IsRefused(string uri)
    {
        Refusal? refusal = await RefusedFor(message => message with { Uri = uri });
        Assert.Equal((SignInErrors.UriNotAllowed, "message.uri"), (refusal?.Code, refusal?.Field));
    }

    [Fact]
    public async Task VerifyAsync_DomainOfOneSiteAndUriOfAnother_IsRefused()
    {
        await using SignInHost two = await SignInHost.StartAsync("--Auth:PublicOrigins:0=https://a.example", "--Auth:PublicOrigins:1=https://b.example");
        SiweMessage message = two.Message(Wallet.Address) with { Domain = "a.example", Uri = "https://b.example" };
        Assert.Equal(SignInErrors.UriNotAllowed, (await two.ProveAsync(message, Wallet)).Refusal?.Code);
        message = two.Message(Wallet.Address) with { Domain = "b.example", Uri = "https://b.example" };
        Assert.True((await two.ProveAsync(message, Wallet)).Ok);
    }

    /// <summary>Seconds from now; null where all is well. The clock's allowance is five minutes, the nonce's life ten.</summary>
    [Theory]
    [InlineData(0, null, null, null)]
    [InlineData(300, null, null, null)]
    [InlineData(301, null, null, SignInErrors.IssuedInFuture)]
    [InlineData(-900, null, null, null)]
    [InlineData(-901, null, null, SignInErrors.IssuedTooLongAgo)]
    [InlineData(0, 1, null, null)]
    [InlineData(0, 0, null, SignInErrors.Expired)]
    [InlineData(0, -1, null, SignInErrors.Expired)]
    [InlineData(0, null, 300, null)]
    [InlineData(0, null, 301, SignInErrors.NotYetValid)]
    [InlineData(0, null, -5, null)]
    public async Task VerifyAsync_Times_AreHeldAgainstTheClock(int issued, int? expiration, int? notBefore, string? code)
    {
        Refusal? refusal = await RefusedFor(message => message with
        {
            IssuedAt = In(issued),
            ExpirationTime = expiration is { } e ? In(e) : null,
            NotBefore = notBefore is { } n ? In(n) : null,
        });
        Assert.Equal(code, refusal?.Code);
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z", SignInErrors.IssuedTooLongAgo)]
    [InlineData("9999-12-31T23:59:59-23:59", SignInErrors.IssuedInFuture)]
    public async Task VerifyAsync_TimesAtTheEndsOfTheCalendar_AreRefused(string text, string code)
    {
        Assert.True(Rfc3339Time.TryParse(text, out Rfc3339Time time));
        Assert.Equal(code, (await RefusedFor(message => message with { IssuedAt = time }))?.Code);
    }

    [Fact]
    public async Task VerifyAsync_ChainNotAllowed_IsRefused()
    {
        await using SignInHost two = await SignInHost.StartAsync("--Auth:PublicOrigins:0=" + SignInHost.Site, "--Auth:ChainIds:0=1", "--Auth:ChainIds:1=10");
        Assert.True((await two.ProveAsync(two.Message(Wallet.Address, chainId: 10), Wallet)).Ok);
        Refusal? refusal = (await two.ProveAsync(two.Message(Wallet.Address, chainId: 137), Wallet)).Refusal;
        Assert.Equal((SignInErrors.ChainNotAllowed, "message.chainId"), (refusal?.Code, refusal?.Field));
    }

    [Fact]
    public async Task VerifyAsync_Replayed_IsRefused()
    {
        string text = host.Message(Wallet.Address).ToMessage();
        Assert.True((await host.ProveAsync(text, Wallet.Sign(text))).Ok);
        Assert.Equal(SignInErrors.NonceUsed, (await host.ProveAsync(text, Wallet.Sign(text))).Refusal?.Code);
    }

    [Fact]
    public async Task VerifyAsync_RefusedForTheSignature_HasConsumedTheNonce()
    {
        string text = host.Message(Wallet.Address).ToMessage();
        Assert.Equal(SignInErrors.SignatureInvalid, (await host.ProveAsync(text, new byte[65])).Refusal?.Code);
        Assert.Equal(SignInErrors.NonceUsed, (await host.ProveAsync(text, Wallet.Sign(text))).Refusal?.Code);
    }

    [Fact]
    public async Task VerifyAsync_SomebodyElsesSignature_IsRefused()
    {
        Refusal? refusal = (await host.ProveAsync(host.Message(Wallet.Address), TestWallet.Numbered(12))).Refusal;
        Assert.Equal((SignInErrors.SignatureInvalid, "signature", 401), (refusal?.Code, refusal?.Field, refusal?.Status));
    }

    [Fact]
    public async Task VerifyAsync_SignatureOfAnotherMessage_IsRefused()
    {
        SiweMessage message = host.Message(Wallet.Address);
        byte[] signature = Wallet.Sign((message with { Statement = "Something else." }).ToMessage());
        Assert.Equal(SignInErrors.SignatureInvalid, (await host.ProveAsync(message.ToMessage(), signature)).Refusal?.Code);
    }

    [Fact]
    public async Task VerifyAsync_NonceNotOurs_IsRefused()
    {
        Refusal? refusal = await RefusedFor(static message => message with { Nonce = "12345678" });
        Assert.Equal((SignInErrors.NonceUnknown, "message.nonce"), (refusal?.Code, refusal?.Field));
    }

    [Theory]
    [InlineData(0, SignInErrors.SignatureInvalid)]
    [InlineData(64, SignInErrors.SignatureInvalid)]
    [InlineData(66, SignInErrors.ChainUnsupported)]
    public async Task VerifyAsync_NotAnOrdinarySignatureAndNoChain_SaysWhich(int length, string code)
    {
        string text = host.Message(Wallet.Address).ToMessage();
        Assert.Equal(code, (await host.ProveAsync(text, new byte[length])).Refusal?.Code);
    }

    private Rfc3339Time In(int seconds) => Rfc3339Time.Of(host.Clock.GetUtcNow().AddSeconds(seconds));

    private async Task<Refusal?> RefusedFor(Func<SiweMessage, SiweMessage> change) =>
        (await host.ProveAsync(change(host.Message(Wallet.Address)), Wallet)).Refusal;
}
