using System.Net;
using CoolChat.Client;
using CoolChat.Contracts;
using Xunit;

namespace CoolChat.UnitTests.User;

public sealed class SignInApiTests
{
    [Fact]
    public async Task Verify_SignedMessage_GivesATokenForMe()
    {
        await using UserHost host = await UserHost.StartAsync();
        WalletKey key = WalletKey.Create();
        AuthResult signedIn = await host.SignInAsync(key);
        MeView me = await host.GetAsync<MeView>("/user/me", signedIn.AccessToken);
        Assert.Equal(key.Address, me.Address);
        Assert.Equal(signedIn.User.UserId, me.UserId);
        Assert.True(Assert.Single(me.Wallets).Primary);
        Assert.Equal(host.Time.GetUtcNow() + TimeSpan.FromMinutes(15), signedIn.ExpiresAt);
    }

    [Fact]
    public async Task Verify_SameProofTwice_SecondIsRefusedEvenAfterRestart()
    {
        UserHost first = await UserHost.StartAsync();
        (string message, string signature) = await first.ProofAsync(WalletKey.Create());
        SignInRequest request = new() { Message = message, Signature = signature };
        Assert.Equal(HttpStatusCode.OK, (await first.SendAsync(HttpMethod.Post, "/user/auth/verify", request)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await first.SendAsync(HttpMethod.Post, "/user/auth/verify", request)).Status);
        await using UserHost second = await UserHost.StartAsync(await first.StopAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await second.SendAsync(HttpMethod.Post, "/user/auth/verify", request)).Status);
    }

    [Fact]
    public async Task Verify_OtherWalletSigned_IsRefusedAndUsesTheNonceUp()
    {
        await using UserHost host = await UserHost.StartAsync();
        WalletKey key = WalletKey.Create();
        (string message, string signature) = await host.ProofAsync(key);
        SignInRequest forged = new() { Message = message, Signature = WalletKey.Create().SignMessage(message) };
        (await host.SendAsync(HttpMethod.Post, "/user/auth/verify", forged)).Refused(HttpStatusCode.Unauthorized, "signature_invalid", "signature");
        SignInRequest own = new() { Message = message, Signature = signature };
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.SendAsync(HttpMethod.Post, "/user/auth/verify", own)).Status);
    }

    [Fact]
    public async Task Me_AccessTokenExpired_IsUnauthenticated()
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult signedIn = await host.SignInAsync();
        host.Time.Advance(TimeSpan.FromMinutes(16));
        (await host.GetAsync("/user/me", signedIn.AccessToken)).Refused(HttpStatusCode.Unauthorized, ErrorCodes.Unauthenticated);
    }

    [Fact]
    public async Task Me_TokenFromBeforeARestart_StillWorks()
    {
        UserHost first = await UserHost.StartAsync();
        AuthResult signedIn = await first.SignInAsync();
        await using UserHost second = await UserHost.StartAsync(await first.StopAsync());
        MeView me = await second.GetAsync<MeView>("/user/me", signedIn.AccessToken);
        Assert.Equal(signedIn.User.UserId, me.UserId);
    }
}
