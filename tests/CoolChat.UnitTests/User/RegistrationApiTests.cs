using System.Net;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CoolChat.UnitTests.User;

public sealed class RegistrationApiTests
{
    private static string ClaimToken(UserHost host) => host.Services.GetRequiredService<IOwnerClaim>().PendingLink!.Split('#')[1];

    private static async Task<AuthResult> OwnerAsync(UserHost host)
    {
        AuthResult owner = (await host.TrySignInAsync(WalletKey.Create(), new DeviceInfo { Invite = ClaimToken(host) })).As<AuthResult>();
        Answer claimed = await host.SendAsync(HttpMethod.Post, "/user/claim", new ClaimRequest { Token = ClaimToken(host) }, owner.AccessToken);
        Assert.Equal(HttpStatusCode.NoContent, claimed.Status);
        return owner;
    }

    [Fact]
    public async Task Claim_FirstStart_MakesOneOwnerOnce()
    {
        UserHost first = await UserHost.StartAsync();
        string token = ClaimToken(first);
        Assert.True((await first.GetAsync<AuthConfig>("/user/auth/config")).Unclaimed);
        UserHost second = await UserHost.StartAsync(await first.StopAsync());
        Assert.Equal(token, ClaimToken(second));
        AuthResult owner = await second.SignInAsync();
        (await second.SendAsync(HttpMethod.Post, "/user/claim", new ClaimRequest { Token = "wrong" }, owner.AccessToken))
            .Refused(HttpStatusCode.Forbidden, "claim_invalid", "token");
        Assert.Equal(HttpStatusCode.NoContent, (await second.SendAsync(HttpMethod.Post, "/user/claim", new ClaimRequest { Token = token }, owner.AccessToken)).Status);
        Assert.Equal("owner", (await second.GetAsync<MeView>("/user/me", owner.AccessToken)).ServerRole);
        AuthResult late = await second.SignInAsync();
        (await second.SendAsync(HttpMethod.Post, "/user/claim", new ClaimRequest { Token = token }, late.AccessToken))
            .Refused(HttpStatusCode.Forbidden, "claim_invalid", "token");
        await using UserHost third = await UserHost.StartAsync(await second.StopAsync());
        Assert.Null(third.Services.GetRequiredService<IOwnerClaim>().PendingLink);
    }

    [Fact]
    public async Task Invite_PolicyInvite_LetsInAsManyAsItSays()
    {
        await using UserHost host = await UserHost.StartAsync(settings: ["--Registration:Policy=invite"]);
        (await host.TrySignInAsync(WalletKey.Create())).Refused(HttpStatusCode.Forbidden, "invite_needed", "device.invite");
        AuthResult owner = await OwnerAsync(host);
        RegistrationInviteView invite = (await host.SendAsync(
            HttpMethod.Post, "/user/invites", new CreateRegistrationInvite { MaxUses = 1 }, owner.AccessToken)).As<RegistrationInviteView>();
        WalletKey guest = WalletKey.Create();
        (await host.TrySignInAsync(guest, new DeviceInfo { Invite = "wrong" })).Refused(HttpStatusCode.Gone, ErrorCodes.InviteEnded, "device.invite");
        Assert.Equal(HttpStatusCode.OK, (await host.TrySignInAsync(guest, new DeviceInfo { Invite = invite.Code })).Status);
        Assert.Equal(HttpStatusCode.OK, (await host.TrySignInAsync(guest)).Status);
        (await host.TrySignInAsync(WalletKey.Create(), new DeviceInfo { Invite = invite.Code })).Refused(HttpStatusCode.Gone, ErrorCodes.InviteEnded, "device.invite");
    }

    [Fact]
    public async Task Invite_ExpiredOrRevoked_LetsNobodyIn()
    {
        await using UserHost host = await UserHost.StartAsync(settings: ["--Registration:Policy=invite"]);
        AuthResult owner = await OwnerAsync(host);
        RegistrationInviteView revoked = (await host.SendAsync(HttpMethod.Post, "/user/invites", new CreateRegistrationInvite(), owner.AccessToken)).As<RegistrationInviteView>();
        RegistrationInviteView expired = (await host.SendAsync(HttpMethod.Post, "/user/invites", new CreateRegistrationInvite { ExpiresIn = 60 }, owner.AccessToken)).As<RegistrationInviteView>();
        Page<RegistrationInviteView> listed = await host.GetAsync<Page<RegistrationInviteView>>("/user/invites", owner.AccessToken);
        Assert.Equal(2, listed.Items.Count);
        Assert.All(listed.Items, static invite => Assert.Null(invite.Code));
        await host.SendAsync(HttpMethod.Delete, $"/user/invites/{revoked.Id}", null, owner.AccessToken);
        host.Time.Advance(TimeSpan.FromSeconds(61));
        foreach (RegistrationInviteView invite in (RegistrationInviteView[])[revoked, expired])
            Assert.Equal(HttpStatusCode.Gone, (await host.TrySignInAsync(WalletKey.Create(), new DeviceInfo { Invite = invite.Code })).Status);
    }

    [Fact]
    public async Task Settings_ChangedByAdmin_HoldAfterRestart()
    {
        UserHost first = await UserHost.StartAsync();
        AuthResult owner = await OwnerAsync(first);
        Answer changed = await first.SendAsync(HttpMethod.Patch, "/user/admin/server", new ServerSettings { Name = "Harbour Lab", Registration = "closed" }, owner.AccessToken);
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        (await first.SendAsync(HttpMethod.Patch, "/user/admin/server", new ServerSettings { Registration = "ajar" }, owner.AccessToken))
            .Refused(HttpStatusCode.BadRequest, ErrorCodes.Invalid, "registration");
        await using UserHost second = await UserHost.StartAsync(await first.StopAsync());
        AuthConfig config = await second.GetAsync<AuthConfig>("/user/auth/config");
        Assert.Equal(("Harbour Lab", "Sign in to Harbour Lab.", "closed"), (config.ServerName, config.Statement, config.Registration));
        (await second.TrySignInAsync(WalletKey.Create())).Refused(HttpStatusCode.Forbidden, "registration_closed");
    }

    [Fact]
    public async Task Admin_ByOrdinaryPeople_IsForbidden()
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult owner = await OwnerAsync(host);
        AuthResult member = await host.SignInAsync();
        (HttpMethod Method, string Path, object? Body)[] calls =
        [
            (HttpMethod.Get, "/user/admin/server", null),
            (HttpMethod.Patch, "/user/admin/server", new ServerSettings { Registration = "closed" }),
            (HttpMethod.Patch, $"/user/admin/users/{owner.User.UserId}", new AdminUserChanges { Suspended = true }),
            (HttpMethod.Post, "/user/invites", new CreateRegistrationInvite()),
            (HttpMethod.Get, "/user/invites", null),
        ];
        foreach ((HttpMethod method, string path, object? body) in calls)
            (await host.SendAsync(method, path, body, member.AccessToken)).Refused(HttpStatusCode.Forbidden, ErrorCodes.Forbidden);
    }

    [Fact]
    public async Task Suspend_SomeSession_EndsItAndRefusesTheNext()
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult owner = await OwnerAsync(host);
        WalletKey key = WalletKey.Create();
        AuthResult member = await host.SignInAsync(key);
        Answer suspended = await host.SendAsync(HttpMethod.Patch, $"/user/admin/users/{member.User.UserId}", new AdminUserChanges { Suspended = true }, owner.AccessToken);
        Assert.True(suspended.As<AdminUserView>().Suspended);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.GetAsync("/user/me", member.AccessToken)).Status);
        (await host.TrySignInAsync(key)).Refused(HttpStatusCode.Forbidden, "suspended");
        await host.SendAsync(HttpMethod.Patch, $"/user/admin/users/{member.User.UserId}", new AdminUserChanges { Suspended = false }, owner.AccessToken);
        Assert.Equal(HttpStatusCode.OK, (await host.TrySignInAsync(key)).Status);
    }

    [Fact]
    public async Task Roles_LastOwner_CannotStepDown()
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult owner = await OwnerAsync(host);
        AuthResult heir = await host.SignInAsync();
        string path = $"/user/admin/users/{owner.User.UserId}";
        (await host.SendAsync(HttpMethod.Patch, path, new AdminUserChanges { ServerRole = "none" }, owner.AccessToken)).Refused(HttpStatusCode.Conflict, ErrorCodes.Conflict);
        await host.SendAsync(HttpMethod.Patch, $"/user/admin/users/{heir.User.UserId}", new AdminUserChanges { ServerRole = "owner" }, owner.AccessToken);
        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync(HttpMethod.Patch, path, new AdminUserChanges { ServerRole = "none" }, owner.AccessToken)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await host.GetAsync("/user/admin/server", owner.AccessToken)).Status);
    }

    [Theory]
    [InlineData("--Registration:Policy=ajar", "Registration:Policy")]
    [InlineData("--Registration:ServerName=", "Registration:ServerName")]
    [InlineData("--Auth:SessionIdleLifetime=00:00:01", "Auth:SessionIdleLifetime")]
    [InlineData("--Auth:RefreshOverlap=01:00:00", "Auth:RefreshOverlap")]
    [InlineData("--Auth:PublicOrigins:0=https://chat.example.org/app", "Auth:PublicOrigins:0")]
    public async Task Start_BadOption_NamesTheKey(string setting, string key)
    {
        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => UserHost.StartAsync(settings: [setting]));
        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
    }
}
