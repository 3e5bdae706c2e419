using System.Net;
using System.Net.Http.Json;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Journeys;

/// <summary>What people do less often: forward, look at who reacted and at earlier words, polls that close by themselves, messages that all disappear.</summary>
public sealed class DetailTests(Server server) : IAsyncLifetime
{
    // The smallest picture: one transparent pixel.
    private static readonly byte[] Pixel = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==");

    private readonly string _file = Path.GetTempFileName();
    private TestPerson _ann = null!;
    private TestPerson _bob = null!;
    private Guid _direct;

    public async ValueTask InitializeAsync()
    {
        TestPerson[] people = await server.PeopleAsync(2);
        (_ann, _bob) = (people[0], people[1]);
        _direct = await Steps.DirectAsync(_ann, _bob);
    }

    public async ValueTask DisposeAsync()
    {
        await _ann.DisposeAsync();
        await _bob.DisposeAsync();
        File.Delete(_file);
    }

    private async Task<T> GetAsync<T>(TestPerson person, string path)
    {
        using HttpClient http = Steps.Http(server.Url, person);
        return (await http.GetFromJsonAsync<T>(path, CoolChatJson.Options))!;
    }

    private async Task<Guid> SentAsync(TestPerson sender, string text) => (await sender.Client.SendTextAsync(_direct, text)).CommandId!.Value;

    [Fact]
    public async Task Forward_OfWhatOneSees_NamesItsAuthor_AndOfAnythingElse_IsRefused()
    {
        Guid original = await SentAsync(_ann, "worth passing on");
        Guid notes = (await _bob.Client.Chat.OpenDirectAsync(_bob.Id.ToString())).Id;
        Command forward = Steps.Text(notes, "worth passing on") with { ForwardedFrom = new ForwardedFrom { ConversationId = _direct, MessageId = original } };
        await _bob.Client.SendAsync(forward);
        MessageView shown = Assert.Single((await _bob.Client.Chat.MessagesAsync(notes)).Items);
        Assert.Equal((_direct, original, (Guid?)_ann.Id), (shown.ForwardedFrom!.ConversationId, shown.ForwardedFrom.MessageId, shown.ForwardedFrom.Sender));

        await using TestPerson stranger = await server.PersonAsync();
        Guid theirs = (await stranger.Client.Chat.OpenDirectAsync(stranger.Id.ToString())).Id;
        await Assert.ThrowsAsync<CoolChatException>(() => stranger.Client.SendAsync(forward with { CommandId = Guid.CreateVersion7(), ConversationId = theirs }));
    }

    [Fact]
    public async Task EditsReactionsAndPins_AreTold()
    {
        Guid message = await SentAsync(_ann, "first");
        foreach (string text in new[] { "second", "third" })
            await _ann.Client.SendAsync(Steps.Text(_direct, text) with { Type = CommandTypes.MessageEdit, MessageId = message });
        foreach (TestPerson person in new[] { _ann, _bob })
            await person.Client.SendAsync(Steps.Command(_direct, CommandTypes.ReactionAdd) with { MessageId = message, Key = "🦜" });
        await _bob.Client.SendAsync(Steps.Command(_direct, CommandTypes.MessagePin) with { MessageId = message });
        string path = $"chat/conversations/{_direct}/messages/{message}";

        Page<MessageEditView> edits = await GetAsync<Page<MessageEditView>>(_bob, path + "/edits");
        Assert.Equal(["first", "second", "third"], edits.Items.Select(edit => edit.Content!.Text));
        Page<Guid> reactions = await GetAsync<Page<Guid>>(_bob, $"{path}/reactions/{Uri.EscapeDataString("🦜")}");
        Assert.Equal([_ann.Id, _bob.Id], reactions.Items);
        Assert.Equal([message], (await GetAsync<MessagePage>(_ann, $"chat/conversations/{_direct}/pins")).Items.Select(pinned => pinned.MessageId));

        await _ann.Client.SendAsync(Steps.Command(_direct, CommandTypes.MessageDelete) with { MessageId = message });
        using HttpClient http = Steps.Http(server.Url, _bob);
        string gone = await http.GetStringAsync(new Uri($"chat/conversations/{_direct}/events", UriKind.Relative));
        Assert.DoesNotContain("second", gone, StringComparison.Ordinal);
        Assert.Empty((await GetAsync<MessagePage>(_ann, $"chat/conversations/{_direct}/pins")).Items);
    }

    [Fact]
    public async Task Poll_OfSeveralChoices_ThatClosesByItself_TakesNoVoteAfterwards()
    {
        Command poll = Steps.Command(_direct, CommandTypes.MessageSend) with
        {
            Content = new Content
            {
                Type = ContentTypes.Poll,
                Poll = new Poll { Question = "When?", Options = ["Mon", "Tue", "Wed"], Multiple = true, ClosesAt = TimeProvider.System.GetUtcNow().AddSeconds(8) },
            },
        };
        await _ann.Client.SendAsync(poll);
        Command vote = Steps.Command(_direct, CommandTypes.PollVote) with { MessageId = poll.CommandId, Options = [0, 2] };
        CoolChatException? late = null;
        try
        {
            await _bob.Client.SendAsync(vote);
        }
        catch (CoolChatException refused) when (refused.Code == ErrorCodes.Conflict)
        {
            late = refused;
        }
        ConversationState state = await _ann.SeesAsync(_direct, s => s.Find(poll.CommandId)?.Poll?.Closed == true, "it closes by itself");
        if (late is null)
            Assert.Equal([1, 0, 1], state.Find(poll.CommandId)!.Poll!.Counts);
        await Steps.RefusedAsync(ErrorCodes.Conflict, () => _bob.Client.SendAsync(vote with { CommandId = Guid.CreateVersion7() }));
    }

    [Fact]
    public async Task Lifetime_OfTheConversation_ErasesWhatIsSentFromThenOn()
    {
        Guid before = await SentAsync(_ann, "stays");
        await _bob.Client.SendAsync(Steps.Command(_direct, CommandTypes.ConversationChange) with { Changes = new ConversationChanges { ExpiresAfter = 5 } });
        Guid after = await SentAsync(_ann, "goes");
        ConversationState state = await _bob.SeesAsync(_direct, s => s.Find(after)?.Deleted == "expired", "it is gone");
        Assert.Equal("stays", state.Find(before)!.Content!.Text);
    }

    [Fact]
    public async Task Preferences_MuteArchiveMarkUnread_AreOnesOwn()
    {
        await SentAsync(_bob, "hello");
        await using TestPerson tablet = await TestPerson.ConnectAsync(server.Url, _ann.Key);
        DateTimeOffset until = TimeProvider.System.GetUtcNow().AddDays(1);
        await _ann.Client.Chat.SetPreferencesAsync(_direct, new MemberPreferences { MutedUntil = until, Archived = true, MarkedUnread = true });
        ConversationState state = await tablet.SeesAsync(_direct, s => s.Summary?.Preferences is { Archived: true, MutedUntil: not null }, "the other device has them");
        Assert.True(state.Summary!.MarkedUnread == true || state.Summary.Preferences!.MarkedUnread == true);
        ConversationView theirs = await _bob.Client.Chat.GetAsync(_direct);
        Assert.Null(theirs.Preferences?.MutedUntil);
        Assert.NotEqual(true, theirs.Preferences?.Archived);
    }

    [Fact]
    public async Task Contacts_AreListedUntilRemoved()
    {
        await _ann.Client.People.AddContactAsync(_bob.Id);
        await _ann.Client.People.AddContactAsync(_bob.Id);
        Assert.Equal(_bob.Id, Assert.Single((await GetAsync<Page<RelationView>>(_ann, "user/contacts")).Items).User.UserId);
        Assert.Empty((await GetAsync<Page<RelationView>>(_bob, "user/contacts")).Items);
        await _ann.Client.People.RemoveContactAsync(_bob.Id);
        Assert.Empty((await GetAsync<Page<RelationView>>(_ann, "user/contacts")).Items);
    }

    [Fact]
    public async Task Avatar_IsSeenByEverybody_WhileTheProfileShowsIt()
    {
        await File.WriteAllBytesAsync(_file, Pixel);
        Attachment picture = await _ann.Client.Media.UploadAsync(_file, "image/png");
        await Steps.RefusedAsync(ErrorCodes.NotFound, () => _bob.Client.Media.UrlAsync(picture.MediaId));
        await _ann.Client.People.UpdateMeAsync(new ProfileChanges { Avatar = picture.MediaId.ToString() });
        Assert.Equal(picture.MediaId, (await _bob.Client.People.ProfileAsync(_ann.Id.ToString())).Avatar);
        using MemoryStream bytes = new();
        await _bob.Client.Media.DownloadAsync(picture.MediaId, bytes);
        Assert.Equal(Pixel, bytes.ToArray());
        await _ann.Client.People.UpdateMeAsync(new ProfileChanges { Avatar = "" });
        await Steps.RefusedAsync(ErrorCodes.NotFound, () => _bob.Client.Media.UrlAsync(picture.MediaId));
    }

    [Theory]
    [InlineData("text/html", "<script>alert(1)</script>")]
    [InlineData("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")]
    [InlineData("image/png", "<script>alert(1)</script>")]
    [InlineData("application/xhtml+xml", "<html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>")]
    public async Task Download_OfWhatCouldRunScript_CannotRunOnOurOrigin(string contentType, string content)
    {
        await File.WriteAllTextAsync(_file, content);
        Attachment attachment = await _ann.Client.Media.UploadAsync(_file, contentType);
        using HttpClient anybody = new();
        using HttpResponseMessage answer = await anybody.GetAsync(await _ann.Client.Media.UrlAsync(attachment.MediaId));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        string[] header = [.. answer.Headers.Concat(answer.Content.Headers).Select(one => $"{one.Key}: {string.Join(", ", one.Value)}")];
        Assert.Contains("X-Content-Type-Options: nosniff", header);
        bool inert = answer.Content.Headers.ContentDisposition?.DispositionType == "attachment" || answer.Content.Headers.ContentType?.MediaType == "application/octet-stream";
        Assert.True(inert, string.Join('\n', header));
        Assert.Contains(header, one => one.StartsWith("Content-Security-Policy:", StringComparison.Ordinal) && one.Contains("sandbox", StringComparison.Ordinal));
    }
}
