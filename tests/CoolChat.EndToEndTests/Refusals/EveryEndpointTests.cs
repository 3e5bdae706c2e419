using System.Net;
using System.Text.Json;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Refusals;

/// <summary>Every operation that the documents tell, asked as it should be, by somebody who may: none can be left untested, and none can be forgotten here.</summary>
public sealed class EveryEndpointTests(Server server) : IAsyncLifetime
{
    private readonly List<TestPerson> _people = [];
    private Probe _probe = null!;
    private TestPerson _person = null!;
    private TestPerson _other = null!;
    private TestPerson? _owner;
    private Guid _group;
    private Guid _message;
    private InviteView _invite = null!;
    private Guid _media;

    public async ValueTask InitializeAsync()
    {
        _probe = await Probe.StartAsync(server.Url);
        _owner = await server.OwnerAsync();
        (_person, _other) = (await PersonAsync(), await PersonAsync());
        _group = await Steps.GroupAsync(_person);
        Command send = Steps.Text(_group, "see https://example.org");
        _message = send.CommandId;
        await _person.Client.Chat.SubmitAsync(send);
        await _person.Client.Chat.SubmitAsync(Steps.Command(_group, CommandTypes.ReactionAdd) with { MessageId = _message, Key = "👍" });
        await _person.Client.Chat.SubmitAsync(Steps.Command(_group, CommandTypes.MessagePin) with { MessageId = _message });
        await _person.Client.Chat.SubmitAsync(Steps.Text(_group, "edited") with { Type = CommandTypes.MessageEdit, MessageId = _message });
        _invite = await _person.Client.Chat.CreateInviteAsync(_group);
        _media = await MediaAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TestPerson person in _people)
            await person.DisposeAsync();
        _probe.Dispose();
    }

    private async Task<TestPerson> PersonAsync()
    {
        TestPerson person = await TestPerson.SignInAsync(server.Url);
        _people.Add(person);
        return person;
    }

    private async Task<UploadView> UploadAsync()
    {
        UploadView upload = await _person.Client.Media.BeginAsync(new StartUploadRequest { FileName = "a.bin", ContentType = "application/octet-stream", Size = 3 });
        await _person.Client.Media.PutPartAsync(upload.Parts[0], new byte[] { 1, 2, 3 });
        return upload;
    }

    private async Task<Guid> MediaAsync()
    {
        UploadView upload = await UploadAsync();
        return (await _person.Client.Media.CompleteAsync(upload.UploadId)).MediaId;
    }

    /// <summary>What a GET or an operation without a body needs; by method and path, in the order in which they don't spoil one another.</summary>
    private Dictionary<string, Func<Task<(string Path, TestPerson? By)>>> Bare() => new()
    {
        ["GET /.well-known/jwks.json"] = () => Of(".well-known/jwks.json", null),
        ["GET /user/auth/config"] = () => Of("user/auth/config", null),
        ["GET /user/auth/nonce"] = () => Of("user/auth/nonce", null),
        ["GET /user/sessions"] = () => Of("user/sessions"),
        ["DELETE /user/sessions"] = async () => ("user/sessions", await PersonAsync()),
        ["DELETE /user/sessions/{id}"] = async () =>
        {
            TestPerson leaving = await PersonAsync();
            return ($"user/sessions/{(await leaving.Client.People.SessionsAsync()).Items[0].Id}", leaving);
        },
        ["GET /user/me"] = () => Of("user/me"),
        ["GET /user/me/export"] = () => Of("user/me/export"),
        ["GET /user/profiles"] = () => Of($"user/profiles?ids={_person.Id},{_other.Id}"),
        ["GET /user/profiles/{userIdOrAddress}"] = () => Of($"user/profiles/{_other.Key.Address}"),
        ["GET /user/search"] = () => Of($"user/search?q={_other.Key.Address[..10]}&limit=5"),
        ["DELETE /user/wallets/{address}"] = async () =>
        {
            TestPerson rotating = await PersonAsync();
            using HttpClient http = Steps.Http(server.Url, rotating);
            Client.WalletKey fresh = Client.WalletKey.Create();
            WalletProof proof = await Steps.SignLinkAsync(http, fresh);
            using HttpResponseMessage linked = await http.PostAsync(new Uri("user/wallets", UriKind.Relative), Probe.Json(JsonSerializer.Serialize(proof, CoolChatJson.Options)));
            Assert.Equal(HttpStatusCode.OK, linked.StatusCode);
            return ($"user/wallets/{fresh.Address}", rotating);
        },
        ["GET /user/contacts"] = () => Of("user/contacts?limit=1"),
        ["PUT /user/contacts/{id}"] = () => Of($"user/contacts/{_other.Id}"),
        ["DELETE /user/contacts/{id}"] = () => Of($"user/contacts/{_other.Id}"),
        ["GET /user/blocks"] = () => Of("user/blocks"),
        ["PUT /user/blocks/{id}"] = () => Of($"user/blocks/{_other.Id}"),
        ["DELETE /user/blocks/{id}"] = () => Of($"user/blocks/{_other.Id}"),
        ["GET /user/invites"] = () => Of("user/invites", _owner),
        ["DELETE /user/invites/{id}"] = async () =>
        {
            using HttpResponseMessage made = await _probe.ExchangeAsync(HttpMethod.Post, "user/invites", _owner!.Client.Tokens.AccessToken, Probe.Json("{}"));
            using JsonDocument invite = JsonDocument.Parse(await made.Content.ReadAsStringAsync());
            return ($"user/invites/{invite.RootElement.GetProperty("id").GetGuid()}", _owner);
        },
        ["GET /user/admin/server"] = () => Of("user/admin/server", _owner),
        ["GET /user/admin/users/{userId}"] = () => Of($"user/admin/users/{_person.Id}", _owner),
        ["GET /chat/conversations"] = () => Of("chat/conversations?limit=1"),
        ["GET /chat/conversations/{id}"] = () => Of($"chat/conversations/{_group}"),
        ["GET /chat/conversations/{id}/members"] = () => Of($"chat/conversations/{_group}/members"),
        ["GET /chat/channels"] = () => Of("chat/channels?q=a"),
        ["GET /chat/search"] = () => Of("chat/search?q=edited"),
        ["GET /chat/conversations/{id}/commands/{commandId}"] = () => Of($"chat/conversations/{_group}/commands/{_message}"),
        ["GET /chat/scheduled"] = () => Of("chat/scheduled"),
        ["DELETE /chat/scheduled/{conversationId}/{commandId}"] = async () =>
        {
            Command later = Steps.Text(_group, "later") with { ScheduledFor = TimeProvider.System.GetUtcNow().AddHours(1) };
            await _person.Client.Chat.SubmitAsync(later);
            return ($"chat/scheduled/{_group}/{later.CommandId}", _person);
        },
        ["GET /chat/conversations/{id}/events"] = () => Of($"chat/conversations/{_group}/events?after=0&limit=2"),
        ["GET /chat/conversations/{id}/messages"] = () => Of($"chat/conversations/{_group}/messages?around=2"),
        ["GET /chat/conversations/{id}/messages/{messageId}"] = () => Of($"chat/conversations/{_group}/messages/{_message}"),
        ["GET /chat/conversations/{id}/messages/{messageId}/edits"] = () => Of($"chat/conversations/{_group}/messages/{_message}/edits"),
        ["GET /chat/conversations/{id}/messages/{messageId}/reactions/{key}"] = () => Of($"chat/conversations/{_group}/messages/{_message}/reactions/{Uri.EscapeDataString("👍")}"),
        ["GET /chat/conversations/{id}/pins"] = () => Of($"chat/conversations/{_group}/pins"),
        ["GET /chat/conversations/{id}/invites"] = () => Of($"chat/conversations/{_group}/invites"),
        ["GET /chat/invites/{code}"] = () => Of($"chat/invites/{_invite.Code}", _other),
        ["POST /chat/invites/{code}/join"] = () => Of($"chat/invites/{_invite.Code}/join", _other),
        ["DELETE /chat/conversations/{id}/invites/{inviteId}"] = () => Of($"chat/conversations/{_group}/invites/{_invite.InviteId}"),
        ["GET /chat/conversations/{id}/stats"] = () => Of($"chat/conversations/{_group}/stats"),
        ["GET /chat/conversations/{id}/links"] = () => Of($"chat/conversations/{_group}/links"),
        ["GET /media/uploads/{id}"] = async () => ($"media/uploads/{(await UploadAsync()).UploadId}", _person),
        ["DELETE /media/uploads/{id}"] = async () => ($"media/uploads/{(await UploadAsync()).UploadId}", _person),
        ["POST /media/uploads/{id}/complete"] = async () => ($"media/uploads/{(await UploadAsync()).UploadId}/complete", _person),
        ["GET /media/{id}/url"] = () => Of($"media/{_media}/url"),
        ["GET /media/{id}"] = () => Of($"media/{_media}"),
        ["DELETE /media/{id}"] = async () => ($"media/{await MediaAsync()}", _person),
    };

    private Task<(string Path, TestPerson? By)> Of(string path) => Of(path, _person);

    private static Task<(string Path, TestPerson? By)> Of(string path, TestPerson? by) => Task.FromResult((path, by));

    [Fact]
    public void Tables_HoldEveryOperation()
    {
        string[] bodies = [.. new ValidBodies(server, _person, _owner, _group).All.Keys];
        // Parts are sent by every upload above, to the signed addresses that it was given.
        string[] known = [.. Bare().Keys, .. bodies, "PUT /media/uploads/{id}/parts/{number}"];
        Assert.Equal(_probe.Operations.Select(operation => operation.ToString()).Order(StringComparer.Ordinal), known.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task AnyOperationWithoutABody_ByWhoMay_IsAnswered()
    {
        foreach ((string operation, Func<Task<(string Path, TestPerson? By)>> make) in Bare())
        {
            if (_owner is null && (operation.Contains("/admin/", StringComparison.Ordinal) || operation.Contains("/user/invites", StringComparison.Ordinal)))
                continue;
            (string path, TestPerson? by) = await make();
            using HttpResponseMessage answer = await _probe.ExchangeAsync(new HttpMethod(operation.Split(' ')[0]), path, by?.Client.Tokens.AccessToken);
            if (!answer.IsSuccessStatusCode)
                _probe.Note($"{operation}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
        _probe.AssertNoFaults();
    }
}
