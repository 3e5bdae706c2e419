using System.Text;
using CoolChat.Contracts;
using Xunit;

namespace CoolChat.UnitTests.ServiceDefaults;

public sealed class ProblemTests : IAsyncLifetime
{
    private const string Id = "\"id\":\"018f2b9e-0000-7000-8000-000000000001\"";
    private DefaultsHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await DefaultsHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Refusal_WithEverything_BecomesProblemDetailsWithRetryAfter()
    {
        DefaultsHost.Answer answer = await _host.SendAsync(HttpMethod.Get, "/chat/refuse");

        Assert.Equal((503, "application/problem+json", "busy", "queue"), (answer.Status, answer.Type, answer.Code, answer.Field));
        Assert.Equal(TimeSpan.FromSeconds(7), answer.RetryAfter);
        Assert.Equal(7, answer.Body!.Value.GetProperty("retryAfter").GetInt32());
        Assert.Equal("Later.", answer.Body.Value.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task UnhandledException_AnyEndpoint_AnswersInternalWithoutDetails()
    {
        DefaultsHost.Answer answer = await _host.SendAsync(HttpMethod.Get, "/chat/throw");

        Assert.Equal((500, ErrorCodes.Internal), (answer.Status, answer.Code));
        Assert.DoesNotContain("secret", answer.Body!.Value.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusedException_FromAnEngine_AnswersItsRefusal()
    {
        DefaultsHost.Answer answer = await _host.SendAsync(HttpMethod.Get, "/chat/refused");

        Assert.Equal((507, ErrorCodes.StorageFull), (answer.Status, answer.Code));
    }

    public static TheoryData<string, string?> MalformedBodies => new()
    {
        { "", null },
        { "{", null },
        { "null", null },
        { "[]", null },
        { "{\"id\":1}", "id" },
        { "{}", "id" },
        { "{" + Id + ",\"text\":5}", "text" },
        { "{" + Id + ",\"inner\":{}}", "inner.id" },
        { "{" + Id + ",\"names\":null}", "names" },
        { "{" + Id + ",\"text\":\"a\",\"text\":\"b\"}", "text" },
        { string.Concat(Enumerable.Repeat("{" + Id + ",\"inner\":", 40)) + "null" + new string('}', 40), null },
    };

    [Theory]
    [MemberData(nameof(MalformedBodies))]
    public async Task Body_Malformed_IsInvalidAndNamesTheField(string body, string? field)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        DefaultsHost.Answer answer = await _host.SendAsync(HttpMethod.Post, "/chat/echo", content);

        Assert.Equal((400, "application/problem+json", ErrorCodes.Invalid), (answer.Status, answer.Type, answer.Code));
        if (field is not null)
            Assert.Equal(field, answer.Field);
    }

    [Fact]
    public async Task Body_InvalidUtf8_IsInvalid()
    {
        using ByteArrayContent content = new([.. Encoding.UTF8.GetBytes("{" + Id + ",\"text\":\""), 0xC3, 0x28, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");
        DefaultsHost.Answer answer = await _host.SendAsync(HttpMethod.Post, "/chat/echo", content);

        Assert.Equal((400, ErrorCodes.Invalid), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=nonsense")]
    public async Task Body_ForeignContentType_IsUnsupported(string type)
    {
        using ByteArrayContent content = new(Encoding.UTF8.GetBytes("{" + Id + "}"));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        DefaultsHost.Answer answer = await _host.SendAsync(HttpMethod.Post, "/chat/echo", content);

        Assert.Equal((415, "unsupported_media_type"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Body_TooLarge_IsTooLarge()
    {
        using StringContent content = new("{" + Id + ",\"text\":\"" + new string('a', 100_000) + "\"}", Encoding.UTF8, "application/json");
        DefaultsHost.Answer answer = await _host.SendAsync(HttpMethod.Post, "/chat/echo", content);

        Assert.Equal((413, ErrorCodes.TooLarge), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("GET", "/nowhere", 404, ErrorCodes.NotFound, null)]
    [InlineData("DELETE", "/chat/limit", 405, "method_not_allowed", null)]
    [InlineData("GET", "/chat/limit?limit=x", 400, ErrorCodes.Invalid, "limit")]
    [InlineData("GET", "/chat/limit", 400, ErrorCodes.Invalid, "limit")]
    [InlineData("GET", "/user/who", 401, ErrorCodes.Unauthenticated, null)]
    public async Task Request_RefusedByTheFramework_HasACode(string method, string path, int status, string code, string? field)
    {
        DefaultsHost.Answer answer = await _host.SendAsync(new HttpMethod(method), path);

        Assert.Equal((status, "application/problem+json", code, field), (answer.Status, answer.Type, answer.Code, answer.Field));
    }

    [Fact]
    public async Task Problem_ForAClientThatWantsHtml_IsStillProblemDetails()
    {
        _host.Client.DefaultRequestHeaders.Add("Accept", "text/html");
        DefaultsHost.Answer answer = await _host.SendAsync(HttpMethod.Get, "/chat/refuse");

        Assert.Equal("application/problem+json", answer.Type);
    }
}
