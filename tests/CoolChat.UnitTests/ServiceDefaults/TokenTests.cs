using System.Security.Claims;
using System.Security.Cryptography;
using CoolChat.Contracts;
using CoolChat.ServiceDefaults.Identity;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace CoolChat.UnitTests.ServiceDefaults;

public sealed class TokenTests : IAsyncLifetime
{
    private readonly Guid _user = Guid.CreateVersion7();
    private readonly Guid _session = Guid.CreateVersion7();
    private DefaultsHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await DefaultsHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Token_Valid_BecomesTheCaller()
    {
        DefaultsHost.Answer answer = await _host.SendAsync(HttpMethod.Get, "/user/who", token: _host.Token(_user, _session));

        Assert.Equal(200, answer.Status);
        Assert.Equal(_user, answer.Body!.Value.GetProperty("userId").GetGuid());
        Assert.Equal(_session, answer.Body.Value.GetProperty("sessionId").GetGuid());
    }

    [Fact]
    public async Task Token_OfARevokedSession_IsRefused()
    {
        string token = _host.Token(_user, _session);
        _host.Revoked.Add(_session);

        await AssertRefused(token);
    }

    [Fact]
    public async Task Token_ExpiredWithinTheSkew_Holds_AndBeyondIsRefused()
    {
        string within = _host.Token(_user, _session, token => token.Expires = Now.AddSeconds(-20));
        string beyond = _host.Token(_user, _session, token => token.Expires = Now.AddSeconds(-31));

        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Get, "/user/who", token: within)).Status);
        await AssertRefused(beyond);
    }

    [Fact]
    public async Task Token_WithForeignClaims_IsRefused()
    {
        await AssertRefused(_host.Token(_user, _session, token => token.Issuer = "somebody"));
        await AssertRefused(_host.Token(_user, _session, token => token.Audience = "something"));
        await AssertRefused(_host.Token(_user, _session, token => token.NotBefore = Now.AddMinutes(5)));
        await AssertRefused(_host.Token(_user, _session, token => token.Expires = null));
        await AssertRefused(_host.Token(_user, _session, token => token.Subject = new ClaimsIdentity([new Claim("sub", _user.ToString())])));
    }

    [Fact]
    public async Task Token_SignedByAnotherKeyOrAlgorithm_IsRefused()
    {
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await AssertRefused(_host.Token(_user, _session, key: other));
        await AssertRefused(_host.Token(_user, _session, key: other, keyId: "k2"));
        await AssertRefused(_host.Token(_user, _session, token => token.SigningCredentials = null));
        await AssertRefused(_host.Token(_user, _session, token => token.SigningCredentials = new SigningCredentials(
            new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(64)) { KeyId = "k1" }, SecurityAlgorithms.HmacSha256)));
        await AssertRefused(_host.Token(_user, _session) + "A");
        await AssertRefused("nonsense");
    }

    [Fact]
    public async Task QueryToken_OnTheHub_Holds_AndNowhereElse()
    {
        string token = _host.Token(_user, _session);

        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Get, $"/chat/hub?access_token={token}")).Status);
        Assert.Equal(401, (await _host.SendAsync(HttpMethod.Get, $"/user/who?access_token={token}")).Status);
    }

    [Fact]
    public void From_PrincipalOfAnotherKind_IsNull()
    {
        Assert.Null(Caller.From(null));
        Assert.Null(Caller.From(new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "me")]))));
    }

    private static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    private async Task AssertRefused(string token)
    {
        DefaultsHost.Answer answer = await _host.SendAsync(HttpMethod.Get, "/user/who", token: token);
        Assert.Equal((401, ErrorCodes.Unauthenticated), (answer.Status, answer.Code));
    }
}
