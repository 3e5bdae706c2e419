using System.Net;
using CoolChat.Gateway;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace CoolChat.UnitTests.Gateway;

public sealed class WebAppTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coolchat-web").FullName;
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "assets"));
        await WriteAsync("index.html", "<!doctype html>app");
        await WriteAsync("icon.svg", "<svg/>");
        await WriteAsync("assets/index-abc.js", "plain");
        await WriteAsync("assets/index-abc.js.br", "brotli");
        await WriteAsync("assets/index-abc.js.gz", "gzip");
        await StartAsync(_folder);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/c/018f2b9e")]
    [InlineData("/settings/devices")]
    public async Task Page_AnyAddressOfTheApp_IsTheIndexWithAStrictPolicy(string path)
    {
        using HttpResponseMessage response = await GetAsync(path);
        string policy = response.Headers.GetValues("Content-Security-Policy").Single();

        Assert.Equal("<!doctype html>app", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("no-cache", response.Headers.CacheControl?.ToString());
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains($"ws://{_client.BaseAddress!.Authority}", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("br, gzip", "br", "brotli")]
    [InlineData("gzip", "gzip", "gzip")]
    [InlineData("br;q=0", null, "plain")]
    [InlineData("", null, "plain")]
    public async Task Asset_ByAcceptedEncoding_IsSentCompressedAndKept(string accepts, string? encoding, string content)
    {
        using HttpResponseMessage response = await GetAsync("/assets/index-abc.js", accepts);

        Assert.Equal(encoding, response.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal(content, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("text/javascript", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("immutable", response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asset_Unchanged_IsNotSentAgain()
    {
        using HttpResponseMessage first = await GetAsync("/icon.svg");
        using HttpRequestMessage request = new(HttpMethod.Get, "/icon.svg");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage second = await _client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/assets/none.js", 404)]
    [InlineData("GET", "/chat/none", 404)]
    [InlineData("GET", "/assets/index-abc.js.br", 404)]
    [InlineData("GET", "/assets/%2e%2e/%2e%2e/etc/passwd", 200)]
    [InlineData("POST", "/", 404)]
    [InlineData("DELETE", "/chat/known", 405)]
    public async Task Request_ThatIsNoFile_IsLeftToTheRoutes(string method, string path, int status)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        using HttpResponseMessage response = await _client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("/chat/known")]
    [InlineData("/chat/none")]
    public async Task Response_ThatIsNoPage_MayRunNothing(string path)
    {
        using HttpResponseMessage response = await GetAsync(path);

        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("default-src 'none'; frame-ancestors 'none'; sandbox", response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Page_WithoutABuiltApp_SaysWhatIsMissing()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        await StartAsync(Path.Combine(_folder, "nowhere"));
        using HttpResponseMessage response = await GetAsync("/");

        Assert.Contains("web app is missing", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private async Task StartAsync(string folder)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["Gateway:WebApp"] = folder;
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.AddGateway();
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGet("/chat/known", () => TypedResults.Ok());
        _app.MapGateway();
        await _app.StartAsync(TestContext.Current.CancellationToken);
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string accepts = "")
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        if (accepts.Length > 0)
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accepts);
        return await _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private Task WriteAsync(string name, string content) => File.WriteAllTextAsync(Path.Combine(_folder, name), content, TestContext.Current.CancellationToken);
}
