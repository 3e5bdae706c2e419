using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Refusals;

/// <summary>Every endpoint against everything that should not be sent: a 4xx with a stable code, never a 5xx, a dropped connection or an endless wait.</summary>
public sealed class RestRefusalTests(Server server) : IAsyncLifetime
{
    private const int Megabytes = 3;
    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(20);
    private readonly ConcurrentBag<string> _faults = [];
    private HttpClient _http = null!;
    private IReadOnlyList<Operation> _operations = [];
    private TestPerson _person = null!;

    public async ValueTask InitializeAsync()
    {
        _http = new HttpClient { BaseAddress = server.Url, Timeout = MostWait };
        _operations = await Api.DiscoverAsync(_http);
        _person = await TestPerson.SignInAsync(server.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await _person.DisposeAsync();
        _http.Dispose();
    }

    private string Token => _person.Client.Tokens.AccessToken;

    // What ends one's own session or account would spoil the other cases; these have tests of their own.
    private IEnumerable<Operation> Harmless => _operations.Where(operation => operation.Path is not "/user/auth/logout" && !(operation.Method == HttpMethod.Delete && operation.Path is "/user/sessions" or "/user/me"));

    private void AssertNoFaults() => Assert.True(_faults.IsEmpty, $"{_faults.Count} faults:\n" + string.Join('\n', _faults.Order(StringComparer.Ordinal).Take(60)));

    private async Task SendAsync(Operation operation, string what, string path, string? token, HttpContent? content = null, bool mustRefuse = true, HttpStatusCode? status = null)
    {
        try
        {
            using HttpRequestMessage request = new(operation.Method, new Uri(path, UriKind.Relative)) { Content = content };
            // As a careful client does: a body that is too large is refused before it is sent.
            request.Headers.ExpectContinue = content?.Headers.ContentLength > 1 << 19;
            if (token is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using HttpResponseMessage response = await _http.SendAsync(request);
            string? fault = await Refused.FaultAsync(response, mustRefuse);
            if (fault is null && status is not null && response.StatusCode != status)
                fault = $"answered {(int)response.StatusCode}, not {(int)status}";
            if (fault is not null)
                _faults.Add($"{operation} {what}: {fault[..Math.Min(fault.Length, 300)]}");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            _faults.Add($"{operation} {what}: {exception.Message}");
        }
    }

    private static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private static ByteArrayContent Json(string body) => Json(Encoding.UTF8.GetBytes(body));

    private static ByteArrayContent? Plausible(Operation operation) => operation.BodyProperties is null ? null : Json("{}");

    [Fact]
    public void Documents_DescribeAllThreeServices()
    {
        Assert.True(_operations.Count > 40, $"{_operations.Count} operations");
        foreach (string start in new[] { "/user/", "/chat/", "/media" })
            Assert.Contains(_operations, operation => operation.Path.StartsWith(start, StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnyEndpoint_WithoutAValidToken_Is401()
    {
        string[] parts = Token.Split('.');
        string none = Convert.ToBase64String(Encoding.UTF8.GetBytes("{\"alg\":\"none\",\"typ\":\"JWT\"}")).TrimEnd('=');
        await using TestPerson gone = await TestPerson.SignInAsync(server.Url);
        string revoked = gone.Client.Tokens.AccessToken;
        await gone.Client.SignOutAsync();
        (string What, string? Token)[] tokens =
        [
            ("without a token", null),
            ("with a forged signature", $"{parts[0]}.{parts[1]}.{new string('A', parts[2].Length)}"),
            ("with alg none", $"{none}.{parts[1]}."),
            ("with another payload", $"{parts[0]}.{parts[1][..^4]}AAAA.{parts[2]}"),
            ("with a revoked session", revoked),
            ("with garbage", "garbage"),
            ("with a long token", new string('x', 6000)),
        ];
        await Parallel.ForEachAsync(_operations.Where(operation => operation.NeedsToken), async (operation, _) =>
        {
            foreach ((string what, string? token) in tokens)
                await SendAsync(operation, what, operation.Fill(), token, Plausible(operation), status: HttpStatusCode.Unauthorized);
        });
        AssertNoFaults();
    }

    [Fact]
    public async Task AnyBody_ThatIsNotWhatItShouldBe_IsRefused()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"a\":", 500)) + "1" + new string('}', 500);
        await Parallel.ForEachAsync(Harmless.Where(operation => operation.BodyProperties is not null), async (operation, _) =>
        {
            string path = operation.Fill();
            (string What, HttpContent Content)[] bodies =
            [
                ("malformed", Json("{\"a\":")),
                ("not an object", Json("[1,2]")),
                ("a string", Json("\"x\"")),
                ("a number", Json("1e999")),
                ("invalid UTF-8", Json(Broken(operation))),
                ("deep", Json(deep)),
                ("duplicate keys", Json(Duplicate(operation))),
                ("two values", Json("{}{}")),
                ("too large", Json($"{{\"x\":\"{new string('x', Megabytes << 20)}\"}}")),
                ("another media type", new StringContent("<a/>", Encoding.UTF8, "application/xml")),
                ("a lone surrogate", Json(Every(operation, "\"\\ud800\""))),
            ];
            foreach ((string what, HttpContent content) in bodies)
                await SendAsync(operation, what, path, Token, content);
        });
        AssertNoFaults();
    }

    /// <summary>Strings of bytes that are not UTF-8.</summary>
    private static byte[] Broken(Operation operation) =>
        [.. Encoding.Latin1.GetBytes(Every(operation, "\"\u00C3\u0028\""))];

    private static string Duplicate(Operation operation)
    {
        string name = operation.BodyProperties is [var first, ..] ? first : "a";
        return $"{{\"{name}\":null,\"{name}\":null}}";
    }

    private static string Every(Operation operation, string value) =>
        "{" + string.Join(',', operation.BodyProperties!.Select(name => $"\"{name}\":{value}")) + "}";

    [Fact]
    public async Task AnyField_OfAWrongType_IsRefused()
    {
        string[] values = ["{\"a\":[]}", "[[]]", "1.5e300", "-99999999999999999999", "\"\\u0000\"", $"\"{new string('x', 200_000)}\""];
        await Parallel.ForEachAsync(Harmless.Where(operation => operation.BodyProperties is { Count: > 0 }), async (operation, _) =>
        {
            foreach (string value in values)
                await SendAsync(operation, $"every field {value[..Math.Min(20, value.Length)]}", operation.Fill(), Token, Json(Every(operation, value)));
            foreach (string name in operation.BodyProperties!)
            {
                // Members that nobody knows are ignored, so that an object may be right for a field that is one.
                foreach (string value in values)
                    await SendAsync(operation, $"{name} = {value[..Math.Min(20, value.Length)]}", operation.Fill(), Token, Json($"{{\"{name}\":{value}}}"), mustRefuse: !value.StartsWith('{'));
            }
        });
        AssertNoFaults();
    }

    [Fact]
    public async Task AnyPathParameter_ThatNobodyHas_IsRefused()
    {
        string[] values = ["x", "%", "'; DROP TABLE users; --", "../../etc/passwd", "00000000-0000-0000-0000-000000000000", new string('9', 1500), "\u202e", "0x", "-1", " "];
        await Parallel.ForEachAsync(Harmless.Where(operation => operation.PathParameters.Count > 0), async (operation, _) =>
        {
            foreach (string value in values)
                await SendAsync(operation, $"path {value[..Math.Min(12, value.Length)]}", operation.Fill(operation.PathParameters.ToDictionary(name => name, _ => value)), Token, Plausible(operation));
        });
        AssertNoFaults();
    }

    [Fact]
    public async Task AnyQuery_Abused_NeverFails()
    {
        string[] values =
        [
            "", "0", "-1", "1e9", "99999999999999999999999", "abc", "null", "%00", "\"", "\"unclosed", "a AND", "NEAR(", "*", "a*b*", "col:x", "from:", "before:nonsense", "-",
            "^", "{", "(((((", "a OR OR b", new string('a', 3000), "\ud83d\ude00", "' OR 1=1 --",
        ];
        await Parallel.ForEachAsync(Harmless.Where(operation => operation.QueryParameters.Count > 0), async (operation, _) =>
        {
            foreach (string name in operation.QueryParameters)
            {
                foreach (string value in values)
                    await SendAsync(operation, $"{name}={value[..Math.Min(20, value.Length)]}", $"{operation.Fill()}?{name}={Uri.EscapeDataString(value)}", Token, Plausible(operation), mustRefuse: false);
            }
        });
        AssertNoFaults();
    }

    [Fact]
    public async Task AnyPage_BeyondItsLimits_IsRefused()
    {
        Guid conversation = (await _person.Client.Chat.OpenDirectAsync(_person.Id.ToString())).Id;
        Dictionary<string, string> own = new() { ["id"] = conversation.ToString(), ["conversationId"] = conversation.ToString() };
        await Parallel.ForEachAsync(Harmless.Where(operation => operation.QueryParameters.Contains("limit")), async (operation, _) =>
        {
            foreach (string limit in new[] { "0", "-1", "100000", int.MinValue.ToString(CultureInfo.InvariantCulture), "x" })
                await SendAsync(operation, $"limit={limit}", $"{operation.Fill(own)}?limit={limit}{(operation.QueryParameters.Contains("q") ? "&q=a" : "")}", Token);
        });
        await Parallel.ForEachAsync(Harmless.Where(operation => operation.QueryParameters.Contains("next")), async (operation, _) =>
        {
            foreach (string next in new[] { "x", "-1", "!!", new string('A', 5000) })
                await SendAsync(operation, $"next={next[..Math.Min(8, next.Length)]}", $"{operation.Fill(own)}?next={next}{(operation.QueryParameters.Contains("q") ? "&q=a" : "")}", Token);
        });
        AssertNoFaults();
    }

    [Fact]
    public async Task AnythingOfAConversation_ForStrangersAndRemovedMembers_Is404()
    {
        TestPerson[] people = await server.PeopleAsync(3);
        Guid group = await Steps.GroupAsync(people[0], people[1], people[2]);
        CommandResult message = await people[0].Client.SendTextAsync(group, "hidden");
        InviteView invite = await people[0].Client.Chat.CreateInviteAsync(group);
        await people[0].Client.SendAsync(Steps.Command(group, CommandTypes.MemberRemove) with { UserId = people[1].Id });
        Dictionary<string, string> theirs = new()
        {
            ["id"] = group.ToString(),
            ["conversationId"] = group.ToString(),
            ["messageId"] = message.CommandId.ToString()!,
            ["commandId"] = message.CommandId.ToString()!,
            ["inviteId"] = invite.InviteId.ToString(),
            ["key"] = "👍",
        };
        foreach ((string who, string token) in new[] { ("a stranger", Token), ("a removed member", people[1].Client.Tokens.AccessToken) })
        {
            foreach (Operation operation in _operations.Where(operation => operation.Path.StartsWith("/chat/conversations/{id}", StringComparison.Ordinal)))
                await SendAsync(operation, $"by {who}", operation.Fill(theirs), token, Body(operation, group), status: HttpStatusCode.NotFound);
        }
        foreach (TestPerson person in people)
            await person.DisposeAsync();
        AssertNoFaults();
    }

    private static ByteArrayContent? Body(Operation operation, Guid conversation) => operation.BodyProperties is null ? null : Json(operation.Path.Split('/')[^1] switch
    {
        "commands" => System.Text.Json.JsonSerializer.Serialize(Steps.Text(conversation, "let me in"), CoolChatJson.Options),
        "read" => """{"seq":1}""",
        "me" => """{"archived":true}""",
        _ => "{}",
    });

    [Fact]
    public async Task AnyUnknownPath_IsA404WithACode()
    {
        foreach (string path in new[] { "user/nothing", "chat/nothing", "media/nothing/at/all", "chat/conversations/x/y/z" })
        {
            using HttpResponseMessage response = await _http.GetAsync(new Uri(path, UriKind.Relative));
            if (await Refused.FaultAsync(response, mustRefuse: true) is { } fault)
                _faults.Add($"{path}: {fault}");
        }
        AssertNoFaults();
    }
}
