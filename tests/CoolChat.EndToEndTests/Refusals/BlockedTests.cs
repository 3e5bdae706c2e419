using System.Net;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;
using Microsoft.AspNetCore.SignalR.Client;

namespace CoolChat.EndToEndTests.Refusals;

/// <summary>Everything that somebody who was blocked could reach the other one by, and everything that could tell about them.</summary>
public sealed class BlockedTests(Server server) : IAsyncLifetime
{
    private Probe _probe = null!;
    private TestPerson _blocker = null!;
    private TestPerson _blocked = null!;
    private Guid _direct;
    private Guid _message;
    private Guid _own;
    private Guid _poll;

    public async ValueTask InitializeAsync()
    {
        _probe = await Probe.StartAsync(server.Url);
        TestPerson[] people = await server.PeopleAsync(2);
        (_blocker, _blocked) = (people[0], people[1]);
        _direct = await Steps.DirectAsync(_blocked, _blocker);
        _message = (await _blocker.Client.SendTextAsync(_direct, "before")).CommandId!.Value;
        _own = (await _blocked.Client.SendTextAsync(_direct, "my own")).CommandId!.Value;
        await _blocked.Client.SendAsync(Steps.Command(_direct, CommandTypes.MessagePin) with { MessageId = _own });
        Command poll = Steps.Command(_direct, CommandTypes.MessageSend) with { Content = new Content { Type = ContentTypes.Poll, Poll = new Poll { Question = "Lunch?", Options = ["Yes", "No"] } } };
        _poll = (await _blocked.Client.SendAsync(poll)).CommandId!.Value;
        await _blocker.Client.People.BlockAsync(_blocked.Id);
    }

    public async ValueTask DisposeAsync()
    {
        await _blocker.DisposeAsync();
        await _blocked.DisposeAsync();
        _probe.Dispose();
    }

    private string Token => _blocked.Client.Tokens.AccessToken;

    [Theory]
    [InlineData(ConversationKinds.Direct)]
    [InlineData(ConversationKinds.Group)]
    [InlineData(ConversationKinds.Channel)]
    public async Task Create_WithWhoBlockedOne_IsRefusedLikeSomebodyWhoIsNotThere(string kind)
    {
        await using TestPerson other = await server.PersonAsync();
        await other.Client.People.BlockAsync(_blocked.Id);
        string[][] members = [[other.Id.ToString()], [other.Key.Address], [Guid.CreateVersion7().ToString()]];
        List<string> answers = [];
        foreach (string[] who in members)
        {
            CoolChatException refusal = await Assert.ThrowsAsync<CoolChatException>(() => _blocked.Client.Chat.CreateAsync(
                new CreateConversationRequest { CommandId = Guid.CreateVersion7(), Kind = kind, Members = who, Title = kind == ConversationKinds.Direct ? null : "Us" }));
            Assert.Equal((HttpStatusCode.NotFound, ErrorCodes.NotFound), (refusal.Status, refusal.Code));
            answers.Add($"{refusal.Code} {refusal.Message} {refusal.Field}");
        }
        // Nobody can tell by the answer that it was a block.
        Assert.Single(answers.Distinct());
    }

    /// <summary>The REST twin and the hub, for every type of command that does something in a direct conversation.</summary>
    [Theory]
    [InlineData(CommandTypes.MessageSend)]
    [InlineData(CommandTypes.ReactionAdd)]
    [InlineData(CommandTypes.MessagePin)]
    [InlineData(CommandTypes.ConversationChange)]
    [InlineData(CommandTypes.MemberAdd)]
    [InlineData(CommandTypes.MessageEdit)]
    [InlineData(CommandTypes.MessageUnpin)]
    [InlineData(CommandTypes.PollVote)]
    [InlineData(CommandTypes.PollClose)]
    public async Task Command_InTheDirectConversation_IsRefused(string type)
    {
        await using HubConnection hub = RawHub.Json(server.Url, Token);
        await hub.StartAsync();
        Command Make() => Steps.Command(_direct, type) with
        {
            Content = type is CommandTypes.MessageSend or CommandTypes.MessageEdit ? new Content { Type = ContentTypes.Text, Text = "hello?" } : null,
            MessageId = type switch
            {
                CommandTypes.ReactionAdd or CommandTypes.MessagePin => _message,
                CommandTypes.MessageEdit or CommandTypes.MessageUnpin => _own,
                CommandTypes.PollVote or CommandTypes.PollClose => _poll,
                _ => null,
            },
            Options = type == CommandTypes.PollVote ? [0] : null,
            Key = type == CommandTypes.ReactionAdd ? "👍" : null,
            Changes = type == CommandTypes.ConversationChange ? new ConversationChanges { ExpiresAfter = 60 } : null,
            Members = type == CommandTypes.MemberAdd ? [_blocker.Id.ToString()] : null,
        };
        long before = (await _blocker.Client.Chat.GetAsync(_direct)).LastSeq;
        CoolChatException rest = await Assert.ThrowsAsync<CoolChatException>(() => _blocked.Client.Chat.SubmitAsync(Make()));
        CommandResult live = await hub.InvokeAsync<CommandResult>(HubMethods.Submit, Make());
        Assert.False(live.Ok);
        Assert.Equal(rest.Code, live.Error!.Code);
        Assert.NotEqual(ErrorCodes.Internal, rest.Code);
        Assert.Equal(before, (await _blocker.Client.Chat.GetAsync(_direct)).LastSeq);
    }

    [Fact]
    public async Task Scheduled_BeforeTheBlock_IsNotSentAfterIt()
    {
        TestPerson[] people = await server.PeopleAsync(2);
        Guid direct = await Steps.DirectAsync(people[0], people[1]);
        Command later = Steps.Text(direct, "surprise") with { ScheduledFor = TimeProvider.System.GetUtcNow().AddSeconds(2) };
        await people[0].Client.SendAsync(later);
        await people[1].Client.People.BlockAsync(people[0].Id);
        await Eventually.TrueAsync(async () => (await people[0].Client.Chat.ScheduledAsync()).Items.Count == 0, "its time has come");
        Assert.DoesNotContain((await people[1].Client.Chat.EventsAsync(direct)).Events, e => e.CommandId == later.CommandId);
        foreach (TestPerson person in people)
            await person.DisposeAsync();
    }

    [Fact]
    public async Task Profile_OfWhoBlockedOne_TellsNoMoreThanNameAndAddress()
    {
        await _blocker.Client.People.UpdateMeAsync(new ProfileChanges
        {
            DisplayName = "Quill",
            Bio = "secret bio",
            Status = new ProfileStatus { Text = "secret status" },
            Language = "en",
            TimeZone = "Europe/Berlin",
        });
        string[] paths =
        [
            $"user/profiles/{_blocker.Id}", $"user/profiles/{_blocker.Key.Address}", $"user/profiles?ids={_blocker.Id}", $"user/search?q={_blocker.Key.Address}",
            $"chat/conversations/{_direct}", $"chat/conversations/{_direct}/members", "chat/conversations",
        ];
        foreach (string path in paths)
        {
            using HttpResponseMessage answer = await _probe.ExchangeAsync(HttpMethod.Get, path, Token);
            string body = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, $"{path}: {body}");
            Assert.Contains(_blocker.Id.ToString(), body, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
            Assert.DoesNotContain("Europe/Berlin", body, StringComparison.Ordinal);
        }
        // What was written before stays readable: the log is shared.
        Assert.Contains((await _blocked.Client.Chat.MessagesAsync(_direct)).Items, message => message.MessageId == _message);
        // Nor is there a list of those who blocked one.
        await _blocked.Client.People.AddContactAsync(_blocker.Id);
        using HttpResponseMessage contacts = await _probe.ExchangeAsync(HttpMethod.Get, "user/contacts", Token);
        Assert.DoesNotContain("secret", await contacts.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Live_NeitherTypingNorReceiptsNorPresence_CrossABlock()
    {
        await using TestPerson third = await server.PersonAsync();
        Guid group = await Steps.GroupAsync(third, _blocker, _blocked);
        List<string> heard = [];
        bool over = false;
        _blocked.Client.TypingReceived += notice => Hear(notice.ConversationId == _direct, "typing");
        _blocker.Client.TypingReceived += notice => Hear(notice.ConversationId == _direct, "typing of the blocked");
        _blocked.Client.ReceiptsReceived += notices => Hear(notices.Any(notice => notice.ConversationId == _direct && notice.Marks.Any(mark => mark.UserId == _blocker.Id)), "receipts");
        _blocked.Client.PresenceReceived += notices => Hear(notices.Any(notice => notice.UserId == _blocker.Id && (notice.Status == "online" || notice.LastSeen is not null)), "presence");
        TaskCompletionSource present = new(), read = new();
        _blocked.Client.PresenceReceived += notices => Signal(present, notices.Any(notice => notice.UserId == third.Id));
        _blocked.Client.ReceiptsReceived += notices => Signal(read, notices.Any(notice => notice.ConversationId == group && notice.Marks.Any(mark => mark.UserId == third.Id)));

        await _blocked.Client.WatchPresenceAsync([_blocker.Id, third.Id]);
        await _blocked.Client.TypingAsync(_direct);
        await _blocker.Client.TypingAsync(_direct);
        await _blocker.Client.MarkReadAsync(_direct, (await _blocker.Client.Chat.GetAsync(_direct)).LastSeq);
        CommandResult words = await _blocker.Client.SendTextAsync(group, "in the group they still meet");
        await third.Client.MarkReadAsync(group, words.Seq!.Value);

        // What was told of somebody else came after: what had to come before it has come.
        await _blocked.SeesAsync(group, state => state.LastSeq >= words.Seq, "the group is heard");
        await _blocker.SeesAsync(group, state => state.LastSeq >= words.Seq, "the group is heard");
        await Task.WhenAll(present.Task, read.Task).WaitAsync(TimeSpan.FromSeconds(60));
        lock (heard)
        {
            over = true;
            Assert.Empty(heard);
        }
        await _blocker.Client.People.UnblockAsync(_blocked.Id);
        CommandResult last = await _blocked.Client.SendTextAsync(_direct, "friends again");
        await _blocker.SeesAsync(_direct, state => state.LastSeq >= last.Seq, "what is sent after arrives");

        void Hear(bool wrong, string what)
        {
            lock (heard)
            {
                if (wrong && !over)
                    heard.Add(what);
            }
        }

        static void Signal(TaskCompletionSource source, bool condition)
        {
            if (condition)
                source.TrySetResult();
        }
    }

    [Fact]
    public async Task EveryEndpoint_ByTheBlocked_NeverFails()
    {
        Dictionary<string, string> values = new()
        {
            ["id"] = _blocker.Id.ToString(),
            ["userIdOrAddress"] = _blocker.Key.Address,
            ["userId"] = _blocker.Id.ToString(),
            ["address"] = _blocker.Key.Address,
            ["conversationId"] = _direct.ToString(),
            ["commandId"] = _message.ToString(),
            ["messageId"] = _message.ToString(),
            ["key"] = "👍",
        };
        foreach (Operation operation in _probe.Operations.Where(operation => operation.NeedsToken && operation.Path is not "/user/me" and not "/user/sessions"))
        {
            if (operation.Path.StartsWith("/chat/conversations/{id}", StringComparison.Ordinal))
                values["id"] = _direct.ToString();
            else
                values["id"] = _blocker.Id.ToString();
            await _probe.SendAsync(operation, "by the blocked", operation.Fill(values), Token, Probe.Plausible(operation), mustRefuse: false);
        }
        _probe.AssertNoFaults();
    }
}
