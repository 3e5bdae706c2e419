using CoolChat.User.SignIn;
using Microsoft.Extensions.Options;
using Xunit;

namespace CoolChat.UnitTests.SignIn;

public sealed class AllowedOriginsTests
{
    [Theory]
    [InlineData("https://Chat.Example.com/", "https://chat.example.com")]
    [InlineData("https://chat.example.com:443", "https://chat.example.com")]
    [InlineData("http://chat.example.com:8080", "http://chat.example.com:8080")]
    [InlineData("https://b\u00fccher.example", "https://xn--bcher-kva.example")]
    [InlineData("http://[0:0:0:0:0:0:0:1]:5000", "http://[::1]:5000")]
    public void TryParse_Configured_IsNormalized(string text, string origin)
    {
        Assert.True(Origin.TryParse(text, out Origin parsed));
        Assert.Equal(origin, parsed.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("chat.example.com")]
    [InlineData("ftp://chat.example.com")]
    [InlineData("https://chat.example.com/chat")]
    [InlineData("https://chat.example.com?")]
    [InlineData("https://chat.example.com/?q")]
    [InlineData("https://chat.example.com#f")]
    [InlineData("https://user@chat.example.com")]
    [InlineData("https://*.example.com:x")]
    [InlineData("https://")]
    public void TryParse_NotAnOrigin_IsFalse(string? text) => Assert.False(Origin.TryParse(text, out _));

    [Theory]
    [InlineData("http://127.0.0.1:5080", "http://localhost:5080, http://127.0.0.1:5080")]
    [InlineData("http://[::1]:5080", "http://localhost:5080, http://[::1]:5080")]
    [InlineData("http://localhost:5080", "http://localhost:5080, http://127.0.0.1:5080, http://[::1]:5080")]
    [InlineData("http://[::]:5080", "http://localhost:5080, http://127.0.0.1:5080, http://[::1]:5080")]
    [InlineData("https://*:5443", "https://localhost:5443, https://127.0.0.1:5443, https://[::1]:5443")]
    [InlineData("http://+:80", "http://localhost, http://127.0.0.1, http://[::1]")]
    [InlineData("http://0.0.0.0:5080", "http://localhost:5080, http://127.0.0.1:5080, http://[::1]:5080")]
    [InlineData("http://192.0.2.1:5080", "no address")]
    [InlineData("http://unix:/run/chat.sock", "no address")]
    public void From_NothingConfigured_AreTheHostsOwnLoopbackAddresses(string listening, string allowed) =>
        Assert.Equal(allowed, AllowedOrigins.From([], [listening], development: false).ToString());

    [Fact]
    public void From_Configured_AreThoseAlone()
    {
        AllowedOrigins origins = AllowedOrigins.From(["https://chat.example.com"], ["http://127.0.0.1:5080"], development: true);
        Assert.Equal("https://chat.example.com", origins.ToString());
        Assert.False(origins.AnyLoopback);
    }

    [Theory]
    [InlineData("localhost:5173", true)]
    [InlineData("chat.localhost", true)]
    [InlineData("127.9.9.9:1", true)]
    [InlineData("[0::1]:9", true)]
    [InlineData("localhost.example.com", false)]
    [InlineData("notlocalhost", false)]
    [InlineData("128.0.0.1", false)]
    public void Matching_InDevelopment_AnyLoopbackAddress(string domain, bool allowed)
    {
        Assert.True(Rfc3986.TryParseAuthority(domain, out UriAuthority authority));
        Assert.Equal(allowed, AllowedOrigins.From([], [], development: true).Matching(null, authority).Any());
        Assert.Empty(AllowedOrigins.From([], [], development: false).Matching(null, authority));
    }

    [Fact]
    public async Task HostOrigins_Running_AreItsAddresses()
    {
        await using SignInHost host = new(settings: []);
        Assert.Equal("no address", host.Origins.Current.ToString());
        await host.StartAsync();
        string address = Assert.Single(host.Addresses);
        Assert.Contains(address, host.Origins.Current.ToString(), StringComparison.Ordinal);
        Assert.False(host.Origins.Current.AnyLoopback);
    }

    [Theory]
    [InlineData("Auth:PublicOrigins:0", "chat.example.com", "Auth:PublicOrigins:0")]
    [InlineData("Auth:PublicOrigins:7", "https://chat.example.com/app", "Auth:PublicOrigins:0")]
    [InlineData("Auth:NonceLifetime", "00:00:01", "Auth:NonceLifetime")]
    [InlineData("Auth:ClockSkew", "1.00:00:00", "Auth:ClockSkew")]
    [InlineData("Ethereum:Rpc:mainnet", "https://rpc.example.com", "Ethereum:Rpc:mainnet")]
    [InlineData("Ethereum:Rpc:01", "https://rpc.example.com", "Ethereum:Rpc:01")]
    [InlineData("Ethereum:Rpc:1", "rpc.example.com/SECRET", "Ethereum:Rpc:1")]
    [InlineData("Ethereum:RpcTimeout", "00:05:00", "Ethereum:RpcTimeout")]
    public async Task StartAsync_BadSetting_FailsAndNamesTheKey(string key, string value, string named)
    {
        await using SignInHost host = new(settings: [new(key, value)]);
        OptionsValidationException failure = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", failure.Message, StringComparison.Ordinal);
    }
}
