using System.Net.Http.Json;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Host;

/// <summary>README's way back for a server whose owner lost their wallet.</summary>
public sealed class OwnerLinkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OwnerLink_OfAServerWithAnOwner_MakesOneMoreOwnerOnce()
    {
        await using StandaloneProcess server = await StandaloneProcess.StartAsync(cancellationToken: Token);
        await using TestPerson lost = await TestPerson.SignInAsync(server.Url, cancellationToken: Token);
        await using TestPerson next = await TestPerson.SignInAsync(server.Url, cancellationToken: Token);
        await ClaimAsync(server, lost, await LinkAsync(server));
        string link = await LinkAsync(server);

        await ClaimAsync(server, next, link);

        Assert.Equal("owner", (await next.Client.People.MeAsync(Token)).ServerRole);
        await Assert.ThrowsAsync<HttpRequestException>(() => ClaimAsync(server, lost, link));
        Assert.NotEqual(link, await LinkAsync(server));
    }

    [Fact]
    public async Task OwnerLink_WithoutAServer_SaysSo()
    {
        ProgramRun run = await ProgramRun.OfAsync("owner-link", "--data", Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N")));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("start it", run.Errors, StringComparison.Ordinal);
    }

    private static async Task<string> LinkAsync(StandaloneProcess server)
    {
        ProgramRun run = await ProgramRun.OfAsync("owner-link", "--data", server.DataFolder);
        Assert.True(run.ExitCode == 0, run.Errors);
        return run.Output.Trim();
    }

    private static async Task ClaimAsync(StandaloneProcess server, TestPerson person, string link)
    {
        using HttpClient http = new() { BaseAddress = server.Url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", person.Client.Tokens.AccessToken);
        using JsonContent body = JsonContent.Create(new ClaimRequest { Token = new Uri(link).Fragment[1..] }, options: CoolChatJson.Options);
        using HttpResponseMessage answer = await http.PostAsync(new Uri("user/claim", UriKind.Relative), body, Token);
        answer.EnsureSuccessStatusCode();
    }
}
