using System.Text.Json;
using System.Text.Json.Nodes;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Host;

/// <summary>
/// The committed documents are what the server says of itself. With COOLCHAT_UPDATE_OPENAPI=1 they are written anew, so that a change of an API
/// shows up as a difference to look at.
/// </summary>
public sealed class OpenApiTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task Documents_Committed_AreWhatTheServerSays()
    {
        await using StandaloneProcess server = await StandaloneProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using HttpClient http = new() { BaseAddress = server.Url };
        foreach (string name in (string[])["user", "chat", "media"])
        {
            string served = await http.GetStringAsync(new Uri($"openapi/{name}.json", UriKind.Relative), TestContext.Current.CancellationToken);
            string text = JsonNode.Parse(served)!.ToJsonString(Indented) + "\n";
            string file = Path.Combine(Repository.Root, "openapi", name + ".json");
            if (Environment.GetEnvironmentVariable("COOLCHAT_UPDATE_OPENAPI") == "1")
                await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
            else
                Assert.Equal(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), text);
        }
    }
}
