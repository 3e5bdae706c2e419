using System.Net;
using System.Text.Json;
using CoolChat.Contracts;
using CoolChat.ServiceDefaults.RateLimits;
using Xunit;

namespace CoolChat.UnitTests.ServiceDefaults;

public sealed class HostTests
{
    [Fact]
    public async Task RateLimit_Exceeded_AnswersRetryAfter_ButProbesAreFree()
    {
        await using DefaultsHost host = await DefaultsHost.StartAsync(("RateLimits:Http:Burst", "3"), ("RateLimits:Http:PerSecond", "1"));
        DefaultsHost.Answer answer = await host.SendAsync(HttpMethod.Get, "/nowhere");
        for (int i = 0; i < 20 && answer.Status != 429; i++)
            answer = await host.SendAsync(HttpMethod.Get, "/nowhere");

        Assert.Equal((429, ErrorCodes.RateLimited), (answer.Status, answer.Code));
        Assert.NotNull(answer.RetryAfter);
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, "/alive")).Status);
        Assert.Equal(401, (await host.SendAsync(HttpMethod.Get, "/chat/hub")).Status);
    }

    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("10.1.2.3", "10.1.2.4", false)]
    [InlineData("::ffff:10.1.2.3", "10.1.2.3", true)]
    [InlineData("2001:db8::1", "2001:db8::2", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    public void RateLimitKey_OfTwoAddresses_IsSharedBySubscriber(string a, string b, bool same) =>
        Assert.Equal(same, HttpBuckets.KeyOf(IPAddress.Parse(a)) == HttpBuckets.KeyOf(IPAddress.Parse(b)));

    [Fact]
    public async Task Health_Running_NamesItsState()
    {
        await using DefaultsHost host = await DefaultsHost.StartAsync();

        Assert.Equal("healthy", (await host.SendAsync(HttpMethod.Get, "/health")).Body!.Value.GetProperty("status").GetString());
        Assert.Equal("healthy", (await host.SendAsync(HttpMethod.Get, "/alive")).Body!.Value.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Metrics_Running_AreInPrometheusFormat()
    {
        await using DefaultsHost host = await DefaultsHost.StartAsync();
        await host.SendAsync(HttpMethod.Get, "/chat/limit?limit=1");
        string metrics = await host.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.Contains("http_server_request_duration_seconds_count", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenApi_OneDocumentAService_HoldsItsPathsOnly()
    {
        await using DefaultsHost host = await DefaultsHost.StartAsync();
        JsonElement user = (await host.SendAsync(HttpMethod.Get, "/openapi/user.json")).Body!.Value;
        JsonElement chat = (await host.SendAsync(HttpMethod.Get, "/openapi/chat.json")).Body!.Value;

        Assert.Equal(["/user/who"], user.GetProperty("paths").EnumerateObject().Select(path => path.Name));
        Assert.True(user.GetProperty("paths").GetProperty("/user/who").GetProperty("get").TryGetProperty("security", out _));
        Assert.True(chat.GetProperty("paths").TryGetProperty("/chat/echo", out _));
        Assert.False(chat.GetProperty("paths").TryGetProperty("/user/who", out _));
    }
}
