using System.Net;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CoolChat.UnitTests.User;

public sealed class ProfilesApiTests
{
    private static Task<Answer> PatchAsync(UserHost host, AuthResult who, ProfileChanges changes) =>
        host.SendAsync(HttpMethod.Patch, "/user/me", changes, who.AccessToken);

    [Fact]
    public async Task Patch_SomeFields_ChangesThoseAndClearsByEmpty()
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult me = await host.SignInAsync();
        await PatchAsync(host, me, new ProfileChanges { DisplayName = " Mira ", Bio = "one\ntwo", Language = "pt-BR", TimeZone = "America/Sao_Paulo" });
        MeView view = (await PatchAsync(host, me, new ProfileChanges
        {
            Bio = "",
            Status = new ProfileStatus { Text = "at sea", Emoji = "⛵", Until = host.Time.GetUtcNow().AddHours(1) },
        })).As<MeView>();
        Assert.Equal(("Mira", null, "pt-BR", "America/Sao_Paulo"), (view.DisplayName, view.Bio, view.Language, view.TimeZone));
        Assert.Equal("at sea", view.Status?.Text);
        host.Time.Advance(TimeSpan.FromHours(1));
        AuthResult renewed = (await host.RefreshAsync(me.RefreshToken)).As<AuthResult>();
        Assert.Null(renewed.User.Status);
    }

    [Fact]
    public async Task Patch_BadFields_NamesTheFieldAndChangesNothing()
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult me = await host.SignInAsync();
        (string Field, ProfileChanges Changes)[] cases =
        [
            ("displayName", new() { Bio = "kept?", DisplayName = new string('x', 41) }),
            ("displayName", new() { Bio = "kept?", DisplayName = "a\u0007" }),
            ("bio", new() { Bio = new string('x', 501) }),
            ("status.text", new() { Bio = "kept?", Status = new() { Text = new string('x', 101) } }),
            ("status.emoji", new() { Bio = "kept?", Status = new() { Emoji = "ab" } }),
            ("status.until", new() { Bio = "kept?", Status = new() { Text = "x", Until = host.Time.GetUtcNow().AddSeconds(-1) } }),
            ("language", new() { Bio = "kept?", Language = "not a language" }),
            ("timeZone", new() { Bio = "kept?", TimeZone = "../etc/passwd" }),
            ("avatar", new() { Bio = "kept?", Avatar = "x" }),
            ("avatar", new() { Bio = "kept?", Avatar = Guid.NewGuid().ToString() }),
        ];
        foreach ((string field, ProfileChanges changes) in cases)
            (await PatchAsync(host, me, changes)).Refused(HttpStatusCode.BadRequest, ErrorCodes.Invalid, field);
        Assert.Null((await host.GetAsync<MeView>("/user/me", me.AccessToken)).Bio);
    }

    [Fact]
    public async Task Patch_Avatar_MustBeOnesOwnPictureAndBecomesPublic()
    {
        Guid own = Guid.NewGuid();
        MediaShelf media = new();
        await using UserHost host = await UserHost.StartAsync(configure: services => services.AddSingleton<IMediaCatalog>(media));
        AuthResult me = await host.SignInAsync();
        AuthResult other = await host.SignInAsync();
        media.Items.Add(new MediaInfo(own, me.User.UserId, "a.png", "image/png", 10, Encrypted: false));
        (await PatchAsync(host, other, new() { Avatar = own.ToString() })).Refused(HttpStatusCode.BadRequest, ErrorCodes.Invalid, "avatar");
        IPublicMedia publicMedia = host.Services.GetRequiredService<IPublicMedia>();
        Assert.False(await publicMedia.IsPublicAsync(own, CancellationToken.None));
        Assert.Equal(own, (await PatchAsync(host, me, new() { Avatar = own.ToString() })).As<MeView>().Avatar);
        Assert.True(await publicMedia.IsPublicAsync(own, CancellationToken.None));
        Assert.Null((await PatchAsync(host, me, new() { Avatar = "" })).As<MeView>().Avatar);
        Assert.False(await publicMedia.IsPublicAsync(own, CancellationToken.None));
    }

    [Fact]
    public async Task Search_ByWordAddressAndAnyScript_PagesWithoutRepeats()
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult me = await host.SignInAsync();
        foreach (string name in (string[])["Mira Sol", "Sol Miramar", "100%_sure", "山田 太郎", "Élodie"])
            await PatchAsync(host, await host.SignInAsync(), new() { DisplayName = name });
        async Task<List<string?>> Names(string q)
        {
            List<string?> names = [];
            string? next = null;
            do
            {
                string path = $"/user/search?limit=1&q={Uri.EscapeDataString(q)}" + (next is null ? "" : "&next=" + next);
                Page<ProfileView> page = await host.GetAsync<Page<ProfileView>>(path, me.AccessToken);
                names.AddRange(page.Items.Select(static person => person.DisplayName));
                next = page.Next;
            }
            while (next is not null);
            return names;
        }
        Assert.Equal(["Mira Sol", "Sol Miramar"], await Names("mira"));
        Assert.Equal(2, (await Names("SOL")).Count);
        Assert.Equal(["100%_sure"], await Names("100%"));
        Assert.Empty(await Names("%"));
        Assert.Empty(await Names("_"));
        Assert.Equal(["山田 太郎"], await Names("太"));
        Assert.Equal(["Élodie"], await Names("él"));
        Assert.Single(await Names(me.User.Address[..12]));
        Assert.Empty(await Names("' OR 1=1 --"));
    }

    [Theory]
    [InlineData("/user/search?q=", "q")]
    [InlineData("/user/search", "q")]
    [InlineData("/user/search?q=a&limit=0", "limit")]
    [InlineData("/user/search?q=a&limit=201", "limit")]
    [InlineData("/user/search?q=a&limit=x", "limit")]
    [InlineData("/user/search?q=a&next=!!", "next")]
    [InlineData("/user/profiles?ids=1", "ids")]
    [InlineData("/user/contacts?next=AAAA", "next")]
    public async Task Get_BadQuery_NamesTheField(string path, string field)
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult me = await host.SignInAsync();
        (await host.GetAsync(path, me.AccessToken)).Refused(HttpStatusCode.BadRequest, ErrorCodes.Invalid, field);
    }

    [Fact]
    public async Task Profiles_ByIdAddressAndCaip10_FindThePerson()
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult me = await host.SignInAsync();
        AuthResult other = await host.SignInAsync();
        string address = other.User.Address;
        foreach (string id in (string[])[other.User.UserId.ToString(), address, "0x" + address[2..].ToLowerInvariant(), "eip155:1:" + address])
            Assert.Equal(other.User.UserId, (await host.GetAsync<ProfileView>("/user/profiles/" + id, me.AccessToken)).UserId);
        foreach (string id in (string[])[Guid.NewGuid().ToString(), WalletKey.Create().Address, "eip155:10:" + address, "0x12", "%00"])
            Assert.True((await host.GetAsync("/user/profiles/" + id, me.AccessToken)).Status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest);
        Page<ProfileView> many = await host.GetAsync<Page<ProfileView>>(
            $"/user/profiles?ids={me.User.UserId},{other.User.UserId},{Guid.NewGuid()}", me.AccessToken);
        Assert.Equal(2, many.Items.Count);
    }

    [Fact]
    public async Task Everything_WithoutToken_IsUnauthenticated()
    {
        await using UserHost host = await UserHost.StartAsync();
        string[] paths = ["/user/me", "/user/sessions", "/user/profiles?ids=", "/user/search?q=a", "/user/contacts", "/user/blocks", "/user/invites", "/user/admin/server", "/user/me/export"];
        foreach (string path in paths)
        {
            (await host.GetAsync(path)).Refused(HttpStatusCode.Unauthorized, ErrorCodes.Unauthenticated);
            (await host.GetAsync(path, "not.a.token")).Refused(HttpStatusCode.Unauthorized, ErrorCodes.Unauthenticated);
        }
    }

    private sealed class MediaShelf : IMediaCatalog
    {
        public List<MediaInfo> Items { get; } = [];

        public ValueTask<MediaInfo?> FindAsync(Guid mediaId, CancellationToken cancellationToken) => new(Items.Find(item => item.MediaId == mediaId));
    }
}
