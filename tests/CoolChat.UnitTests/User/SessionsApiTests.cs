using System.Net;
using CoolChat.Client;
using CoolChat.Contracts;
using Xunit;

namespace CoolChat.UnitTests.User;

public sealed class SessionsApiTests
{
    private const string Firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";

    [Fact]
    public async Task List_TwoDevices_NamesThemAndMarksTheCurrentOne()
    {
        await using UserHost host = await UserHost.StartAsync();
        WalletKey key = WalletKey.Create();
        AuthResult browser = (await host.TrySignInAsync(key, null, ("User-Agent", Firefox))).As<AuthResult>();
        host.Time.Advance(TimeSpan.FromSeconds(1));
        await host.TrySignInAsync(key, new DeviceInfo { Name = "Kitchen tablet" });
        Page<SessionView> sessions = await host.GetAsync<Page<SessionView>>("/user/sessions", browser.AccessToken);
        Assert.Equal(["Kitchen tablet", "Firefox on Windows"], sessions.Items.Select(static session => session.Device));
        Assert.Equal([false, true], sessions.Items.Select(static session => session.Current));
    }

    [Fact]
    public async Task Delete_OtherDevice_ItsTokensEndEvenAfterRestart()
    {
        UserHost first = await UserHost.StartAsync();
        WalletKey key = WalletKey.Create();
        AuthResult mine = await first.SignInAsync(key);
        AuthResult other = await first.SignInAsync(key);
        Guid id = (await first.GetAsync<Page<SessionView>>("/user/sessions", mine.AccessToken)).Items.Single(static session => !session.Current).Id;
        Assert.Equal(HttpStatusCode.NoContent, (await first.SendAsync(HttpMethod.Delete, $"/user/sessions/{id}", null, mine.AccessToken)).Status);
        (await first.GetAsync("/user/me", other.AccessToken)).Refused(HttpStatusCode.Unauthorized, ErrorCodes.Unauthenticated);
        (await first.RefreshAsync(other.RefreshToken)).Refused(HttpStatusCode.Unauthorized, "session_ended");
        await using UserHost second = await UserHost.StartAsync(await first.StopAsync());
        (await second.GetAsync("/user/me", other.AccessToken)).Refused(HttpStatusCode.Unauthorized, ErrorCodes.Unauthenticated);
        Assert.Equal(HttpStatusCode.OK, (await second.GetAsync("/user/me", mine.AccessToken)).Status);
    }

    [Fact]
    public async Task Delete_SomebodyElses_IsNotFound()
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult victim = await host.SignInAsync();
        Guid id = (await host.GetAsync<Page<SessionView>>("/user/sessions", victim.AccessToken)).Items[0].Id;
        AuthResult other = await host.SignInAsync();
        (await host.SendAsync(HttpMethod.Delete, $"/user/sessions/{id}", null, other.AccessToken)).Refused(HttpStatusCode.NotFound, ErrorCodes.NotFound);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/user/me", victim.AccessToken)).Status);
    }

    [Fact]
    public async Task DeleteAll_Others_KeepsTheCurrentOne()
    {
        await using UserHost host = await UserHost.StartAsync();
        WalletKey key = WalletKey.Create();
        AuthResult[] others = [await host.SignInAsync(key), await host.SignInAsync(key)];
        AuthResult mine = await host.SignInAsync(key);
        Assert.Equal(HttpStatusCode.NoContent, (await host.SendAsync(HttpMethod.Delete, "/user/sessions", null, mine.AccessToken)).Status);
        foreach (AuthResult other in others)
            Assert.Equal(HttpStatusCode.Unauthorized, (await host.GetAsync("/user/me", other.AccessToken)).Status);
        Assert.Single((await host.GetAsync<Page<SessionView>>("/user/sessions", mine.AccessToken)).Items);
    }
}
