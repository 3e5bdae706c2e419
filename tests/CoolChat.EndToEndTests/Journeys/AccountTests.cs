using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Journeys;

/// <summary>Everything about me, and nothing about me any more.</summary>
public sealed class AccountTests(Server server) : IAsyncLifetime
{
    private readonly string _file = Path.GetTempFileName();
    private TestPerson _me = null!;
    private TestPerson _friend = null!;
    private Guid _direct;
    private Guid _group;
    private Guid _mine;
    private Guid _theirs;
    private Attachment _picture = null!;

    public async ValueTask InitializeAsync()
    {
        TestPerson[] people = await server.PeopleAsync(2);
        (_me, _friend) = (people[0], people[1]);
        await _me.Client.People.UpdateMeAsync(new ProfileChanges { DisplayName = "Mira Exported", Bio = "about me" });
        await _me.Client.People.AddContactAsync(_friend.Id);
        _direct = await Steps.DirectAsync(_me, _friend);
        _group = await Steps.GroupAsync(_me, _friend);
        _mine = (await _me.Client.SendTextAsync(_direct, "my own words")).CommandId!.Value;
        _theirs = (await _friend.Client.SendTextAsync(_direct, "their words")).CommandId!.Value;
        await File.WriteAllTextAsync(_file, "bytes of mine");
        _picture = await _me.Client.Media.UploadAsync(_file, "text/plain");
        await _me.Client.SendAsync(Steps.Command(_group, CommandTypes.MessageSend) with { Content = new Content { Type = ContentTypes.File, Attachments = [_picture] } });
        await _me.Client.SendAsync(Steps.Text(_direct, "edited words") with { Type = CommandTypes.MessageEdit, MessageId = _mine });
        await _me.Client.SendAsync(Steps.Text(_direct, "for later") with { ScheduledFor = TimeProvider.System.GetUtcNow().AddDays(1) });
    }

    public async ValueTask DisposeAsync()
    {
        await _me.DisposeAsync();
        await _friend.DisposeAsync();
        File.Delete(_file);
    }

    [Fact]
    public async Task Export_IsAZipOfEverythingOfMine_AndOfNobodyElses()
    {
        using HttpClient http = Steps.Http(server.Url, _me);
        using HttpResponseMessage answer = await http.GetAsync(new Uri("user/me/export", UriKind.Relative));
        Assert.Equal("application/zip", answer.Content.Headers.ContentType?.MediaType);
        using ZipArchive zip = new(await answer.Content.ReadAsStreamAsync());
        Dictionary<string, string> files = [];
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using StreamReader reader = new(await entry.OpenAsync());
            files[entry.FullName] = await reader.ReadToEndAsync();
        }
        Assert.Contains("Mira Exported", files["user/profile.json"], StringComparison.Ordinal);
        Assert.Contains(_friend.Id.ToString(), files["user/contacts.json"], StringComparison.Ordinal);
        Assert.Contains(_group.ToString(), files["chat/conversations.jsonl"], StringComparison.Ordinal);
        Assert.Contains("my own words", files["chat/events.jsonl"], StringComparison.Ordinal);
        Assert.Contains("edited words", files["chat/events.jsonl"], StringComparison.Ordinal);
        Assert.DoesNotContain("their words", files["chat/events.jsonl"], StringComparison.Ordinal);
        Assert.Contains("for later", files["chat/scheduled.jsonl"], StringComparison.Ordinal);
        Assert.Equal("bytes of mine", Assert.Single(files, file => file.Key.StartsWith("media/files/", StringComparison.Ordinal)).Value);
        // Each line is JSON by itself.
        foreach (string line in files.Where(file => file.Key.EndsWith(".jsonl", StringComparison.Ordinal)).SelectMany(file => file.Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)))
            JsonDocument.Parse(line).Dispose();
    }

    [Fact]
    public async Task Delete_WithMyWords_ErasesEveryBodyOfMine_AndTheLogStaysWhole()
    {
        IReadOnlyList<ChatEvent> before = (await _friend.Client.Chat.EventsAsync(_direct)).Events;
        WalletKey key = _me.Key;
        string token = _me.Client.Tokens.AccessToken;
        await DeleteAsync(eraseMessages: true);

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("user/me", token));
        await Eventually.TrueAsync(() => _me.Client.State == ConnectionState.Closed, "the connections of the deleted are closed");
        ProfileView tombstone = await _friend.Client.People.ProfileAsync(_me.Id.ToString());
        Assert.Equal((true, null, null), (tombstone.Deleted, tombstone.DisplayName, tombstone.Bio));
        Assert.DoesNotContain((await _friend.Client.People.SearchAsync("Mira Exported")).Items, found => found.UserId == _me.Id);

        // Every event is still there, in a whole chain; of mine nothing but the headers, of others everything.
        foreach (Guid conversation in new[] { _direct, _group })
        {
            IReadOnlyList<ChatEvent> log = (await _friend.Client.Chat.EventsAsync(conversation)).Events;
            AssertWhole(log);
            Assert.All(log.Where(e => e.Sender == _me.Id && e.Type is EventTypes.MessageSent or EventTypes.MessageEdited), e => Assert.Equal((null, null), (e.Body, e.Salt)));
            string raw = JsonSerializer.Serialize(log, CoolChatJson.Options);
            Assert.DoesNotContain("words\"", raw.Replace("their words\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
        IReadOnlyList<ChatEvent> after = (await _friend.Client.Chat.EventsAsync(_direct)).Events;
        Assert.Equal(before.Select(e => (e.Seq, e.BodyHash, e.PrevHash)), after.Take(before.Count).Select(e => (e.Seq, e.BodyHash, e.PrevHash)));
        Assert.NotNull(after.Single(e => e.MessageId == _theirs || e.CommandId == _theirs).Body);

        MessagePage shown = await _friend.Client.Chat.MessagesAsync(_direct);
        Assert.NotNull(shown.Items.Single(message => message.MessageId == _mine).Deleted);
        Assert.Equal("their words", shown.Items.Single(message => message.MessageId == _theirs).Content!.Text);
        await _friend.SeesAsync(_direct, state => state.Find(_mine) is { Content: null, Deleted: not null }, "the tombstone reaches who is connected");
        await Steps.RefusedAsync(ErrorCodes.NotFound, () => _friend.Client.Media.UrlAsync(_picture.MediaId));
        await Eventually.TrueAsync(async () => (await _friend.Client.Chat.SearchAsync("edited")).Items.All(hit => hit.Message.MessageId != _mine), "search has forgotten it");
        Assert.Equal(Roles.Owner, (await _friend.Client.Chat.GetAsync(_group)).Role);

        await using TestPerson anew = await TestPerson.SignInAsync(server.Url, key);
        Assert.NotEqual(_me.Id, anew.Id);
        Assert.Empty((await anew.Client.Chat.ListAsync()).Items);
    }

    [Fact]
    public async Task Delete_WithoutMyWords_LeavesThemToTheOthers()
    {
        await DeleteAsync(eraseMessages: false);
        MessagePage shown = await _friend.Client.Chat.MessagesAsync(_direct);
        Assert.Equal("edited words", shown.Items.Single(message => message.MessageId == _mine).Content!.Text);
        using MemoryStream bytes = new();
        await _friend.Client.Media.DownloadAsync(_picture.MediaId, bytes);
        Assert.Equal("bytes of mine"u8.ToArray(), bytes.ToArray());
        Assert.True((await _friend.Client.People.ProfileAsync(_me.Id.ToString())).Deleted);
    }

    private async Task DeleteAsync(bool eraseMessages)
    {
        using HttpClient http = Steps.Http(server.Url, _me);
        using HttpRequestMessage unconfirmed = new(HttpMethod.Delete, "user/me") { Content = JsonContent.Create(new DeleteAccountRequest { Confirm = _friend.Key.Address }, options: CoolChatJson.Options) };
        await Refused.AssertAsync(await http.SendAsync(unconfirmed), HttpStatusCode.BadRequest);
        using HttpRequestMessage request = new(HttpMethod.Delete, "user/me")
        {
            Content = JsonContent.Create(new DeleteAccountRequest { Confirm = _me.Key.Address, EraseMessages = eraseMessages }, options: CoolChatJson.Options),
        };
        using HttpResponseMessage answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private async Task<HttpStatusCode> StatusAsync(string path, string token)
    {
        using HttpClient http = Steps.Http(server.Url);
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using HttpResponseMessage answer = await http.GetAsync(new Uri(path, UriKind.Relative));
        return answer.StatusCode;
    }

    private static void AssertWhole(IReadOnlyList<ChatEvent> log)
    {
        byte[] expected = HashChain.Genesis.ToArray();
        for (int i = 0; i < log.Count; i++)
        {
            Assert.Equal(i + 1, log[i].Seq);
            Assert.Equal(System.Buffers.Text.Base64Url.EncodeToString(expected), log[i].PrevHash);
            expected = HashChain.HashHeader(log[i]);
        }
    }
}
