using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Cluster;

/// <summary>Gateways that count together by a real Redis, and one whose Redis is not there.</summary>
public sealed class SharedLimitTests : IAsyncLifetime
{
    private const int Burst = 1_000;
    private static readonly Uri Path = new("user/auth/config", UriKind.Relative);
    private readonly ServiceProgram _one = new("gateway");
    private readonly ServiceProgram _other = new("gateway");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Theory]
    [InlineData("RateLimits:Http:PerSecond=1", "RateLimits:Http:Burst=1000", null)]
    [InlineData("RateLimits:Http:Token:PerSecond=1", "RateLimits:Http:Token:Burst=1000", "Bearer anything")]
    public async Task Requests_SpentAtOneGateway_AreMissingAtTheOther(string perSecond, string burst, string? authorization)
    {
        string[] settings = [.. Settings(await Engines.RedisAsync()), perSecond, burst];
        await _one.StartAsync(settings);
        await _other.StartAsync(settings);
        using HttpClient one = Client(_one, authorization), other = Client(_other, authorization);
        int spent = 0;
        while (await StatusAsync(one) != HttpStatusCode.TooManyRequests)
            spent++;
        Assert.InRange(spent, Burst, 3 * Burst);

        int passed = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                if (await StatusAsync(other) == HttpStatusCode.TooManyRequests)
                    return true;
                passed++;
                return false;
            },
            "the other gateway refuses too");
        Assert.InRange(passed, 0, Burst / 2);
        if (authorization is not null)
        {
            // The address as such has plenty left.
            using HttpClient somebodyElse = Client(_other, "Bearer another");
            Assert.NotEqual(HttpStatusCode.TooManyRequests, await StatusAsync(somebodyElse));
        }
    }

    [Fact]
    public async Task Redis_NotThere_IsDegraded_AndTheGatewayLimitsByWhatItSees()
    {
        await _one.StartAsync([.. Settings("127.0.0.1:1"), "RateLimits:Http:PerSecond=1", "RateLimits:Http:Burst=3"]);
        using HttpClient client = Client(_one, null);
        JsonNode health = (await client.GetFromJsonAsync<JsonNode>("health", Token))!;
        Assert.Equal(("degraded", "degraded"), ((string?)health["status"], (string?)health["checks"]!["redis"]));
        await Eventually.TrueAsync(async () => await StatusAsync(client) == HttpStatusCode.TooManyRequests, "it refuses");
    }

    [Fact]
    public async Task Start_SharedWithoutRedis_NamesTheKey()
    {
        _one.Launch("ReverseProxy:Clusters:user:Destinations:1:Address=http://127.0.0.1:1", "Edge:SharedLimits=true");
        await _one.WaitForExitAsync();
        Assert.Equal(1, _one.ExitCode);
        await Eventually.TrueAsync(() => _one.Output.Contains("ConnectionStrings:redis", StringComparison.Ordinal), "it names the key");
    }

    private static string[] Settings(string redis) =>
    [
        "ReverseProxy:Clusters:user:Destinations:1:Address=http://127.0.0.1:1", "ReverseProxy:Clusters:user:HealthCheck:Active:Enabled=false", "Edge:SharedLimits=true", "Edge:Drain=00:00:00",
        $"ConnectionStrings:redis={redis}", $"Redis:Prefix={Guid.NewGuid():N}:", "RateLimits:Http:Routes:sign-in:PerSecond=1000000", "RateLimits:Http:Routes:sign-in:Burst=1000000",
    ];

    private static HttpClient Client(ServiceProgram gateway, string? authorization)
    {
        HttpClient client = new() { BaseAddress = gateway.Url };
        if (authorization is not null)
            client.DefaultRequestHeaders.Add("Authorization", authorization);
        return client;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using HttpResponseMessage answer = await client.GetAsync(Path, Token);
        return answer.StatusCode;
    }
}
