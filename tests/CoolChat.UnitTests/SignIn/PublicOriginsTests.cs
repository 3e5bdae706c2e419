using CoolChat.User;
using CoolChat.User.Auth;
using CoolChat.User.SignIn;
using Microsoft.Extensions.Options;
using Xunit;

namespace CoolChat.UnitTests.SignIn;

public sealed class PublicOriginsTests
{
    [Theory]
    [InlineData("https://Chat.Example.com", "https://chat.example.com")]
    [InlineData("https://chat.example.com:443", "https://chat.example.com")]
    [InlineData("http://chat.example.com:8080", "http://chat.example.com:8080")]
    [InlineData("https://b\u00fccher.example", "https://xn--bcher-kva.example")]
    [InlineData("http://[0:0:0:0:0:0:0:1]:5000", "http://[::1]:5000")]
    public void Parse_Configured_IsNormalized(string text, string origin) => Assert.Equal(origin, Origin.Parse(text)?.ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("chat.example.com")]
    [InlineData("ftp://chat.example.com")]
    [InlineData("https://chat.example.com/")]
    [InlineData("https://chat.example.com/chat")]
    [InlineData("https://chat.example.com?")]
    [InlineData("https://chat.example.com/?q")]
    [InlineData("https://chat.example.com#")]
    [InlineData("https://chat.example.com#f")]
    [InlineData("https://user@chat.example.com")]
    [InlineData("https://chat.example.com:x")]
    [InlineData("https://")]
    public void Parse_NotAnOrigin_IsNull(string? text) => Assert.Null(Origin.Parse(text));

    [Theory]
    [InlineData("http://127.0.0.1:5080", "http://localhost:5080, http://127.0.0.1:5080")]
    [InlineData("http://[::1]:5080", "http://localhost:5080, http://[::1]:5080")]
    [InlineData("http://localhost:5080", "http://localhost:5080, http://127.0.0.1:5080, http://[::1]:5080")]
    [InlineData("http://[::]:5080", "http://localhost:5080, http://127.0.0.1:5080, http://[::1]:5080")]
    [InlineData("https://*:5443", "https://localhost:5443, https://127.0.0.1:5443, https://[::1]:5443")]
    [InlineData("http://+:80", "http://localhost, http://127.0.0.1, http://[::1]")]
    [InlineData("http://0.0.0.0:5080", "http://localhost:5080, http://127.0.0.1:5080, http://[::1]:5080")]
    [InlineData("http://192.0.2.1:5080", "")]
    [InlineData("http://unix:/run/chat.sock", "")]
    public void Known_NothingConfigured_AreTheHostsOwnLoopbackAddresses(string listening, string allowed)
    {
        PublicOrigins origins = new(new AuthOptions(), development: false, () => [listening]);
        Assert.Equal(allowed, string.Join(", ", origins.Known));
    }

    [Fact]
    public void Known_Configured_AreThoseAlone()
    {
        PublicOrigins origins = new(new AuthOptions { PublicOrigins = { "https://chat.example.com" } }, development: true, static () => ["http://127.0.0.1:5080"]);
        Assert.Equal("https://chat.example.com", origins.ToString());
        Assert.False(origins.Allows(Origin.Parse("http://127.0.0.1:5080")));
    }

    [Theory]
    [InlineData("localhost:5173", true)]
    [InlineData("chat.localhost", true)]
    [InlineData("127.9.9.9:1", true)]
    [InlineData("[0::1]:9", true)]
    [InlineData("localhost.example.com", false)]
    [InlineData("notlocalhost", false)]
    [InlineData("128.0.0.1", false)]
    [InlineData("user@localhost", false)]
    public void Matching_InDevelopment_AnyLoopbackAddress(string domain, bool allowed)
    {
        Assert.True(Rfc3986.TryParseAuthority(domain, out UriAuthority authority));
        Assert.Equal(allowed, new PublicOrigins(new AuthOptions(), development: true, static () => []).Matching(null, authority).Count > 0);
        Assert.Empty(new PublicOrigins(new AuthOptions(), development: false, static () => []).Matching(null, authority));
    }

    [Fact]
    public async Task Known_RunningHost_AreItsAddresses()
    {
        await using SignInHost host = await SignInHost.StartAsync();
        Assert.Contains(host.Address, host.Origins.ToString(), StringComparison.Ordinal);
        Assert.False(host.Origins.Allows(Origin.Parse("http://localhost:1")));
    }

    [Theory]
    [InlineData("Auth:PublicOrigins:0", "chat.example.com", "Auth:PublicOrigins:0")]
    [InlineData("Auth:PublicOrigins:0", "https://chat.example.com/app", "Auth:PublicOrigins:0")]
    [InlineData("Auth:NonceLifetime", "00:00:01", "Auth:NonceLifetime")]
    [InlineData("Auth:KeyRotation", "00:00:01", "Auth:KeyRotation must be 01:00:00 to 400.00:00:00")]
    [InlineData("Auth:ClockSkew", "1.00:00:00", "Auth:ClockSkew")]
    [InlineData("Ethereum:Rpc:mainnet", "https://rpc.example.com", "Ethereum:Rpc:mainnet")]
    [InlineData("Ethereum:Rpc:01", "https://rpc.example.com", "Ethereum:Rpc:01")]
    [InlineData("Ethereum:Rpc:1", "rpc.example.com/SECRET", "Ethereum:Rpc:1")]
    [InlineData("Ethereum:RpcTimeout", "00:05:00", "Ethereum:RpcTimeout")]
    public async Task StartAsync_BadSetting_FailsAndNamesTheKey(string key, string value, string named)
    {
        OptionsValidationException failure = await Assert.ThrowsAsync<OptionsValidationException>(() => SignInHost.StartAsync($"--{key}={value}"));
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", failure.Message, StringComparison.Ordinal);
    }
}
