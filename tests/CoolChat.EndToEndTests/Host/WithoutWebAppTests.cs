using System.Net;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Host;

/// <summary>A server that was built without Node.</summary>
public sealed class WithoutWebAppTests
{
    [Fact]
    public async Task Start_WithoutTheWebApp_ServesEverythingElse_AndSaysWhatIsMissing()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        StandaloneSettings settings = new() { Configuration = new Dictionary<string, string> { ["Gateway:WebApp"] = "/nowhere/at/all" } };
        await using StandaloneProcess server = await StandaloneProcess.StartAsync(settings, token);
        await Eventually.TrueAsync(() => server.Output.Contains("The web app is missing", StringComparison.Ordinal), "the log says so");
        Assert.Contains("Install Node", server.Output, StringComparison.Ordinal);
        using HttpClient http = new() { BaseAddress = server.Url };
        string page = await http.GetStringAsync(new Uri("/", UriKind.Relative), token);
        Assert.Contains("web app is missing", page, StringComparison.Ordinal);
        Assert.Contains("Node", page, StringComparison.Ordinal);
        using HttpResponseMessage deep = await http.GetAsync(new Uri("c/whatever", UriKind.Relative), token);
        await Refused.AssertAsync(deep, HttpStatusCode.NotFound);

        await using TestPerson person = await TestPerson.ConnectAsync(server.Url, cancellationToken: token);
        Guid notes = (await person.Client.Chat.OpenDirectAsync(person.Id.ToString(), token)).Id;
        Assert.Equal(CommandResult.Appended, (await person.Client.SendTextAsync(notes, "works all the same", cancellationToken: token)).Status);
    }
}
