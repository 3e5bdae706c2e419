using System.Net;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CoolChat.UnitTests.User;

public sealed class RefreshTests
{
    [Fact]
    public async Task Refresh_CurrentToken_GivesTheNextOneOfTheSameSession()
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult first = await host.SignInAsync();
        host.Time.Advance(TimeSpan.FromMinutes(14));
        AuthResult second = (await host.RefreshAsync(first.RefreshToken)).As<AuthResult>();
        AuthResult third = (await host.RefreshAsync(second.RefreshToken)).As<AuthResult>();
        Assert.Equal(3, new HashSet<string?> { first.RefreshToken, second.RefreshToken, third.RefreshToken }.Count);
        Assert.Single((await host.GetAsync<Page<SessionView>>("/user/sessions", third.AccessToken)).Items);
    }

    [Fact]
    public async Task Refresh_ParentWithin30Seconds_GivesTheSameSuccessor()
    {
        UserHost first = await UserHost.StartAsync();
        AuthResult signedIn = await first.SignInAsync();
        string? successor = (await first.RefreshAsync(signedIn.RefreshToken)).As<AuthResult>().RefreshToken;
        first.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(successor, (await first.RefreshAsync(signedIn.RefreshToken)).As<AuthResult>().RefreshToken);
        // Derived, not remembered: a restart changes nothing.
        DateTimeOffset now = first.Time.GetUtcNow();
        await using UserHost second = await UserHost.StartAsync(await first.StopAsync(), now: now);
        Assert.Equal(successor, (await second.RefreshAsync(signedIn.RefreshToken)).As<AuthResult>().RefreshToken);
    }

    [Fact]
    public async Task Refresh_ManyAtOnce_AllGetOneSuccessor()
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult signedIn = await host.SignInAsync();
        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => host.RefreshAsync(signedIn.RefreshToken)));
        Assert.Single(answers.Select(static answer => answer.As<AuthResult>().RefreshToken).Distinct());
    }

    [Fact]
    public async Task Refresh_ParentAfter30Seconds_EndsTheSessionAndTells()
    {
        await using UserHost host = await UserHost.StartAsync();
        List<SessionRevoked> told = [];
        using IDisposable heard = host.Services.GetRequiredService<IIntegrationEvents>().Subscribe<SessionRevoked>((revoked, _) =>
        {
            told.Add(revoked);
            return ValueTask.CompletedTask;
        });
        AuthResult signedIn = await host.SignInAsync();
        AuthResult next = (await host.RefreshAsync(signedIn.RefreshToken)).As<AuthResult>();
        host.Time.Advance(TimeSpan.FromSeconds(31));
        (await host.RefreshAsync(signedIn.RefreshToken)).Refused(HttpStatusCode.Unauthorized, "session_ended");
        (await host.RefreshAsync(next.RefreshToken)).Refused(HttpStatusCode.Unauthorized, "session_ended");
        (await host.GetAsync("/user/me", next.AccessToken)).Refused(HttpStatusCode.Unauthorized, ErrorCodes.Unauthenticated);
        Assert.Equal(signedIn.User.UserId, Assert.Single(told).UserId);
    }

    [Fact]
    public async Task Refresh_GrandparentWithin30Seconds_EndsTheSession()
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult first = await host.SignInAsync();
        AuthResult second = (await host.RefreshAsync(first.RefreshToken)).As<AuthResult>();
        AuthResult third = (await host.RefreshAsync(second.RefreshToken)).As<AuthResult>();
        (await host.RefreshAsync(first.RefreshToken)).Refused(HttpStatusCode.Unauthorized, "session_ended");
        (await host.RefreshAsync(third.RefreshToken)).Refused(HttpStatusCode.Unauthorized, "session_ended");
    }

    [Fact]
    public async Task Refresh_ForgedTokenOfALivingSession_IsRefusedAndHarmsNobody()
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult signedIn = await host.SignInAsync();
        char[] forged = signedIn.RefreshToken!.ToCharArray();
        forged[40] = forged[40] == 'A' ? 'B' : 'A';
        (await host.RefreshAsync(new string(forged))).Refused(HttpStatusCode.Unauthorized, "session_ended");
        Assert.Equal(HttpStatusCode.OK, (await host.RefreshAsync(signedIn.RefreshToken)).Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Refresh_NoTokenOfOurs_IsRefused(string? token)
    {
        await using UserHost host = await UserHost.StartAsync();
        (await host.RefreshAsync(token)).Refused(HttpStatusCode.Unauthorized, "session_ended");
    }

    [Fact]
    public async Task Refresh_IdleForLongerThanASessionLives_IsRefused()
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult signedIn = await host.SignInAsync();
        host.Time.Advance(TimeSpan.FromDays(61));
        (await host.RefreshAsync(signedIn.RefreshToken)).Refused(HttpStatusCode.Unauthorized, "session_ended");
    }

    [Fact]
    public async Task CookieMode_FromOurOrigin_RenewsWithoutShowingTheToken()
    {
        await using UserHost host = await UserHost.StartAsync();
        Answer signedIn = await host.TrySignInAsync(WalletKey.Create(), new DeviceInfo { Cookie = true });
        Assert.Null(signedIn.As<AuthResult>().RefreshToken);
        Assert.Contains("httponly", signedIn.SetCookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", signedIn.SetCookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/user/auth", signedIn.SetCookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secure", signedIn.SetCookie, StringComparison.OrdinalIgnoreCase);
        string cookie = signedIn.SetCookie!.Split(';')[0];
        Answer renewed = await host.SendAsync(
            HttpMethod.Post, "/user/auth/refresh", new RefreshRequest(), null, ("Cookie", cookie), ("Origin", host.Origin));
        Assert.Null(renewed.As<AuthResult>().RefreshToken);
        Assert.StartsWith("coolchat_refresh=", renewed.SetCookie, StringComparison.Ordinal);
        Assert.NotEqual(cookie, renewed.SetCookie!.Split(';')[0]);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task CookieMode_FromAnotherSite_IsRefused(string header, string value)
    {
        await using UserHost host = await UserHost.StartAsync();
        string cookie = (await host.TrySignInAsync(WalletKey.Create(), new DeviceInfo { Cookie = true })).SetCookie!.Split(';')[0];
        foreach (string path in (string[])["/user/auth/refresh", "/user/auth/logout"])
        {
            Answer answer = await host.SendAsync(HttpMethod.Post, path, new RefreshRequest(), null, ("Cookie", cookie), (header, value));
            answer.Refused(HttpStatusCode.Forbidden, "csrf");
        }
        Answer bodiless = await host.SendAsync(HttpMethod.Post, "/user/auth/refresh", null, null, ("Cookie", cookie), ("Origin", host.Origin));
        bodiless.Refused(HttpStatusCode.Forbidden, "csrf");
    }

    [Fact]
    public async Task Logout_ByAnyCredential_EndsTheSession()
    {
        await using UserHost host = await UserHost.StartAsync();
        AuthResult byToken = await host.SignInAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await host.SendAsync(HttpMethod.Post, "/user/auth/logout", null, byToken.AccessToken)).Status);
        AuthResult byBody = await host.SignInAsync();
        await host.SendAsync(HttpMethod.Post, "/user/auth/logout", new RefreshRequest { RefreshToken = byBody.RefreshToken });
        Answer cookieAnswer = await host.TrySignInAsync(WalletKey.Create(), new DeviceInfo { Cookie = true });
        AuthResult byCookie = cookieAnswer.As<AuthResult>();
        Answer out3 = await host.SendAsync(HttpMethod.Post, "/user/auth/logout", new RefreshRequest(), null,
            ("Cookie", cookieAnswer.SetCookie!.Split(';')[0]), ("Origin", host.Origin));
        Assert.Contains("coolchat_refresh=;", out3.SetCookie, StringComparison.Ordinal);
        foreach (AuthResult ended in (AuthResult[])[byToken, byBody, byCookie])
            (await host.GetAsync("/user/me", ended.AccessToken)).Refused(HttpStatusCode.Unauthorized, ErrorCodes.Unauthenticated);
    }
}
