using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Cluster;

/// <summary>User, media and gateway as processes of their own, on real engines. In place of chat stands somebody who has nothing about anybody.</summary>
public sealed class SplitTests : IAsyncLifetime
{
    private readonly ServiceProgram _gateway = new("gateway");
    private readonly ServiceProgram _user = new("user");
    private readonly ServiceProgram _media = new("media");
    private readonly ServiceProgram _secondMedia = new("media");
    private readonly HttpListener _chat = new();
    private readonly string _file = Path.GetTempFileName();

    public async ValueTask InitializeAsync()
    {
        string run = Guid.NewGuid().ToString("N");
        UriBuilder mongo = new(await Engines.MongoDbAsync()) { Path = "/test_" + run[..12] };
        Uri s3 = new(await Engines.S3Async());
        string[] keys = s3.UserInfo.Split(':');
        string[] engines = [$"ConnectionStrings:mongodb={mongo.Uri.AbsoluteUri}", $"ConnectionStrings:redis={await Engines.RedisAsync()}", $"Redis:Prefix={run}:"];
        string toMedia = Secret(), toUser = Secret();
        Uri chat = new($"http://127.0.0.1:{StandaloneProcess.FreePort()}/");
        _chat.Prefixes.Add(chat.AbsoluteUri);
        _chat.Start();
        _ = AnswerForChatAsync();
        _user.Launch(
        [
            .. engines, $"ConnectionStrings:rabbitmq={await Engines.RabbitMqAsync()}", $"Messaging:RabbitMq:Prefix=split-{run[..12]}",
            $"Auth:PublicOrigins:0={_gateway.Url.GetLeftPart(UriPartial.Authority)}",
            $"Services:media:http:0={_media.Url}", $"Services:media:Key={toMedia}", $"Callers:media:Key={toUser}",
            $"Services:chat:http:0={chat}", $"Services:chat:Key={Secret()}", $"Callers:chat:Key={Secret()}", $"Callers:processing:Key={Secret()}",
        ]);
        string[] media =
        [
            .. engines, $"Services:user:http:0={_user.Url}", $"Services:user:Key={toUser}", $"Callers:user:Key={toMedia}", $"Callers:chat:Key={Secret()}",
            $"ConnectionStrings:s3=Endpoint={s3.Scheme}://{s3.Authority};AccessKey={Uri.UnescapeDataString(keys[0])};SecretKey={Uri.UnescapeDataString(keys[1])};Bucket=coolchat-split;Region={s3.Query.Split('=')[1]}",
            $"Media:S3:Prefix={run}/", "Media:S3:CreateBucket=true",
        ];
        await _media.StartAsync(media);
        await _secondMedia.StartAsync(media);
        await _gateway.StartAsync(
            "Edge:Drain=00:00:00", $"ReverseProxy:Clusters:user:Destinations:1:Address={_user.Url}",
            $"ReverseProxy:Clusters:media:Destinations:1:Address={_media.Url}", $"ReverseProxy:Clusters:media:Destinations:2:Address={_secondMedia.Url}",
            "ReverseProxy:Clusters:media:LoadBalancingPolicy=RoundRobin");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ServiceProgram program in new[] { _gateway, _media, _secondMedia, _user })
            await program.DisposeAsync();
        _chat.Close();
        File.Delete(_file);
    }

    /// <summary>An export without files, an erasure that has nothing to do.</summary>
    private async Task AnswerForChatAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext asked = await _chat.GetContextAsync();
                bool export = asked.Request.HttpMethod == "GET";
                asked.Response.StatusCode = export ? 200 : 204;
                asked.Response.Close(export ? [255, 255, 255, 255] : [], willBlock: false);
            }
        }
        catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private static string Secret() => Convert.ToHexString(RandomNumberGenerator.GetBytes(32));

    [Fact]
    public async Task Picture_UploadedAndShown_IsSeenByOthers_AndGoesWithTheAccount()
    {
        await using TestPerson ann = await TestPerson.SignInAsync(_gateway.Url), bob = await TestPerson.SignInAsync(_gateway.Url);
        byte[] png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
        await File.WriteAllBytesAsync(_file, png);
        Attachment picture = await ann.Client.Media.UploadAsync(_file, "image/png");
        Assert.Equal(404, await StatusAsync(bob, picture.MediaId));

        // The user service asks the media service whether it is hers, then the media service asks back whose picture it is.
        await ann.Client.People.UpdateMeAsync(new ProfileChanges { Avatar = picture.MediaId.ToString() });
        Assert.Equal(200, await StatusAsync(bob, picture.MediaId));

        using HttpClient http = Steps.Http(_gateway.Url, ann);
        using (HttpResponseMessage export = await http.GetAsync(new Uri("user/me/export", UriKind.Relative)))
        {
            using ZipArchive zip = new(await export.Content.ReadAsStreamAsync());
            ZipArchiveEntry entry = Assert.Single(zip.Entries, entry => entry.FullName.StartsWith("media/files/", StringComparison.Ordinal));
            using MemoryStream exported = new();
            await using (Stream content = await entry.OpenAsync())
                await content.CopyToAsync(exported);
            Assert.Equal(png, exported.ToArray());
        }

        using HttpRequestMessage delete = new(HttpMethod.Delete, "user/me") { Content = JsonContent.Create(new DeleteAccountRequest { Confirm = ann.Key.Address }, options: CoolChatJson.Options) };
        using HttpResponseMessage deleted = await http.SendAsync(delete);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(404, await StatusAsync(bob, picture.MediaId));
        // Her token has not expired, but both media services know within a second that her session ended.
        await Eventually.TrueAsync(
            async () => await StatusAsync(ann, picture.MediaId) == 401 && await StatusAsync(ann, picture.MediaId) == 401, "her token is good for nothing");
    }

    [Fact]
    public async Task Internal_ByAPersonOrThroughTheGateway_IsNotReached()
    {
        await using TestPerson ann = await TestPerson.SignInAsync(_gateway.Url);
        using HttpClient direct = Steps.Http(_media.Url, ann), outside = Steps.Http(_gateway.Url, ann);
        Uri path = new($"internal/personal-data/{ann.Id}?eraseMessages=true", UriKind.Relative);
        using HttpResponseMessage refused = await direct.DeleteAsync(path), unknown = await outside.DeleteAsync(path);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.NotFound), (refused.StatusCode, unknown.StatusCode));
    }

    private async Task<int> StatusAsync(TestPerson person, Guid mediaId)
    {
        using HttpClient http = Steps.Http(_gateway.Url, person);
        using HttpResponseMessage response = await http.GetAsync(new Uri($"media/{mediaId}", UriKind.Relative));
        return (int)response.StatusCode;
    }
}
