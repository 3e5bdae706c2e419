using System.Net;

namespace CoolChat.AppHost.Tests;

/// <summary>The app model started: standalone, and the services on engines that run already (COOLCHAT_MONGODB, COOLCHAT_REDIS, COOLCHAT_S3 hold their addresses).</summary>
public sealed class RunTests
{
    private static readonly string[] s_services = ["user", "media", "gateway"];

    private static string External(string name) =>
        Environment.GetEnvironmentVariable($"COOLCHAT_{name.ToUpperInvariant()}") is { Length: > 0 } value
            ? $"--ConnectionStrings:{name}={value}"
            : Skip(name);

    private static string Skip(string name)
    {
        Assert.Skip($"COOLCHAT_{name.ToUpperInvariant()} is not set");
        return "";
    }

    private static CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(90));
        return limit;
    }

    [Fact]
    public async Task Services_OnExternalEngines_AreHealthyAndAnswerThroughTheGateway()
    {
        using var limit = Limit();
        var ct = limit.Token;
        // arguments, not environment variables: services inherit the AppHost's environment
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.CoolChat_AppHost>(
            ["--Engines=external", External("mongodb"), External("redis"), External("s3")], ct);
        await using var app = await builder.BuildAsync(ct);
        await app.StartAsync(ct);
        foreach (var name in s_services)
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(name, ct);
        }

        using var gateway = app.CreateHttpClient("gateway", "http");
        Assert.Contains("chainIds", await gateway.GetStringAsync(new Uri("/user/auth/config", UriKind.Relative), ct), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.GetAsync(new Uri($"/media/{Guid.CreateVersion7()}/url", UriKind.Relative), ct)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.GetAsync(new Uri("/chat/conversations", UriKind.Relative), ct)).StatusCode);
    }

    [Fact]
    public async Task Standalone_Started_IsHealthy()
    {
        using var limit = Limit();
        var ct = limit.Token;
        var data = Directory.CreateTempSubdirectory("coolchat-apphost-").FullName;
        await using (var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.CoolChat_AppHost>(["--standalone", $"--Data={data}"], ct))
        await using (var app = await builder.BuildAsync(ct))
        {
            await app.StartAsync(ct);
            await app.ResourceNotifications.WaitForResourceHealthyAsync("coolchat", ct);
            using var server = app.CreateHttpClient("coolchat", "http");
            Assert.Contains("healthy", await server.GetStringAsync(new Uri("/health", UriKind.Relative), ct), StringComparison.Ordinal);
        }

        Directory.Delete(data, recursive: true);
    }
}
