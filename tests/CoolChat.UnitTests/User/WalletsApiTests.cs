using System.Net;
using CoolChat.Client;
using CoolChat.Contracts;
using Xunit;

namespace CoolChat.UnitTests.User;

public sealed class WalletsApiTests
{
    private static async Task<Answer> LinkAsync(UserHost host, AuthResult who, WalletKey key)
    {
        NonceView nonce = await host.GetAsync<NonceView>("/user/auth/nonce?purpose=link", who.AccessToken);
        (string message, string signature) = await host.ProofAsync(key, nonce.Nonce);
        return await host.SendAsync(HttpMethod.Post, "/user/wallets", new WalletProof { Message = message, Signature = signature }, who.AccessToken);
    }

    [Fact]
    public async Task Rotation_LinkMakePrimaryUnlink_KeepsTheAccount()
    {
        await using UserHost host = await UserHost.StartAsync();
        WalletKey old = WalletKey.Create();
        WalletKey fresh = WalletKey.Create();
        AuthResult me = await host.SignInAsync(old);
        Assert.Equal(2, (await LinkAsync(host, me, fresh)).As<MeView>().Wallets.Count);
        MeView rotated = (await host.SendAsync(HttpMethod.Patch, $"/user/wallets/{fresh.Address}", new WalletChanges { Primary = true }, me.AccessToken)).As<MeView>();
        Assert.Equal(fresh.Address, rotated.Address);
        Assert.Single((await host.SendAsync(HttpMethod.Delete, $"/user/wallets/{old.Address}", null, me.AccessToken)).As<MeView>().Wallets);
        Assert.Equal(me.User.UserId, (await host.SignInAsync(fresh)).User.UserId);
        Assert.NotEqual(me.User.UserId, (await host.SignInAsync(old)).User.UserId);
    }

    [Fact]
    public async Task Delete_PrimaryOfTwo_OtherTakesItsPlaceAndTheLastStays()
    {
        await using UserHost host = await UserHost.StartAsync();
        WalletKey first = WalletKey.Create();
        WalletKey second = WalletKey.Create();
        AuthResult me = await host.SignInAsync(first);
        await LinkAsync(host, me, second);
        MeView left = (await host.SendAsync(HttpMethod.Delete, $"/user/wallets/{first.Address}", null, me.AccessToken)).As<MeView>();
        Assert.Equal((second.Address, true), (left.Address, left.Wallets.Single().Primary));
        (await host.SendAsync(HttpMethod.Delete, $"/user/wallets/{second.Address}", null, me.AccessToken)).Refused(HttpStatusCode.Conflict, "last_wallet");
        (await host.SendAsync(HttpMethod.Delete, $"/user/wallets/{first.Address}", null, me.AccessToken)).Refused(HttpStatusCode.NotFound, ErrorCodes.NotFound);
    }

    [Fact]
    public async Task Link_WalletOfAnother_IsRefused()
    {
        await using UserHost host = await UserHost.StartAsync();
        WalletKey taken = WalletKey.Create();
        WalletKey awaited = WalletKey.Create();
        await host.SignInAsync(taken);
        AuthResult me = await host.SignInAsync();
        await host.SendAsync(HttpMethod.Put, $"/user/contacts/{awaited.Address}", null, me.AccessToken);
        (await LinkAsync(host, me, taken)).Refused(HttpStatusCode.Conflict, "wallet_taken");
        (await LinkAsync(host, me, awaited)).Refused(HttpStatusCode.Conflict, "wallet_awaited");
    }

    [Fact]
    public async Task Link_WithAMessageForSomethingElse_IsRefused()
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult me = await host.SignInAsync();
        AuthResult other = await host.SignInAsync();
        WalletKey wallet = WalletKey.Create();
        (string message, string signature) = await host.ProofAsync(wallet);
        (await host.SendAsync(HttpMethod.Post, "/user/wallets", new WalletProof { Message = message, Signature = signature }, me.AccessToken))
            .Refused(HttpStatusCode.Unauthorized, "nonce_other_purpose", "message.nonce");

        NonceView nonce = await host.GetAsync<NonceView>("/user/auth/nonce?purpose=link", me.AccessToken);
        (message, signature) = await host.ProofAsync(wallet, nonce.Nonce);
        (await host.SendAsync(HttpMethod.Post, "/user/wallets", new WalletProof { Message = message, Signature = signature }, other.AccessToken))
            .Refused(HttpStatusCode.Unauthorized, "nonce_other_purpose", "message.nonce");
        (await host.GetAsync("/user/auth/nonce?purpose=link")).Refused(HttpStatusCode.Unauthorized, ErrorCodes.Unauthenticated);
        (await host.GetAsync("/user/auth/nonce?purpose=pay")).Refused(HttpStatusCode.BadRequest, ErrorCodes.Invalid, "purpose");
        (await host.GetAsync("/user/auth/nonce?requestId=a%20b")).Refused(HttpStatusCode.BadRequest, ErrorCodes.Invalid, "requestId");
    }

    [Fact]
    public async Task Link_TooMany_IsRefused()
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult me = await host.SignInAsync();
        for (int i = 0; i < 9; i++)
            (await LinkAsync(host, me, WalletKey.Create())).As<MeView>();
        (await LinkAsync(host, me, WalletKey.Create())).Refused(HttpStatusCode.Conflict, ErrorCodes.Conflict);
    }
}
