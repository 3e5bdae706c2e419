using System.Globalization;
using System.Net;
using System.Text;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Refusals;

/// <summary>Every endpoint against everything that should not be sent: a 4xx with a stable code, never a 5xx, a dropped connection or an endless wait.</summary>
public sealed class RestRefusalTests(Server server) : IAsyncLifetime
{
    private const int Megabytes = 3;
    private Probe _probe = null!;
    private TestPerson _person = null!;

    public async ValueTask InitializeAsync()
    {
        _probe = await Probe.StartAsync(server.Url);
        _person = await TestPerson.SignInAsync(server.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await _person.DisposeAsync();
        _probe.Dispose();
    }

    private string Token => _person.Client.Tokens.AccessToken;

    // What ends one's own session or account would spoil the other cases; these have tests of their own.
    private IEnumerable<Operation> Harmless => _probe.Operations.Where(operation =>
        operation.Path is not "/user/auth/logout" && !(operation.Method == HttpMethod.Delete && operation.Path is "/user/sessions" or "/user/me"));

    /// <summary>What of the person's own a path may name, so that what follows the path is looked at too.</summary>
    private async Task<Dictionary<string, string>> OwnAsync()
    {
        Guid notes = (await _person.Client.Chat.OpenDirectAsync(_person.Id.ToString())).Id;
        CommandResult message = await _person.Client.Chat.SubmitAsync(Steps.Text(notes, "mine"));
        return new()
        {
            ["id"] = notes.ToString(),
            ["conversationId"] = notes.ToString(),
            ["messageId"] = message.CommandId.ToString()!,
            ["commandId"] = message.CommandId.ToString()!,
            ["userIdOrAddress"] = _person.Id.ToString(),
            ["key"] = "👍",
        };
    }

    [Fact]
    public void Documents_DescribeAllThreeServices()
    {
        Assert.True(_probe.Operations.Count > 40, $"{_probe.Operations.Count} operations");
        foreach (string start in new[] { "/user/", "/chat/", "/media" })
            Assert.Contains(_probe.Operations, operation => operation.Path.StartsWith(start, StringComparison.Ordinal));
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
        await Parallel.ForEachAsync(_probe.Operations.Where(operation => operation.NeedsToken), async (operation, _) =>
        {
            foreach ((string what, string? token) in tokens)
                await _probe.SendAsync(operation, what, operation.Fill(), token, Probe.Plausible(operation), status: HttpStatusCode.Unauthorized);
        });
        _probe.AssertNoFaults();
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
                ("malformed", Probe.Json("{\"a\":")),
                ("not an object", Probe.Json("[1,2]")),
                ("a string", Probe.Json("\"x\"")),
                ("a number", Probe.Json("1e999")),
                ("deep", Probe.Json(deep)),
                ("two values", Probe.Json("{}{}")),
                ("too large", Probe.Json($"{{\"x\":\"{new string('x', Megabytes << 20)}\"}}")),
                ("another media type", new StringContent("<a/>", Encoding.UTF8, "application/xml")),
                ("a lone surrogate", Probe.Json(Every(operation, "\"\\ud800\""))),
            ];
            foreach ((string what, HttpContent content) in bodies)
                await _probe.SendAsync(operation, what, path, Token, content);
        });
        _probe.AssertNoFaults();
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
                await _probe.SendAsync(operation, $"every field {value[..Math.Min(20, value.Length)]}", operation.Fill(), Token, Probe.Json(Every(operation, value)));
            foreach (string name in operation.BodyProperties!)
            {
                // Members that nobody knows are ignored, so that an object may be right for a field that is one.
                foreach (string value in values)
                    await _probe.SendAsync(operation, $"{name} = {value[..Math.Min(20, value.Length)]}", operation.Fill(), Token, Probe.Json($"{{\"{name}\":{value}}}"), mustRefuse: !value.StartsWith('{'));
            }
        });
        _probe.AssertNoFaults();
    }

    [Fact]
    public async Task AnyPathParameter_ThatNobodyHas_IsRefused()
    {
        string[] values = ["x", "%", "'; DROP TABLE users; --", "../../etc/passwd", "00000000-0000-0000-0000-000000000000", new string('9', 1500), "\u202e", "0x", "-1", " "];
        await Parallel.ForEachAsync(Harmless.Where(operation => operation.PathParameters.Count > 0), async (operation, _) =>
        {
            foreach (string value in values)
                await _probe.SendAsync(operation, $"path {value[..Math.Min(12, value.Length)]}", operation.Fill(operation.PathParameters.ToDictionary(name => name, _ => value)), Token, Probe.Plausible(operation));
        });
        _probe.AssertNoFaults();
    }

    [Fact]
    public async Task AnyQuery_Abused_NeverFails()
    {
        string[] values =
        [
            "", "0", "-1", "1e9", "99999999999999999999999", "abc", "null", "%00", "\"", "\"unclosed", "a AND", "NEAR(", "*", "a*b*", "col:x", "from:", "before:nonsense", "-",
            "^", "{", "(((((", "a OR OR b", new string('a', 3000), "\ud83d\ude00", "' OR 1=1 --",
        ];
        Dictionary<string, string> own = await OwnAsync();
        await Parallel.ForEachAsync(Harmless.Where(operation => operation.QueryParameters.Count > 0), async (operation, _) =>
        {
            foreach (string name in operation.QueryParameters)
            {
                foreach (string value in values)
                    await _probe.SendAsync(operation, $"{name}={value[..Math.Min(20, value.Length)]}", $"{operation.Fill(own)}?{name}={Uri.EscapeDataString(value)}", Token, Probe.Plausible(operation), mustRefuse: false);
            }
        });
        _probe.AssertNoFaults();
    }

    [Fact]
    public async Task AnyPage_BeyondItsLimits_IsRefused()
    {
        Dictionary<string, string> own = await OwnAsync();
        await Parallel.ForEachAsync(Harmless.Where(operation => operation.QueryParameters.Contains("limit")), async (operation, _) =>
        {
            foreach (string limit in new[] { "0", "-1", "100000", int.MinValue.ToString(CultureInfo.InvariantCulture), "x" })
                await _probe.SendAsync(operation, $"limit={limit}", $"{operation.Fill(own)}?limit={limit}{(operation.QueryParameters.Contains("q") ? "&q=a" : "")}", Token);
        });
        await Parallel.ForEachAsync(Harmless.Where(operation => operation.QueryParameters.Contains("next")), async (operation, _) =>
        {
            foreach (string next in new[] { "x", "-1", "!!", new string('A', 5000) })
                await _probe.SendAsync(operation, $"next={next[..Math.Min(8, next.Length)]}", $"{operation.Fill(own)}?next={next}{(operation.QueryParameters.Contains("q") ? "&q=a" : "")}", Token);
        });
        Operation messages = _probe.Operations.Single(operation => operation.Path == "/chat/conversations/{id}/messages");
        Operation events = _probe.Operations.Single(operation => operation.Path == "/chat/conversations/{id}/events");
        foreach ((Operation operation, string query) in new[]
        {
            (messages, "before=-1"), (messages, "after=-1"), (messages, "around=-1"), (messages, "before=1&after=1"), (messages, "around=1&before=1"),
            (messages, "before=1.5"), (messages, "thread=x"), (events, "before=-1"), (events, "after=-1"), (events, "before=2&after=1"), (events, "after=9223372036854775808"),
        })
        {
            await _probe.SendAsync(operation, query, $"{operation.Fill(own)}?{query}", Token);
        }
        _probe.AssertNoFaults();
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
            foreach (Operation operation in _probe.Operations.Where(operation => operation.Path.StartsWith("/chat/conversations/{id}", StringComparison.Ordinal)))
                await _probe.SendAsync(operation, $"by {who}", operation.Fill(theirs), token, Body(operation, group), status: HttpStatusCode.NotFound);
        }
        foreach (TestPerson person in people)
            await person.DisposeAsync();
        _probe.AssertNoFaults();
    }

    [Fact]
    public async Task AnythingElseOfSomebody_ForAStranger_Is404()
    {
        await using TestPerson other = await server.PersonAsync();
        Guid notes = (await other.Client.Chat.OpenDirectAsync(other.Id.ToString())).Id;
        Command later = Steps.Text(notes, "later") with { ScheduledFor = TimeProvider.System.GetUtcNow().AddHours(1) };
        await other.Client.SendAsync(later);
        UploadView upload = await other.Client.Media.BeginAsync(new StartUploadRequest { FileName = "a.bin", ContentType = "application/octet-stream", Size = 1 });
        UploadView whole = await other.Client.Media.BeginAsync(new StartUploadRequest { FileName = "b.bin", ContentType = "application/octet-stream", Size = 1 });
        await other.Client.Media.PutPartAsync(whole.Parts[0], new byte[] { 1 });
        await other.Client.Media.CompleteAsync(whole.UploadId);
        Guid session = Assert.Single((await other.Client.People.SessionsAsync()).Items).Id;
        Dictionary<string, (HttpMethod[] Methods, Dictionary<string, string> Values)> theirs = new()
        {
            ["/user/sessions/{id}"] = ([HttpMethod.Delete], new() { ["id"] = session.ToString() }),
            ["/user/wallets/{address}"] = ([HttpMethod.Patch, HttpMethod.Delete], new() { ["address"] = other.Key.Address }),
            ["/chat/scheduled/{conversationId}/{commandId}"] = ([HttpMethod.Delete], new() { ["conversationId"] = notes.ToString(), ["commandId"] = later.CommandId.ToString() }),
            ["/media/uploads/{id}"] = ([HttpMethod.Get, HttpMethod.Delete], new() { ["id"] = upload.UploadId.ToString() }),
            ["/media/uploads/{id}/complete"] = ([HttpMethod.Post], new() { ["id"] = upload.UploadId.ToString() }),
            ["/media/{id}/url"] = ([HttpMethod.Get], new() { ["id"] = whole.UploadId.ToString() }),
            ["/media/{id}"] = ([HttpMethod.Get, HttpMethod.Delete], new() { ["id"] = whole.UploadId.ToString() }),
        };
        foreach ((string path, (HttpMethod[] methods, Dictionary<string, string> values)) in theirs)
        {
            foreach (HttpMethod method in methods)
            {
                Operation operation = _probe.Operations.Single(one => one.Path == path && one.Method == method);
                await _probe.SendAsync(
                    operation, "of somebody else", operation.Fill(values), Token, operation.BodyProperties is null ? null : Probe.Json("""{"primary":true}"""), status: HttpStatusCode.NotFound);
            }
        }
        _probe.AssertNoFaults();
        // Nothing of it happened.
        Assert.Contains((await other.Client.Chat.ScheduledAsync()).Items, waiting => waiting.CommandId == later.CommandId);
        Assert.Equal(upload.UploadId, (await other.Client.Media.FindUploadAsync(upload.UploadId)).UploadId);
        Assert.NotNull(await other.Client.Media.UrlAsync(whole.UploadId));
    }

    [Fact]
    public async Task AnythingForAdmins_ByAnybodyElse_Is403()
    {
        foreach (Operation operation in _probe.Operations.Where(one => one.Path.StartsWith("/user/admin/", StringComparison.Ordinal) || one.Path.StartsWith("/user/invites", StringComparison.Ordinal)))
            await _probe.SendAsync(operation, "by somebody who is no admin", operation.Fill(), Token, Probe.Plausible(operation), status: HttpStatusCode.Forbidden);
        _probe.AssertNoFaults();
    }

    private static ByteArrayContent? Body(Operation operation, Guid conversation) => operation.BodyProperties is null ? null : Probe.Json(operation.Path.Split('/')[^1] switch
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
            using HttpResponseMessage response = await _probe.Http.GetAsync(new Uri(path, UriKind.Relative));
            if (await Refused.FaultAsync(response, mustRefuse: true) is { } fault)
                _probe.Note($"{path}: {fault}");
        }
        _probe.AssertNoFaults();
    }
}
