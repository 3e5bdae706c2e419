using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;
using Microsoft.AspNetCore.SignalR.Client;

namespace CoolChat.EndToEndTests.Refusals;

/// <summary>Access tokens whose life is over, on a server that issues short-lived ones.</summary>
public sealed class TokenLifeTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private StandaloneProcess _server = null!;

    public async ValueTask InitializeAsync() => _server = await StandaloneProcess.StartAsync(
        new StandaloneSettings { Configuration = new Dictionary<string, string> { ["Auth:AccessTokenLifetime"] = "00:00:05", ["RateLimits:Http:Enabled"] = "false" } });

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Token_WhoseLifeEnded_Is401Everywhere_AndItsConnectionIsClosed_WhileAClientThatRenewsStays()
    {
        await using TestPerson renewing = await TestPerson.ConnectAsync(_server.Url);
        List<ConnectionState> states = [];
        renewing.Client.StateChanged += states.Add;
        AuthResult once = await SignInAsync();
        await using HubConnection hub = RawHub.Json(_server.Url, once.AccessToken);
        TaskCompletionSource<ClosedNotice> closed = new();
        hub.On<ClosedNotice>(HubMethods.Closed, notice => closed.TrySetResult(notice));
        await hub.StartAsync();
        using (JsonDocument claims = JsonDocument.Parse(Base64Url.DecodeFromChars(once.AccessToken.Split('.')[1])))
            Assert.Equal(5, claims.RootElement.GetProperty("exp").GetInt64() - claims.RootElement.GetProperty("iat").GetInt64());

        // Its end, and the half minute by which clocks may differ.
        Assert.Equal("token_expired", (await closed.Task.WaitAsync(Patience)).Code);
        await EverywhereAsync(once.AccessToken);
        await using HubConnection late = RawHub.Json(_server.Url, once.AccessToken);
        Assert.Contains("401", (await Assert.ThrowsAnyAsync<Exception>(() => late.StartAsync())).ToString(), StringComparison.Ordinal);

        // The session itself lives on.
        using HttpClient http = new() { BaseAddress = _server.Url };
        using HttpResponseMessage renewed = await http.PostAsJsonAsync("user/auth/refresh", new RefreshRequest { RefreshToken = once.RefreshToken }, CoolChatJson.Options);
        Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);
        Guid notes = (await renewing.Client.Chat.OpenDirectAsync(renewing.Id.ToString())).Id;
        Assert.NotNull((await renewing.Client.SendTextAsync(notes, "still here")).Seq);
        Assert.Empty(states);
    }

    private async Task EverywhereAsync(string expired)
    {
        using Probe probe = await Probe.StartAsync(_server.Url);
        foreach (Operation operation in probe.Operations.Where(operation => operation.NeedsToken))
            await probe.SendAsync(operation, "with an expired token", operation.Fill(), expired, Probe.Plausible(operation), status: HttpStatusCode.Unauthorized);
        // Public by a signed address, but not by a token that ended.
        Operation media = probe.Operations.Single(operation => operation.Path == "/media/{id}" && operation.Method == HttpMethod.Get);
        await probe.SendAsync(media, "with an expired token", media.Fill(), expired, status: HttpStatusCode.Unauthorized);
        probe.AssertNoFaults();
    }

    private async Task<AuthResult> SignInAsync()
    {
        WalletProof proof = await Steps.SignAsync(_server.Url, WalletKey.Create());
        using HttpClient http = new() { BaseAddress = _server.Url };
        using HttpResponseMessage answer = await http.PostAsJsonAsync("user/auth/verify", proof, CoolChatJson.Options);
        return (await answer.Content.ReadFromJsonAsync<AuthResult>(CoolChatJson.Options))!;
    }
}
