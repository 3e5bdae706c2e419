using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Host;

/// <summary>Who may come in, and who says so, on a server of its own.</summary>
public sealed class RegistrationTests : IAsyncLifetime
{
    private StandaloneProcess _server = null!;

    public async ValueTask InitializeAsync() =>
        _server = await StandaloneProcess.StartAsync(new StandaloneSettings { Configuration = new Dictionary<string, string> { ["Registration:Policy"] = "closed" } });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Closed_TheOwnerComesInByTheClaimLink_AndOpensByInviteThenForAll()
    {
        Assert.Equal(("registration_closed", null), await TryAsync(WalletKey.Create(), null));
        string token = await ClaimTokenAsync();
        WalletKey ownerKey = WalletKey.Create();
        (_, AuthResult? owner) = await TryAsync(ownerKey, token);
        using HttpClient http = As(owner!);
        Assert.Equal(HttpStatusCode.NoContent, (await http.PostAsJsonAsync("user/claim", new ClaimRequest { Token = token }, CoolChatJson.Options)).StatusCode);
        await Refused.AssertAsync(await http.PostAsJsonAsync("user/claim", new ClaimRequest { Token = token }, CoolChatJson.Options));
        Assert.Equal("registration_closed", (await TryAsync(WalletKey.Create(), token)).Code);

        await ChangeAsync(http, new ServerSettings { Registration = "invite", Name = "Harbour" });
        using HttpClient anybody = Steps.Http(_server.Url);
        AuthConfig config = (await anybody.GetFromJsonAsync<AuthConfig>("user/auth/config", CoolChatJson.Options))!;
        Assert.Equal(("Harbour", "invite", null), (config.ServerName, config.Registration, config.Unclaimed));
        using HttpResponseMessage made = await http.PostAsJsonAsync("user/invites", new CreateRegistrationInvite { MaxUses = 1 }, CoolChatJson.Options);
        RegistrationInviteView invite = (await made.Content.ReadFromJsonAsync<RegistrationInviteView>(CoolChatJson.Options))!;
        Assert.Equal("invite_needed", (await TryAsync(WalletKey.Create(), null)).Code);
        Assert.Equal("invite_ended", (await TryAsync(WalletKey.Create(), "no such code")).Code);
        WalletKey guestKey = WalletKey.Create();
        (_, AuthResult? guest) = await TryAsync(guestKey, invite.Code);
        Assert.NotNull(guest);
        Assert.Equal("invite_ended", (await TryAsync(WalletKey.Create(), invite.Code)).Code);
        // Who is in comes back without a code.
        Assert.Null((await TryAsync(guestKey, null)).Code);

        await ChangeAsync(http, new ServerSettings { Registration = "open" });
        await _server.StopAsync();
        await _server.StartAgainAsync();
        // What the owner set is stronger than the configuration, also after a restart; and nothing is left to claim.
        Assert.Null((await TryAsync(WalletKey.Create(), null)).Code);
        Assert.DoesNotContain("/claim#", Latest(_server.Output), StringComparison.Ordinal);
        await SuspendAsync(http, guest!, guestKey);
    }

    private async Task SuspendAsync(HttpClient owner, AuthResult guest, WalletKey guestKey)
    {
        await using TestPerson connected = await TestPerson.ConnectAsync(_server.Url, guestKey);
        using HttpResponseMessage suspended = await owner.PatchAsJsonAsync($"user/admin/users/{guest.User.UserId}", new AdminUserChanges { Suspended = true }, CoolChatJson.Options);
        Assert.Equal(HttpStatusCode.OK, suspended.StatusCode);
        await Eventually.TrueAsync(() => connected.Client.State == ConnectionState.Closed, "the suspended are out");
        Assert.Equal("suspended", (await TryAsync(guestKey, null)).Code);
        Assert.Equal(HttpStatusCode.OK, (await owner.PatchAsJsonAsync($"user/admin/users/{guest.User.UserId}", new AdminUserChanges { Suspended = false }, CoolChatJson.Options)).StatusCode);
        Assert.Null((await TryAsync(guestKey, null)).Code);
    }

    private static async Task ChangeAsync(HttpClient owner, ServerSettings settings)
    {
        using HttpResponseMessage changed = await owner.PatchAsJsonAsync("user/admin/server", settings, CoolChatJson.Options);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    private async Task<(string? Code, AuthResult? Result)> TryAsync(WalletKey key, string? invite)
    {
        WalletProof proof = await Steps.SignAsync(_server.Url, key);
        using HttpClient http = Steps.Http(_server.Url);
        using HttpResponseMessage answer = await http.PostAsJsonAsync(
            "user/auth/verify", new SignInRequest { Message = proof.Message, Signature = proof.Signature, Device = new DeviceInfo { Invite = invite } }, CoolChatJson.Options);
        if (answer.IsSuccessStatusCode)
            return (null, await answer.Content.ReadFromJsonAsync<AuthResult>(CoolChatJson.Options));
        await Refused.AssertAsync(answer);
        return (await Refused.CodeAsync(answer), null);
    }

    private HttpClient As(AuthResult person)
    {
        HttpClient http = Steps.Http(_server.Url);
        http.DefaultRequestHeaders.Authorization = new("Bearer", person.AccessToken);
        return http;
    }

    private async Task<string> ClaimTokenAsync() => await Eventually.ValueAsync(
        () => Task.FromResult(Regex.Match(_server.Output, "/claim#([A-Za-z0-9_-]+)") is { Success: true } link ? link.Groups[1].Value : null), "the claim link is printed");

    /// <summary>What was written since the last start.</summary>
    private static string Latest(string output) => output[output.LastIndexOf("is ready", StringComparison.Ordinal)..];
}
