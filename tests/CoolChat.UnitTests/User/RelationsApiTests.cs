using System.Net;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CoolChat.UnitTests.User;

public sealed class RelationsApiTests
{
    [Fact]
    public async Task Blocked_SeesOnlyNameAndAddressAndIsNotTold()
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult blocker = await host.SignInAsync();
        AuthResult blocked = await host.SignInAsync();
        await host.SendAsync(HttpMethod.Patch, "/user/me", new ProfileChanges
        {
            DisplayName = "Mira",
            Bio = "bio",
            Language = "en",
            TimeZone = "Europe/Berlin",
            Status = new() { Text = "here" },
        }, blocker.AccessToken);
        Assert.Equal(HttpStatusCode.NoContent, (await host.SendAsync(HttpMethod.Put, $"/user/blocks/{blocked.User.UserId}", null, blocker.AccessToken)).Status);
        ProfileView seen = await host.GetAsync<ProfileView>($"/user/profiles/{blocker.User.UserId}", blocked.AccessToken);
        Assert.Equal(new ProfileView { UserId = blocker.User.UserId, Address = blocker.User.Address, DisplayName = "Mira" }, seen);
        Page<ProfileView> found = await host.GetAsync<Page<ProfileView>>("/user/search?q=mira", blocked.AccessToken);
        Assert.Null(Assert.Single(found.Items).Bio);
        IUserDirectory directory = host.Services.GetRequiredService<IUserDirectory>();
        foreach (string id in (string[])[blocker.User.UserId.ToString(), blocker.User.Address])
        {
            Result<IReadOnlyList<Guid>> resolved = await directory.ResolveAsync(blocked.User.UserId, [id], CancellationToken.None);
            Assert.Equal(ErrorCodes.NotFound, resolved.Refusal?.Code);
        }
        IBlockList blocks = host.Services.GetRequiredService<IBlockList>();
        Assert.True(blocks.IsBlocked(blocker.User.UserId, blocked.User.UserId));
        Assert.False(blocks.IsBlocked(blocked.User.UserId, blocker.User.UserId));
        await host.SendAsync(HttpMethod.Delete, $"/user/blocks/{blocked.User.UserId}", null, blocker.AccessToken);
        Assert.False(blocks.IsBlocked(blocker.User.UserId, blocked.User.UserId));
        Assert.Equal("bio", (await host.GetAsync<ProfileView>($"/user/profiles/{blocker.User.UserId}", blocked.AccessToken)).Bio);
    }

    [Fact]
    public async Task Blocks_AfterRestart_StillHold()
    {
        UserHost first = await UserHost.StartAsync();
        AuthResult blocker = await first.SignInAsync();
        AuthResult blocked = await first.SignInAsync();
        await first.SendAsync(HttpMethod.Put, $"/user/blocks/{blocked.User.UserId}", null, blocker.AccessToken);
        await using UserHost second = await UserHost.StartAsync(await first.StopAsync());
        Assert.True(second.Services.GetRequiredService<IBlockList>().IsBlocked(blocker.User.UserId, blocked.User.UserId));
    }

    [Fact]
    public async Task Contacts_AddedByAddress_ArePagedAndPrivate()
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult me = await host.SignInAsync();
        AuthResult other = await host.SignInAsync();
        string stranger = WalletKey.Create().Address;
        foreach (string id in (string[])[other.User.UserId.ToString(), stranger, stranger])
            Assert.Equal(HttpStatusCode.NoContent, (await host.SendAsync(HttpMethod.Put, $"/user/contacts/{id}", null, me.AccessToken)).Status);
        Page<RelationView> first = await host.GetAsync<Page<RelationView>>("/user/contacts?limit=1", me.AccessToken);
        Page<RelationView> second = await host.GetAsync<Page<RelationView>>($"/user/contacts?limit=1&next={first.Next}", me.AccessToken);
        Assert.Null(second.Next);
        Assert.Equal(
            new HashSet<string> { other.User.Address, stranger },
            [first.Items.Single().User.Address, second.Items.Single().User.Address]);
        Assert.True(first.Items[0].User.Waiting ?? second.Items[0].User.Waiting);
        Assert.Empty((await host.GetAsync<Page<RelationView>>("/user/contacts", other.AccessToken)).Items);
        Assert.True(await host.Services.GetRequiredService<IUserDirectory>().IsContactAsync(me.User.UserId, other.User.UserId, CancellationToken.None));
    }

    [Fact]
    public async Task Put_OneselfOrNobody_IsRefused()
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult me = await host.SignInAsync();
        foreach (string list in (string[])["contacts", "blocks"])
        {
            (await host.SendAsync(HttpMethod.Put, $"/user/{list}/{me.User.UserId}", null, me.AccessToken)).Refused(HttpStatusCode.BadRequest, ErrorCodes.Invalid, "id");
            (await host.SendAsync(HttpMethod.Put, $"/user/{list}/{Guid.NewGuid()}", null, me.AccessToken)).Refused(HttpStatusCode.NotFound, ErrorCodes.NotFound);
            (await host.SendAsync(HttpMethod.Delete, $"/user/{list}/nobody", null, me.AccessToken)).Refused(HttpStatusCode.NotFound, ErrorCodes.NotFound);
        }
    }

    [Fact]
    public async Task Resolve_AddressThatNeverSignedIn_WaitsAndBecomesTheAccount()
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult me = await host.SignInAsync();
        WalletKey later = WalletKey.Create();
        IUserDirectory directory = host.Services.GetRequiredService<IUserDirectory>();
        Result<IReadOnlyList<Guid>> resolved = await directory.ResolveAsync(me.User.UserId, [later.Address, me.User.UserId.ToString()], CancellationToken.None);
        Assert.Equal(me.User.UserId, resolved.Value![1]);
        Assert.Equal(resolved.Value[0], (await host.SignInAsync(later)).User.UserId);
    }

    [Fact]
    public async Task Resolve_OneUnknown_NamesThePositionAndMakesNobody()
    {
        await using UserHost host = await UserHost.StartAsync();
        string stranger = WalletKey.Create().Address;
        AuthResult me = await host.SignInAsync();
        Result<IReadOnlyList<Guid>> resolved = await host.Services.GetRequiredService<IUserDirectory>()
            .ResolveAsync(me.User.UserId, [stranger, "nobody"], CancellationToken.None);
        Assert.Equal("members[1]", resolved.Refusal?.Field);
        Assert.Equal(HttpStatusCode.NotFound, (await host.GetAsync($"/user/profiles/{stranger}", me.AccessToken)).Status);
    }
}
