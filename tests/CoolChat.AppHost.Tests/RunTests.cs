using System.Net;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.AppHost.Tests;

/// <summary>
/// The app model started: standalone, and the cluster on engines that run already, those of COOLCHAT_TEST_* or of tests/engines.
/// </summary>
public sealed class RunTests
{
    private static readonly string[] s_services = ["user", "media", "processing", "chat", "gateway"];

    private static CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(4));
        return limit;
    }

    /// <summary>As ConnectionStrings:s3 has it: Endpoint=...;AccessKey=...;SecretKey=...;Bucket=...;Region=...</summary>
    private static async Task<string> S3()
    {
        var address = new Uri(await Engines.S3Async());
        var keys = address.UserInfo.Split(':').Select(Uri.UnescapeDataString).ToArray();
        var region = address.Query.Split("region=").Last();
        return $"Endpoint={address.Scheme}://{address.Authority};AccessKey={keys[0]};SecretKey={keys[1]};Bucket=coolchat-apphost;Region={region}";
    }

    [Fact]
    public async Task Cluster_OnExternalEngines_CarriesAMessageFromOneToTheOther()
    {
        using var limit = Limit();
        var ct = limit.Token;
        // arguments, not environment variables: services inherit the AppHost's environment
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.CoolChat_AppHost>(
            [
                "--Engines=external", $"--ConnectionStrings:mongodb={await Engines.MongoDbAsync()}", $"--ConnectionStrings:redis={await Engines.RedisAsync()}",
                $"--ConnectionStrings:rabbitmq={await Engines.RabbitMqAsync()}", $"--ConnectionStrings:s3={await S3()}",
            ], ct);
        await using var app = await builder.BuildAsync(ct);
        await app.StartAsync(ct);
        foreach (var name in s_services)
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(name, ct);
        }

        using var gateway = app.CreateHttpClient("gateway", "http");
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.GetAsync(new Uri($"/media/{Guid.CreateVersion7()}/url", UriKind.Relative), ct)).StatusCode);
        var url = app.GetEndpoint("gateway", "http");
        await using var ann = await TestPerson.ConnectAsync(url, cancellationToken: ct);
        await using var bob = await TestPerson.ConnectAsync(url, cancellationToken: ct);
        var direct = (await ann.Client.Chat.OpenDirectAsync(bob.Id.ToString(), ct)).Id;
        var sent = await ann.Client.SendTextAsync(direct, "over two chat nodes", cancellationToken: ct);
        Assert.Equal(CommandResult.Appended, sent.Status);
        await Eventually.TrueAsync(() => bob.Client.Find(direct)?.Find(sent.CommandId!.Value) is not null, "the message arrives");

        // whatever Redis held may be lost: the dashboard's command, and a message after it
        var flushed = await app.ResourceCommands.ExecuteCommandAsync(builder.Resources.Single(r => r.Name == "redis"), "flush-cache", ct);
        Assert.True(flushed.Success, flushed.Message);
        var second = await bob.Client.SendTextAsync(direct, "after the flush", cancellationToken: ct);
        Assert.Equal(CommandResult.Appended, second.Status);
        await Eventually.TrueAsync(() => ann.Client.Find(direct)?.Find(second.CommandId!.Value) is not null, "the second message arrives");
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
