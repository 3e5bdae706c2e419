using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Journeys;

public sealed class SignInTests(Server server)
{
    [Fact]
    public async Task SignIn_TheSameWalletTwice_IsTheSamePersonInTwoSessions()
    {
        WalletKey key = WalletKey.Create();
        await using TestPerson first = await TestPerson.SignInAsync(server.Url, key);
        await using TestPerson second = await TestPerson.SignInAsync(server.Url, key);
        Assert.Equal(first.Id, second.Id);
        Assert.Equal(2, (await SessionsAsync(first)).Count);
    }

    [Fact]
    public async Task Verify_ASignatureTwice_IsRefusedTheSecondTime()
    {
        using HttpClient http = new() { BaseAddress = server.Url };
        SignInRequest request = await SignedAsync(WalletKey.Create());
        using HttpResponseMessage first = await http.PostAsJsonAsync("user/auth/verify", request, CoolChatJson.Options);
        using HttpResponseMessage again = await http.PostAsJsonAsync("user/auth/verify", request, CoolChatJson.Options);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await Refused.AssertAsync(again);
    }

    [Fact]
    public async Task Verify_SignedByAnotherWallet_IsRefused()
    {
        using HttpClient http = new() { BaseAddress = server.Url };
        SignInRequest request = await SignedAsync(WalletKey.Create());
        using HttpResponseMessage response = await http.PostAsJsonAsync("user/auth/verify", request with { Signature = WalletKey.Create().SignMessage(request.Message) }, CoolChatJson.Options);
        await Refused.AssertAsync(response);
    }

    [Fact]
    public async Task Verify_ForAnotherDomain_IsRefused()
    {
        using HttpClient http = new() { BaseAddress = server.Url };
        SignInRequest request = await SignedAsync(WalletKey.Create(), "evil.example");
        using HttpResponseMessage response = await http.PostAsJsonAsync("user/auth/verify", request, CoolChatJson.Options);
        await Refused.AssertAsync(response);
    }

    [Fact]
    public async Task Refresh_TheParentAgainAtOnce_GivesTheSameSuccessor_AndAnOlderOneEndsTheSession()
    {
        await using TestPerson person = await TestPerson.SignInAsync(server.Url);
        string first = person.Client.Tokens.RefreshToken!;
        using HttpClient http = new() { BaseAddress = server.Url };
        AuthResult second = await RefreshAsync(http, first);
        AuthResult overlap = await RefreshAsync(http, first);
        Assert.Equal(second.RefreshToken, overlap.RefreshToken);
        AuthResult third = await RefreshAsync(http, second.RefreshToken!);

        // Two generations back: stolen, so the session ends for both.
        using HttpResponseMessage stolen = await http.PostAsJsonAsync("user/auth/refresh", new { refreshToken = first });
        await Refused.AssertAsync(stolen, HttpStatusCode.Unauthorized);
        using HttpResponseMessage victim = await http.PostAsJsonAsync("user/auth/refresh", new { refreshToken = third.RefreshToken });
        await Refused.AssertAsync(victim, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task RevokeSession_OfAnotherDevice_ClosesItsConnection()
    {
        WalletKey key = WalletKey.Create();
        await using TestPerson keeper = await TestPerson.ConnectAsync(server.Url, key);
        await using TestPerson lost = await TestPerson.ConnectAsync(server.Url, key);
        SessionView other = (await SessionsAsync(keeper)).Single(session => !session.Current);
        await keeper.Client.People.RevokeSessionAsync(other.Id);
        await Eventually.TrueAsync(() => lost.Client.State == ConnectionState.Closed, "the revoked connection is closed");
        await Steps.RefusedAsync("session_ended", () => lost.Client.People.MeAsync());
        Assert.Equal(ConnectionState.Connected, keeper.Client.State);
    }

    [Fact]
    public async Task SignOut_EndsTheSession()
    {
        TestPerson person = await TestPerson.ConnectAsync(server.Url);
        SessionTokens tokens = person.Client.Tokens;
        await person.Client.SignOutAsync();
        await using CoolChatClient ghost = CoolChatClient.Resume(server.Url, tokens);
        await Steps.RefusedAsync("session_ended", () => ghost.People.MeAsync());
    }

    [Fact]
    public async Task UpdateMe_IsSeenByOthers()
    {
        TestPerson[] people = await server.PeopleAsync(2);
        string name = "Zoë " + Guid.NewGuid().ToString("N")[..8];
        await people[0].Client.People.UpdateMeAsync(new ProfileChanges { DisplayName = name, Bio = "多言語" });
        ProfileView seen = await people[1].Client.People.ProfileAsync(people[0].Key.Address);
        Assert.Equal((people[0].Id, name), (seen.UserId, seen.DisplayName));
        Assert.Contains((await people[1].Client.People.SearchAsync(name[..8])).Items, found => found.UserId == people[0].Id);
        foreach (TestPerson person in people)
            await person.DisposeAsync();
    }

    private static async Task<IReadOnlyList<SessionView>> SessionsAsync(TestPerson person)
    {
        JsonElement answer = JsonSerializer.SerializeToElement(await person.Client.People.SessionsAsync(), CoolChatJson.Options);
        return answer.GetProperty("items").Deserialize<List<SessionView>>(CoolChatJson.Options)!;
    }

    private static async Task<AuthResult> RefreshAsync(HttpClient http, string token)
    {
        using HttpResponseMessage response = await http.PostAsJsonAsync("user/auth/refresh", new { refreshToken = token });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<AuthResult>(CoolChatJson.Options))!;
    }

    private async Task<SignInRequest> SignedAsync(WalletKey key, string? domain = null)
    {
        WalletProof proof = await Steps.SignAsync(server.Url, key, domain);
        return new SignInRequest { Message = proof.Message, Signature = proof.Signature };
    }
}
