using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Journeys;

/// <summary>Devices that are signed in: named, listed, ended; browsers by their cookie.</summary>
public sealed class SessionTests(Server server)
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    [Fact]
    public async Task Sessions_OfSeveralDevices_AreNamedListedAndEnded()
    {
        WalletKey key = WalletKey.Create();
        await using TestPerson phone = await TestPerson.ConnectAsync(server.Url, key);
        await using TestPerson tablet = await TestPerson.ConnectAsync(server.Url, key);
        using HttpClient browser = Browser();
        (AuthResult signedIn, _) = await SignInAsync(browser, key, cookie: false);
        browser.DefaultRequestHeaders.Authorization = new("Bearer", signedIn.AccessToken);

        Page<SessionView> all = (await browser.GetFromJsonAsync<Page<SessionView>>("user/sessions", CoolChatJson.Options))!;
        Assert.Equal(3, all.Items.Count);
        Assert.Equal("Firefox on Linux", all.Items.Single(session => session.Current).Device);
        Assert.Equal(2, all.Items.Count(session => session.Device == "CoolChat.Client"));
        Assert.All(all.Items, session => Assert.Equal(key.Address, session.Address));

        using HttpResponseMessage others = await browser.DeleteAsync(new Uri("user/sessions", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, others.StatusCode);
        await Eventually.TrueAsync(() => phone.Client.State == ConnectionState.Closed && tablet.Client.State == ConnectionState.Closed, "the other devices are closed");
        await Steps.RefusedAsync("session_ended", () => phone.Client.People.MeAsync());
        all = (await browser.GetFromJsonAsync<Page<SessionView>>("user/sessions", CoolChatJson.Options))!;
        Assert.True(Assert.Single(all.Items).Current);
    }

    [Fact]
    public async Task Cookie_OfABrowser_RenewsForItsOwnSiteOnly_AndIsGoneAfterLogout()
    {
        using HttpClient browser = Browser();
        (AuthResult signedIn, string? cookie) = await SignInAsync(browser, WalletKey.Create(), cookie: true);
        Assert.Null(signedIn.RefreshToken);
        Assert.NotNull(cookie);
        foreach (string part in new[] { "httponly", "samesite=strict", "path=/user/auth" })
            Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase);
        string pair = cookie.Split(';')[0];

        await Refused.AssertAsync(await RefreshAsync(browser, pair, "https://evil.example"), HttpStatusCode.Forbidden);
        using HttpResponseMessage renewed = await RefreshAsync(browser, pair, server.Url.GetLeftPart(UriPartial.Authority));
        Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);
        string next = renewed.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        Assert.NotEqual(pair, next);

        using HttpRequestMessage logout = Request("user/auth/logout", next, server.Url.GetLeftPart(UriPartial.Authority));
        using HttpResponseMessage ended = await browser.SendAsync(logout);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Contains("expires=Thu, 01 Jan 1970", ended.Headers.GetValues("Set-Cookie").Single(), StringComparison.Ordinal);
        await Refused.AssertAsync(await RefreshAsync(browser, next, server.Url.GetLeftPart(UriPartial.Authority)), HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Token_VerifiedWithThePublishedKeysAlone_IsWhatTheProtocolSays()
    {
        await using TestPerson person = await TestPerson.SignInAsync(server.Url);
        using HttpClient http = Steps.Http(server.Url);
        using JsonDocument keys = JsonDocument.Parse(await http.GetStringAsync(new Uri(".well-known/jwks.json", UriKind.Relative)));
        string[] parts = person.Client.Tokens.AccessToken.Split('.');
        using JsonDocument header = JsonDocument.Parse(Base64(parts[0]));
        using JsonDocument claims = JsonDocument.Parse(Base64(parts[1]));
        JsonElement key = keys.RootElement.GetProperty("keys").EnumerateArray().Single(one => one.GetProperty("kid").GetString() == header.RootElement.GetProperty("kid").GetString());
        using ECDsa verifier = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64(key.GetProperty("x").GetString()!), Y = Base64(key.GetProperty("y").GetString()!) },
        });
        Assert.True(verifier.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64(parts[2]), HashAlgorithmName.SHA256));
        Assert.Equal(
            ("ES256", person.Id.ToString(), person.Key.Address, 15 * 60),
            (header.RootElement.GetProperty("alg").GetString(), claims.RootElement.GetProperty("sub").GetString(), claims.RootElement.GetProperty("address").GetString(),
                claims.RootElement.GetProperty("exp").GetInt64() - claims.RootElement.GetProperty("iat").GetInt64()));
    }

    private static byte[] Base64(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);

    private HttpClient Browser()
    {
        HttpClient browser = new(new HttpClientHandler { UseCookies = false }) { BaseAddress = server.Url };
        browser.DefaultRequestHeaders.UserAgent.ParseAdd(Firefox);
        return browser;
    }

    private async Task<(AuthResult Result, string? Cookie)> SignInAsync(HttpClient browser, WalletKey key, bool cookie)
    {
        WalletProof proof = await Steps.SignAsync(server.Url, key);
        SignInRequest request = new() { Message = proof.Message, Signature = proof.Signature, Device = new DeviceInfo { Cookie = cookie } };
        using HttpResponseMessage answer = await browser.PostAsJsonAsync("user/auth/verify", request, CoolChatJson.Options);
        AuthResult result = (await answer.Content.ReadFromJsonAsync<AuthResult>(CoolChatJson.Options))!;
        return (result, answer.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies) ? cookies.Single() : null);
    }

    private static HttpRequestMessage Request(string path, string cookie, string origin)
    {
        HttpRequestMessage request = new(HttpMethod.Post, path) { Content = JsonContent.Create(new { }) };
        request.Headers.Add("Cookie", cookie);
        request.Headers.Add("Origin", origin);
        return request;
    }

    private static async Task<HttpResponseMessage> RefreshAsync(HttpClient browser, string cookie, string origin)
    {
        using HttpRequestMessage request = Request("user/auth/refresh", cookie, origin);
        return await browser.SendAsync(request);
    }
}
