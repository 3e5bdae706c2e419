using System.Security.Cryptography;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Cluster;

/// <summary>A server behind the gateway, which is a process of its own: people notice nothing, not even when it is replaced.</summary>
public sealed class GatewayTests : IAsyncLifetime
{
    private readonly ServiceProgram _gateway = new("gateway");
    private StandaloneProcess _server = null!;

    private string[] Settings =>
    [
        "Edge:Drain=00:00:01",
        .. new[] { "chat", "user", "media" }.Select(service => $"ReverseProxy:Clusters:{service}:Destinations:1:Address={_server.Url}"),
    ];

    public async ValueTask InitializeAsync()
    {
        _server = await StandaloneProcess.StartAsync(new StandaloneSettings
        {
            Configuration = new Dictionary<string, string> { ["Auth:PublicOrigins:0"] = _gateway.Url.GetLeftPart(UriPartial.Authority) },
        });
        await _gateway.StartAsync(Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task People_ThroughTheGateway_TalkSendFiles_AndOutliveItsReplacement()
    {
        await using TestPerson ann = await TestPerson.ConnectAsync(_gateway.Url);
        await using TestPerson bob = await TestPerson.ConnectAsync(_gateway.Url);
        Guid direct = await Steps.DirectAsync(ann, bob);
        await ann.Client.SendTextAsync(direct, "before");

        byte[] content = RandomNumberGenerator.GetBytes(9_000_000);
        string file = Path.Combine(_server.DataFolder, "sent.bin");
        await File.WriteAllBytesAsync(file, content);
        Attachment attachment = await ann.Client.Media.UploadAsync(file, "application/octet-stream");
        using MemoryStream whole = new();
        await ann.Client.Media.DownloadAsync(attachment.MediaId, whole);
        Assert.Equal(SHA256.HashData(content), SHA256.HashData(whole.ToArray()));

        await _gateway.StopAsync();
        Assert.Equal(0, _gateway.ExitCode);
        await _gateway.StartAsync(Settings);
        await ann.Client.SendTextAsync(direct, "after");
        await Eventually.TrueAsync(
            () => Task.FromResult(bob.Client.Find(direct) is { } seen && seen.Messages.Any(message => message.Content?.Text == "after")), "bob has what was sent after");
    }

    [Fact]
    public async Task Request_WithATokenInItsQuery_LeavesItInNoLog()
    {
        using HttpClient http = new() { BaseAddress = _gateway.Url };
        using HttpResponseMessage refused = await http.GetAsync(new Uri("chat/hub?access_token=not-for-logs", UriKind.Relative));
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);
        // Everything that it wrote is read when it has ended.
        await _gateway.StopAsync();
        Assert.NotEmpty(_gateway.Output);
        Assert.DoesNotContain("not-for-logs", _gateway.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithoutAnyService_SaysWhatIsMissing()
    {
        await using ServiceProgram lost = new("gateway");
        lost.Launch();
        await lost.WaitForExitAsync();
        Assert.Equal(1, lost.ExitCode);
        await Eventually.TrueAsync(() => Task.FromResult(lost.Output.Contains("ReverseProxy:Clusters:chat:Destinations", StringComparison.Ordinal)), "it names the key");
    }
}
