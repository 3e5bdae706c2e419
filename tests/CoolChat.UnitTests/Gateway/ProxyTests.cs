using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using CoolChat.Contracts.Internal;
using CoolChat.Gateway.Proxy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace CoolChat.UnitTests.Gateway;

public sealed class ProxyTests : IAsyncLifetime
{
    private readonly GatewayFixture _gateway = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    private async Task<string> EchoAsync(string name = "one") => (await _gateway.BackendAsync(app =>
    {
        app.Map("/{service}/echo", (HttpContext context) => TypedResults.Json(new Dictionary<string, string>
        {
            ["name"] = name,
            ["host"] = context.Request.Host.Value ?? "",
            ["for"] = context.Request.Headers["X-Forwarded-For"].ToString(),
            ["proto"] = context.Request.Headers["X-Forwarded-Proto"].ToString(),
        }));
        app.MapPost("/{service}/count", async (HttpContext context) =>
        {
            long length = 0;
            byte[] buffer = new byte[64 * 1024];
            while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) is > 0 and int read)
                length += read;
            return length;
        });
        app.Map("/{service}/socket", async (HttpContext context) =>
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
            byte[] buffer = new byte[1024];
            while (true)
            {
                ValueWebSocketReceiveResult got = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
                if (got.MessageType == WebSocketMessageType.Close)
                    return;
                await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, context.RequestAborted);
            }
        });
    })).Address;

    private async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await _gateway.Http.SendAsync(request, Token);
    }

    private async Task<Dictionary<string, string>> EchoedAsync(params (string Name, string Value)[] headers)
    {
        using HttpResponseMessage response = await GetAsync("/chat/echo", headers);
        return (await response.Content.ReadFromJsonAsync<Dictionary<string, string>>(Token))!;
    }

    [Fact]
    public async Task Routes_ByDefault_LeadToTheirServices_AndCarryTheClient()
    {
        await _gateway.StartAsync(
            GatewayFixture.Destination("chat", "a", await EchoAsync("chat")), GatewayFixture.Destination("user", "a", await EchoAsync("user")),
            GatewayFixture.Destination("media", "a", await EchoAsync("media")));
        foreach (string service in DefaultRoutes.Services)
        {
            using HttpResponseMessage response = await GetAsync($"/{service}/echo");
            Dictionary<string, string> echo = (await response.Content.ReadFromJsonAsync<Dictionary<string, string>>(Token))!;
            Assert.Equal((service, _gateway.Url.Authority, "127.0.0.1", "http"), (echo["name"], echo["host"], echo["for"].Replace("::ffff:", "", StringComparison.Ordinal), echo["proto"]));
            Assert.Equal("default-src 'none'; frame-ancestors 'none'; sandbox", response.Headers.GetValues("Content-Security-Policy").Single());
        }
    }

    /// <summary>The loopback is trusted unless networks say otherwise, so the header of whoever stands there counts, and only its last hop.</summary>
    [Fact]
    public async Task ForwardedHeaders_OfATrustedProxy_Count_OnceAndNoFurther()
    {
        await _gateway.StartAsync(GatewayFixture.Destination("chat", "a", await EchoAsync()));
        Dictionary<string, string> echo = await EchoedAsync(("X-Forwarded-For", "6.6.6.6, 203.0.113.7"), ("X-Forwarded-Proto", "https"));
        Assert.Equal(("203.0.113.7", "https"), (echo["for"], echo["proto"]));
    }

    [Fact]
    public async Task Socket_ThroughTheGateway_TalksBothWays()
    {
        await _gateway.StartAsync(GatewayFixture.Destination("chat", "a", await EchoAsync()));
        using ClientWebSocket socket = await ConnectAsync();
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, Token);
        byte[] buffer = new byte[64];
        WebSocketReceiveResult got = await socket.ReceiveAsync(buffer, Token);
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, got.Count));
    }

    private async Task<ClientWebSocket> ConnectAsync()
    {
        ClientWebSocket socket = new();
        await socket.ConnectAsync(new UriBuilder(_gateway.Url) { Scheme = "ws", Path = "/chat/socket" }.Uri, Token);
        return socket;
    }

    [Fact]
    public async Task Stop_WithOpenSockets_SaysSo_TakesNoMore_CutsThem_AndEnds()
    {
        await _gateway.StartAsync("Edge:Drain=00:00:03", GatewayFixture.Destination("chat", "a", await EchoAsync()));
        using ClientWebSocket socket = await ConnectAsync();
        Draining draining = _gateway.App.Services.GetRequiredService<Draining>();
        Assert.Equal(1, draining.Sockets);
        Task stopped = _gateway.App.StopAsync(Token);
        await _gateway.UntilAsync("/health", HttpStatusCode.ServiceUnavailable);
        using (HttpResponseMessage still = await GetAsync("/chat/echo"))
            Assert.Equal(HttpStatusCode.OK, still.StatusCode);
        await Assert.ThrowsAsync<WebSocketException>(ConnectAsync);
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[8], Token));
        await stopped.WaitAsync(TimeSpan.FromSeconds(20), Token);
    }

    [Fact]
    public async Task Service_WithoutAnAddress_Is503()
    {
        await _gateway.StartAsync(GatewayFixture.Destination("user", "a", await EchoAsync()));
        using HttpResponseMessage response = await GetAsync("/chat/echo");
        Assert.Equal((503, "unavailable"), ((int)response.StatusCode, await GatewayFixture.CodeOf(response)));
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Service_ThatIsDown_Is502_AndIsTakenOutByItsProbe()
    {
        await _gateway.StartAsync(GatewayFixture.Destination("chat", "a", "http://127.0.0.1:1"), "ReverseProxy:Clusters:chat:HealthCheck:Active:Interval=00:00:00.2");
        HttpStatusCode first;
        using (HttpResponseMessage response = await GetAsync("/chat/echo"))
        {
            first = response.StatusCode;
            Assert.Equal(first == HttpStatusCode.BadGateway ? "bad_gateway" : "unavailable", await GatewayFixture.CodeOf(response));
        }
        await _gateway.UntilAsync("/chat/echo", HttpStatusCode.ServiceUnavailable);
        using HttpResponseMessage later = await GetAsync("/chat/echo");
        Assert.Equal("unavailable", await GatewayFixture.CodeOf(later));
    }

    [Fact]
    public async Task Service_ThatDoesNotAnswer_Is504()
    {
        (_, string address) = await _gateway.BackendAsync(app => app.MapGet("/chat/slow", (HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted)));
        await _gateway.StartAsync(GatewayFixture.Destination("chat", "a", address), "ReverseProxy:Clusters:chat:HttpRequest:ActivityTimeout=00:00:00.3");
        using HttpResponseMessage response = await GetAsync("/chat/slow");
        Assert.Equal((504, "gateway_timeout"), ((int)response.StatusCode, await GatewayFixture.CodeOf(response)));
    }

    [Fact]
    public async Task Destinations_OneUnhealthy_AreLeftOutUntilTheyAreWellAgain()
    {
        bool well = false;
        (_, string sick) = await _gateway.BackendAsync(app =>
        {
            app.MapGet("/chat/echo", () => TypedResults.Json(new Dictionary<string, string> { ["name"] = "sick" }));
            app.MapGet("/health", () => Volatile.Read(ref well) ? Results.Ok() : Results.StatusCode(503));
        });
        await _gateway.StartAsync(
            GatewayFixture.Destination("chat", "a", await EchoAsync("well")), GatewayFixture.Destination("chat", "b", sick),
            "ReverseProxy:Clusters:chat:HealthCheck:Active:Interval=00:00:00.1");
        await SeenAsync(seen => !seen.Contains("sick"));
        Volatile.Write(ref well, true);
        await SeenAsync(seen => seen.Contains("sick") && seen.Contains("well"));
    }

    /// <summary>Asks in rounds of 30 until a round is as wanted.</summary>
    private async Task SeenAsync(Predicate<HashSet<string>> wanted)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        HashSet<string> seen;
        do
        {
            deadline.Token.ThrowIfCancellationRequested();
            seen = [];
            for (int i = 0; i < 30; i++)
                seen.Add((await EchoedAsync())["name"]);
        }
        while (!wanted(seen));
    }

    [Fact]
    public async Task Settings_ChangedInTheFile_HoldWithoutARestart()
    {
        await _gateway.StartAsync(GatewayFixture.Destination("user", "a", await EchoAsync()));
        await _gateway.UntilAsync("/chat/echo", HttpStatusCode.ServiceUnavailable);
        string address = await EchoAsync("late");
        await File.WriteAllTextAsync(_gateway.SettingsFile, $$"""
            { "ReverseProxy": { "Clusters": { "chat": { "Destinations": { "a": { "Address": "{{address}}" } } } } } }
            """, Token);
        await _gateway.UntilAsync("/chat/echo", HttpStatusCode.OK);
        await File.WriteAllTextAsync(_gateway.SettingsFile, $$"""
            { "Edge": { "Deny": ["127.0.0.0/8"] } }
            """, Token);
        await _gateway.UntilAsync("/user/echo", HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData(1 << 20, false, 200)]
    [InlineData((1 << 20) + 1, false, 413)]
    [InlineData((1 << 20) + 1, true, 413)]
    public async Task Body_OverItsRoutesLimit_Is413(int length, bool chunked, int status)
    {
        await _gateway.StartAsync(GatewayFixture.Destination("chat", "a", await EchoAsync()));
        using HttpRequestMessage request = new(HttpMethod.Post, "/chat/count") { Content = new ByteArrayContent(new byte[length]) };
        request.Headers.TransferEncodingChunked = chunked;
        using HttpResponseMessage response = await _gateway.Http.SendAsync(request, Token);
        Assert.Equal(status, (int)response.StatusCode);
        if (status == 413)
            Assert.Equal("too_large", await GatewayFixture.CodeOf(response));
    }

    [Fact]
    public async Task Body_OfAMediaPart_MayBeLarger()
    {
        await _gateway.StartAsync(GatewayFixture.Destination("media", "a", await EchoAsync()));
        using ByteArrayContent part = new(new byte[8 << 20]);
        using HttpResponseMessage response = await _gateway.Http.PostAsync(new Uri("/media/count", UriKind.Relative), part, Token);
        Assert.Equal($"{8 << 20}", await response.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Route_OverItsOwnLimit_Is429_AndOthersGoOn()
    {
        await _gateway.StartAsync(
            GatewayFixture.Destination("chat", "a", await EchoAsync()), "RateLimits:Http:Routes:tight:Path=/chat/echo", "RateLimits:Http:Routes:tight:PerSecond=1",
            "RateLimits:Http:Routes:tight:Burst=2");
        List<int> seen = [];
        for (int i = 0; i < 4; i++)
        {
            using HttpResponseMessage response = await GetAsync("/chat/echo");
            seen.Add((int)response.StatusCode);
        }
        Assert.Contains(429, seen);
        Assert.Equal(200, seen[0]);
        using HttpResponseMessage other = await GetAsync("/chat/none");
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Theory]
    [InlineData("Edge:Deny:0=127.0.0.0/8", 403)]
    [InlineData("Edge:Deny:0=203.0.113.7", 200)]
    [InlineData("Edge:Allow:0=203.0.113.0/24", 403)]
    [InlineData("Edge:Allow:0=127.0.0.1", 200)]
    public async Task Address_ByTheLists_IsLetInOrNot(string setting, int status)
    {
        await _gateway.StartAsync(GatewayFixture.Destination("chat", "a", await EchoAsync()), setting);
        using HttpResponseMessage response = await GetAsync("/chat/echo");
        Assert.Equal(status, (int)response.StatusCode);
        using HttpResponseMessage probe = await GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
        if (status == 403)
            Assert.Equal("forbidden", await GatewayFixture.CodeOf(response));
    }

    [Fact]
    public async Task Metrics_WithAPortOfTheirOwn_AreNotThereOnAnother()
    {
        await _gateway.StartAsync(GatewayFixture.Destination("chat", "a", await EchoAsync()), "Edge:MetricsPort=1");
        using HttpResponseMessage hidden = await GetAsync("/metrics", ("Host", "gateway:1"));
        using HttpResponseMessage chat = await GetAsync("/chat/echo");
        Assert.Equal("not_found", await GatewayFixture.CodeOf(hidden));
        Assert.Equal(HttpStatusCode.OK, chat.StatusCode);
    }

    [Fact]
    public async Task Metrics_OnTheirPort_AreThere()
    {
        await _gateway.StartAsync(GatewayFixture.Destination("chat", "a", await EchoAsync()), "urls=http://127.0.0.1:0;http://127.0.0.1:0");
        Uri inside = new(_gateway.App.Urls.Last());
        await File.WriteAllTextAsync(_gateway.SettingsFile, $$"""{ "Edge": { "MetricsPort": {{inside.Port}} } }""", Token);
        await _gateway.UntilAsync("/metrics", HttpStatusCode.NotFound);
        using HttpResponseMessage metrics = await _gateway.Http.GetAsync(new Uri(inside, "/metrics"), Token);
        Assert.Equal(HttpStatusCode.OK, metrics.StatusCode);
    }

    [Fact]
    public async Task Maintenance_On_IsAPageForBrowsersAndAProblemForClients()
    {
        await _gateway.StartAsync(
            GatewayFixture.Destination("chat", "a", await EchoAsync()), "Edge:Maintenance:Enabled=true", "Edge:Maintenance:Message=Back at <b>noon</b>",
            "Edge:Maintenance:RetryAfterSeconds=90");
        using HttpResponseMessage page = await GetAsync("/", ("Accept", "text/html,*/*"));
        using HttpResponseMessage problem = await GetAsync("/chat/echo");
        Assert.Equal((503, 503), ((int)page.StatusCode, (int)problem.StatusCode));
        Assert.Contains("Back at &lt;b&gt;noon", await page.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal("unavailable", await GatewayFixture.CodeOf(problem));
        Assert.Equal(90, problem.Headers.RetryAfter?.Delta?.TotalSeconds);
        using HttpResponseMessage probe = await GetAsync("/alive");
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
    }

    [Fact]
    public async Task Start_WithoutAnyAddress_NamesTheKey() =>
        Assert.Contains("ReverseProxy:Clusters:chat:Destinations", (await Assert.ThrowsAsync<StartException>(() => _gateway.StartAsync())).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Edge:Deny:0=nowhere", "Edge:Deny:0")]
    [InlineData("Edge:Drain=00:05:00", "Edge:Drain")]
    [InlineData("Edge:MetricsPort=0", "Edge:MetricsPort")]
    [InlineData("RateLimits:Http:Routes:sign-in:Burst=0", "RateLimits:Http:Routes")]
    public async Task Start_WithAWrongSetting_NamesTheKey(string setting, string key)
    {
        string address = await EchoAsync();
        OptionsValidationException failure = await Assert.ThrowsAsync<OptionsValidationException>(() => _gateway.StartAsync(GatewayFixture.Destination("chat", "a", address), setting));
        Assert.Contains(key, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_InTheOtherShape_NamesTheKey() =>
        Assert.Contains("CoolChat:Shape", (await Assert.ThrowsAsync<StartException>(() => _gateway.StartAsync("CoolChat:Shape=standalone"))).Message, StringComparison.Ordinal);
}
