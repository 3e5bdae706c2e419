using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Refusals;

/// <summary>Bodies that are right but for one thing, for every endpoint that takes one.</summary>
public sealed class BodyRefusalTests(Server server) : IAsyncLifetime
{
    private const string Mark = "\u0001mark\u0001";
    private Probe _probe = null!;
    private TestPerson _person = null!;
    private ValidBodies _valid = null!;

    public async ValueTask InitializeAsync()
    {
        _probe = await Probe.StartAsync(server.Url);
        _person = await TestPerson.SignInAsync(server.Url);
        _valid = new ValidBodies(server, _person, await server.OwnerAsync(), await Steps.GroupAsync(_person));
    }

    public async ValueTask DisposeAsync()
    {
        await _person.DisposeAsync();
        _probe.Dispose();
    }

    [Fact]
    public void Table_HoldsEveryOperationWithABody() => Assert.Equal(
        _probe.Operations.Where(operation => operation.BodyProperties is not null).Select(operation => operation.ToString()).Order(StringComparer.Ordinal),
        _valid.All.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public async Task AnyBody_Unchanged_IsTaken()
    {
        foreach ((string operation, Func<Task<ValidRequest>> make) in _valid.All)
        {
            ValidRequest request = await make();
            using HttpResponseMessage answer = await _probe.ExchangeAsync(MethodOf(operation), request.Path, request.Token, Probe.Json(request.Json));
            if (answer.IsSuccessStatusCode == request.RefusedAnyway)
                _probe.Note($"{operation}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
        _probe.AssertNoFaults();
    }

    [Fact]
    public Task AnyBody_WithAKeyTwice_IsRefused() => EveryAsync("twice", (json, _) =>
    {
        List<(string, byte[])> changed = [];
        foreach (JsonProperty member in json.EnumerateObject())
        {
            changed.Add((member.Name, Encoding.UTF8.GetBytes($"{json.GetRawText()[..^1]},{member.ToString()}}}")));
            changed.Add((member.Name + " in capitals", Encoding.UTF8.GetBytes($"{json.GetRawText()[..^1]},\"{member.Name.ToUpperInvariant()}\":{member.Value.GetRawText()}}}")));
            if (member.Value.ValueKind == JsonValueKind.Object && member.Value.EnumerateObject().Any())
            {
                JsonProperty inner = member.Value.EnumerateObject().First();
                changed.Add(($"{member.Name}.{inner.Name}", Encoding.UTF8.GetBytes(json.GetRawText().Replace(inner.ToString(), $"{inner},{inner}", StringComparison.Ordinal))));
            }
        }
        return changed;
    });

    [Fact]
    public Task AnyText_ThatIsNoUnicode_IsRefused() => EveryAsync("no Unicode", (json, strings) =>
    {
        List<(string, byte[])> changed = [];
        byte[][] broken = [[0xC3, 0x28], [0xFF], [0xED, 0xA0, 0x80], [0xC0, 0xAF], [.. "\\ud800"u8], [.. "\\udc00\\ud800"u8]];
        foreach (string path in strings)
        {
            byte[] marked = Encoding.UTF8.GetBytes(Replace(json, path, JsonValue.Create(Mark)!));
            byte[] mark = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(Mark)[1..^1]);
            int at = marked.AsSpan().IndexOf(mark);
            foreach (byte[] bytes in broken)
                changed.Add(($"{path} {Convert.ToHexString(bytes)}", [.. marked[..at], .. bytes, .. marked[(at + mark.Length)..]]));
        }
        return changed;
    });

    [Fact]
    public Task AnyBody_Deep_Torn_OrFollowedByMore_IsRefused() => EveryAsync("", (json, _) =>
    {
        string text = json.GetRawText();
        string open = text[..^1] + ",\"unknown\":";
        return
        [
            ("17 levels", Encoding.UTF8.GetBytes(open + new string('[', 17) + new string(']', 17) + "}")),
            ("5,000 levels", Encoding.UTF8.GetBytes(open + new string('[', 5000) + new string(']', 5000) + "}")),
            ("100,000 levels never closed", Encoding.UTF8.GetBytes(open + string.Concat(Enumerable.Repeat("{\"a\":", 100_000)))),
            ("torn", Encoding.UTF8.GetBytes(text[..^1])),
            ("followed by more", Encoding.UTF8.GetBytes(text + "x")),
            ("twice", Encoding.UTF8.GetBytes(text + text)),
            ("with a comment", Encoding.UTF8.GetBytes("/* x */" + text)),
            ("with a comma too many", Encoding.UTF8.GetBytes(text[..^1] + ",}")),
            ("in an array", Encoding.UTF8.GetBytes($"[{text}]")),
            ("with a key that is no Unicode", [.. Encoding.UTF8.GetBytes(text[..^1] + ",\""), 0xFF, .. "\":1}"u8]),
            ("zeros", new byte[100]),
        ];
    });

    [Fact]
    public Task AnyMember_OfAnotherKind_IsRefused() => EveryAsync("another kind", (json, _) =>
    {
        List<(string, byte[])> changed = [];
        JsonNode[] others = [JsonValue.Create(7), JsonValue.Create("text"), JsonValue.Create(true), new JsonArray(), new JsonObject { ["a"] = 1 }];
        foreach (JsonProperty member in json.EnumerateObject())
        {
            foreach (JsonNode other in others.Where(other => Kind(other.GetValueKind()) != Kind(member.Value.ValueKind)))
                changed.Add(($"{member.Name}: {other.ToJsonString()}", Encoding.UTF8.GetBytes(Replace(json, member.Name, other))));
            if (member.Value.ValueKind == JsonValueKind.Number)
                changed.Add(($"{member.Name}: 1.5", Encoding.UTF8.GetBytes(Replace(json, member.Name, JsonValue.Create(1.5)))));
        }
        return changed;
    });

    [Fact]
    public async Task AnyBody_TooLargeOrOfAnotherMediaType_IsRefused()
    {
        string large = $",\"unknown\":\"{new string('x', 3 << 20)}\"}}";
        await Parallel.ForEachAsync(_probe.Operations.Where(operation => operation.BodyProperties is not null), async (operation, _) =>
        {
            ValidRequest request = await _valid.All[operation.ToString()]();
            await _probe.SendAsync(operation, "too large", request.Path, request.Token, Probe.Json(request.Json[..^1] + large), status: HttpStatusCode.RequestEntityTooLarge);
            await _probe.SendAsync(operation, "as text", request.Path, request.Token, new StringContent(request.Json, Encoding.UTF8, "text/plain"), status: HttpStatusCode.UnsupportedMediaType);
            await _probe.SendAsync(operation, "null", request.Path, request.Token, Probe.Json("null"), mustRefuse: !request.Optional);
            await _probe.SendAsync(operation, "empty", request.Path, request.Token, Probe.Json(""), mustRefuse: !request.Optional);
        });
        _probe.AssertNoFaults();
    }

    private async Task EveryAsync(string what, Func<JsonElement, IReadOnlyList<string>, List<(string What, byte[] Body)>> change)
    {
        await Parallel.ForEachAsync(_probe.Operations.Where(operation => operation.BodyProperties is not null), async (operation, _) =>
        {
            ValidRequest request = await _valid.All[operation.ToString()]();
            using JsonDocument document = JsonDocument.Parse(request.Json);
            foreach ((string changed, byte[] body) in change(document.RootElement, Strings(document.RootElement, "")))
                await _probe.SendAsync(operation, $"{what} {changed}", request.Path, request.Token, Probe.Json(body), status: HttpStatusCode.BadRequest);
        });
        _probe.AssertNoFaults();
    }

    private static JsonValueKind Kind(JsonValueKind kind) => kind == JsonValueKind.False ? JsonValueKind.True : kind;

    private static HttpMethod MethodOf(string operation) => new(operation.Split(' ')[0]);

    /// <summary>Where the texts of a body are: a, a.b, a.0.</summary>
    private static List<string> Strings(JsonElement at, string path)
    {
        string below = path.Length == 0 ? "" : path + ".";
        return at.ValueKind switch
        {
            JsonValueKind.String => [path],
            JsonValueKind.Object => [.. at.EnumerateObject().SelectMany(member => Strings(member.Value, below + member.Name))],
            JsonValueKind.Array => [.. at.EnumerateArray().SelectMany((item, i) => Strings(item, below + i.ToString(CultureInfo.InvariantCulture)))],
            _ => [],
        };
    }

    private static string Replace(JsonElement json, string path, JsonNode value)
    {
        JsonNode root = JsonNode.Parse(json.GetRawText())!;
        JsonNode at = root;
        string[] steps = path.Split('.');
        foreach (string step in steps[..^1])
            at = at is JsonArray array ? array[int.Parse(step, CultureInfo.InvariantCulture)]! : at[step]!;
        at[steps[^1]] = value.DeepClone();
        return root.ToJsonString();
    }
}
