using System.Net;
using CoolChat.Gateway;
using CoolChat.ServiceDefaults;
using CoolChat.ServiceDefaults.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace CoolChat.UnitTests.Gateway;

/// <summary>A real gateway, composed as its program does it, before real servers.</summary>
internal sealed class GatewayFixture : IAsyncDisposable
{
    private readonly List<WebApplication> _backends = [];
    private WebApplication? _gateway;

    public GatewayFixture()
    {
        SettingsFile = Path.Combine(Directory.CreateTempSubdirectory("coolchat-gateway").FullName, "settings.json");
        File.WriteAllText(SettingsFile, "{}");
    }

    public string SettingsFile { get; }

    public Uri Url { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public WebApplication App => _gateway!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A server of a few endpoints; healthy unless it maps /health itself.</summary>
    public async Task<(WebApplication App, string Address)> BackendAsync(Action<WebApplication> map, string url = "http://127.0.0.1:0")
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        WebApplication app = builder.Build();
        app.UseWebSockets();
        map(app);
        if (!((Microsoft.AspNetCore.Routing.IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)
            .Any(endpoint => endpoint.DisplayName?.Contains("/health", StringComparison.Ordinal) == true))
            app.MapGet("/health", () => "ok");
        await app.StartAsync(Token);
        _backends.Add(app);
        return (app, app.Urls.First());
    }

    public async Task StartAsync(params string[] settings)
    {
        WebApplicationBuilder builder = ServiceProcess.CreateBuilder(
            ["--urls=http://127.0.0.1:0", "--Edge:Drain=00:00:00", $"--CoolChat:Settings={SettingsFile}", .. settings.Select(setting => "--" + setting)]);
        builder.Logging.ClearProviders();
        builder.AddEdgeDefaults("gateway");
        builder.AddGateway();
        builder.AddGatewayProxy();
        _gateway = builder.Build();
        _gateway.MapGatewayProxy();
        _gateway.MapGateway();
        await _gateway.StartAsync(Token);
        Url = new Uri(_gateway.Urls.First());
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = Url };
    }

    public static string Destination(string service, string name, string address) => $"ReverseProxy:Clusters:{service}:Destinations:{name}:Address={address}";

    public static async Task<string?> CodeOf(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using System.Text.Json.JsonDocument problem = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        Assert.Equal((int)response.StatusCode, problem.RootElement.GetProperty("status").GetInt32());
        return problem.RootElement.GetProperty("code").GetString();
    }

    /// <summary>Asks until the answer is as wanted.</summary>
    public async Task UntilAsync(string path, HttpStatusCode status)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            using HttpResponseMessage response = await Http.GetAsync(new Uri(path, UriKind.Relative), Token);
            if (response.StatusCode == status)
                return;
            Assert.False(deadline.IsCancellationRequested, $"{path} is still answered {response.StatusCode}");
            await Task.Delay(20, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (_gateway is not null)
            await _gateway.DisposeAsync();
        foreach (WebApplication backend in _backends)
            await backend.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(SettingsFile)!, recursive: true);
    }
}
