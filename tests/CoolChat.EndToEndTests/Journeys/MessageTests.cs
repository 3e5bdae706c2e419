using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Journeys;

public sealed class MessageTests(Server server) : IAsyncLifetime
{
    private TestPerson _ann = null!;
    private TestPerson _bob = null!;
    private Guid _direct;

    public async ValueTask InitializeAsync()
    {
        (_ann, _bob) = (await server.PersonAsync(), await server.PersonAsync());
        _direct = await Steps.DirectAsync(_ann, _bob);
    }

    public async ValueTask DisposeAsync()
    {
        await _ann.DisposeAsync();
        await _bob.DisposeAsync();
    }

    private async Task<Guid> SentAsync(TestPerson sender, string text)
    {
        CommandResult result = await sender.Client.SendTextAsync(_direct, text);
        Assert.Equal(CommandResult.Appended, result.Status);
        return result.CommandId!.Value;
    }

    private async Task EqualAsync()
    {
        ConversationState here = _ann.Client.Find(_direct)!;
        await _bob.SeesAsync(_direct, state => state.LastSeq == here.LastSeq, "both have the same events");
        await using TestPerson fresh = await TestPerson.ConnectAsync(server.Url, _ann.Key);
        MessagePage page = await _ann.Client.Chat.MessagesAsync(_direct, limit: 200);
        Assert.Equivalent(fresh.Client.Find(_direct)!.Messages, here.Messages, strict: true);
        Assert.Equal(page.Items.Select(Shown), here.Messages.Select(Shown));
    }

    private static string Shown(MessageView message) =>
        $"{message.Seq} {message.Content?.Text} {message.Deleted} {message.Edits} {message.Pinned} {message.Replies?.Count} {message.ReplyTo} "
        + string.Join(',', (message.Reactions ?? []).Select(reaction => $"{reaction.Key}{reaction.Count}{reaction.Mine}"))
        + string.Join(',', message.Poll?.Counts ?? []) + message.Poll?.Voters + message.Poll?.Closed;

    [Fact]
    public async Task Send_AText_ArrivesLiveAndCountsAsUnread()
    {
        Guid id = await SentAsync(_ann, "Hello 👋 שלום 你好");
        ConversationState state = await _bob.SeesAsync(_direct, s => s.Find(id) is not null, "the message arrives");
        Assert.Equal("Hello 👋 שלום 你好", state.Find(id)!.Content!.Text);
        Assert.Equal(1, state.Unread);
        Assert.Equal(1, (await _bob.Client.Chat.GetAsync(_direct)).Unread);
        await _bob.Client.MarkReadAsync(_direct, state.LastSeq);
        await Eventually.TrueAsync(async () => (await _bob.Client.Chat.GetAsync(_direct)).Unread == 0, "it is read");
        await _bob.SeesAsync(_direct, s => s.Unread == 0, "the own mark moved");
    }

    [Fact]
    public async Task Send_TheSameCommandAgain_AnswersTheFirstOutcome()
    {
        Command command = Steps.Text(_direct, "once");
        CommandResult first = await _ann.Client.SendAsync(command);
        CommandResult again = await _ann.Client.Chat.SubmitAsync(command);
        Assert.Equal((first.Seq, first.At), (again.Seq, again.At));
        Assert.Equal(first.Seq, (await _ann.Client.Chat.OutcomeAsync(_direct, command.CommandId)).Seq);
        await Steps.RefusedAsync(ErrorCodes.CommandIdConflict, () => _bob.Client.SendAsync(command));
    }

    [Fact]
    public async Task Send_WithAnExpectedSeqThatPassed_IsRefused()
    {
        await SentAsync(_ann, "first");
        await Steps.RefusedAsync(ErrorCodes.SeqConflict, () => _ann.Client.SendAsync(Steps.Text(_direct, "late") with { ExpectedSeq = 1 }));
    }

    [Fact]
    public async Task EditDeleteReactPin_AreSeenByBoth()
    {
        Guid kept = await SentAsync(_ann, "draft"), gone = await SentAsync(_ann, "oops");
        await _ann.Client.SendAsync(Steps.Text(_direct, "final") with { Type = CommandTypes.MessageEdit, MessageId = kept });
        await _ann.Client.SendAsync(Steps.Command(_direct, CommandTypes.MessageDelete) with { MessageId = gone });
        await _bob.Client.SendAsync(Steps.Command(_direct, CommandTypes.ReactionAdd) with { MessageId = kept, Key = "❤️" });
        CommandResult last = await _bob.Client.SendAsync(Steps.Command(_direct, CommandTypes.MessagePin) with { MessageId = kept });
        ConversationState state = await _ann.SeesAsync(_direct, s => s.LastSeq >= last.Seq, "everything arrives");
        MessageView message = state.Find(kept)!;
        Assert.Equal(("final", 1, "❤️", true), (message.Content!.Text, message.Edits, message.Reactions![0].Key, message.Pinned));
        Assert.Equal("author", state.Find(gone)!.Deleted);
        await EqualAsync();
        await Steps.RefusedAsync(ErrorCodes.Forbidden, () => _bob.Client.SendAsync(Steps.Text(_direct, "mine now") with { Type = CommandTypes.MessageEdit, MessageId = kept }));
    }

    [Fact]
    public async Task DeletedMessage_InTheRawLog_HasNoBodyAndAWholeChain()
    {
        Guid gone = await SentAsync(_ann, "secret");
        await _ann.Client.SendAsync(Steps.Command(_direct, CommandTypes.MessageDelete) with { MessageId = gone });
        EventPage page = await _bob.Client.Chat.EventsAsync(_direct);
        ChatEvent erased = page.Events.Single(e => e.CommandId == gone);
        Assert.Null(erased.Body);
        Assert.Null(erased.Salt);
        byte[] expected = HashChain.Genesis.ToArray();
        foreach (ChatEvent e in page.Events)
        {
            Assert.Equal(System.Buffers.Text.Base64Url.EncodeToString(expected), e.PrevHash);
            expected = HashChain.HashHeader(e);
        }
    }

    [Fact]
    public async Task Poll_VotedAndClosed_CountsTheSameEverywhere()
    {
        Command poll = Steps.Command(_direct, CommandTypes.MessageSend) with
        {
            Content = new Content { Type = ContentTypes.Poll, Poll = new Poll { Question = "Lunch?", Options = ["Pizza", "Ramen"] } },
        };
        await _ann.Client.SendAsync(poll);
        Command vote = Steps.Command(_direct, CommandTypes.PollVote) with { MessageId = poll.CommandId, Options = [1] };
        await _bob.Client.SendAsync(vote);
        await _ann.Client.SendAsync(vote with { CommandId = Guid.CreateVersion7() });
        await Steps.RefusedAsync(ErrorCodes.Invalid, () => _bob.Client.SendAsync(vote with { CommandId = Guid.CreateVersion7(), Options = [2] }));
        CommandResult closed = await _ann.Client.SendAsync(Steps.Command(_direct, CommandTypes.PollClose) with { MessageId = poll.CommandId });
        await Steps.RefusedAsync(ErrorCodes.Conflict, () => _bob.Client.SendAsync(vote with { CommandId = Guid.CreateVersion7() }));
        ConversationState state = await _ann.SeesAsync(_direct, s => s.LastSeq >= closed.Seq, "everything arrives");
        Assert.Equal([0, 2], state.Find(poll.CommandId)!.Poll!.Counts);
        await EqualAsync();
    }

    [Fact]
    public async Task ThreadAndReply_ShowAtTheirRoot()
    {
        Guid root = await SentAsync(_ann, "root");
        await _bob.Client.SendAsync(Steps.Text(_direct, "in the thread") with { Thread = root });
        CommandResult last = await _bob.Client.SendAsync(Steps.Text(_direct, "an answer") with { ReplyTo = root });
        ConversationState state = await _ann.SeesAsync(_direct, s => s.LastSeq >= last.Seq, "everything arrives");
        Assert.Equal(1, state.Find(root)!.Replies!.Count);
        Assert.Equal(root, state.Find(last.CommandId!.Value)!.ReplyTo);
        await EqualAsync();
    }

    [Fact]
    public async Task Scheduled_WaitsItsTime_AndCanBeSeenAndTakenBackUntilThen()
    {
        Command never = Steps.Text(_direct, "never") with { ScheduledFor = TimeProvider.System.GetUtcNow().AddHours(1) };
        Assert.Equal(CommandResult.Scheduled, (await _ann.Client.SendAsync(never)).Status);
        Assert.Contains((await _ann.Client.Chat.ScheduledAsync()).Items, waiting => waiting.CommandId == never.CommandId);
        Assert.Empty((await _bob.Client.Chat.ScheduledAsync()).Items);
        using HttpClient http = Steps.Http(server.Url, _ann);
        using HttpResponseMessage taken = await http.DeleteAsync(new Uri($"chat/scheduled/{_direct}/{never.CommandId}", UriKind.Relative));
        Assert.True(taken.IsSuccessStatusCode);

        DateTimeOffset when = TimeProvider.System.GetUtcNow().AddSeconds(2);
        Command later = Steps.Text(_direct, "later") with { ScheduledFor = when };
        await _ann.Client.SendAsync(later);
        ConversationState state = await _bob.SeesAsync(_direct, s => s.Find(later.CommandId) is not null, "it is sent at its time");
        Assert.True(state.Find(later.CommandId)!.At >= when);
        Assert.Null(state.Find(never.CommandId));
        Assert.Empty((await _ann.Client.Chat.ScheduledAsync()).Items);
    }

    [Fact]
    public async Task Disappearing_IsErasedWhenItsLifeEnds()
    {
        CommandResult sent = await _ann.Client.SendAsync(Steps.Text(_direct, "read and burn") with { ExpiresAfter = 5 });
        await _bob.SeesAsync(_direct, state => state.Find(sent.CommandId!.Value)?.Deleted == "expired", "it is gone");
        Assert.Null((await _bob.Client.Chat.EventsAsync(_direct)).Events.Single(e => e.CommandId == sent.CommandId).Body);
    }

    [Fact]
    public async Task TypingReceiptsPresence_ReachTheOther()
    {
        TaskCompletionSource<TypingNotice> typing = new();
        TaskCompletionSource<ReceiptMark> read = new();
        TaskCompletionSource<PresenceNotice> presence = new();
        _bob.Client.TypingReceived += notice => typing.TrySetResult(notice);
        _ann.Client.ReceiptsReceived += notices =>
        {
            if (notices.SelectMany(notice => notice.Marks).FirstOrDefault(mark => mark.UserId == _bob.Id && mark.ReadSeq > 1) is { } mark)
                read.TrySetResult(mark);
        };
        _bob.Client.PresenceReceived += notices =>
        {
            if (notices.FirstOrDefault(notice => notice.UserId == _ann.Id) is { } notice)
                presence.TrySetResult(notice);
        };
        // Typing is told to whoever hears the conversation at that moment, and repeated while it is so.
        await Eventually.TrueAsync(
            async () =>
            {
                await _ann.Client.TypingAsync(_direct);
                return typing.Task.IsCompleted;
            },
            "typing is heard");
        Assert.Equal((_direct, _ann.Id), (await typing.Task) is var notice ? (notice.ConversationId, notice.UserId) : default);

        Guid message = await SentAsync(_ann, "seen?");
        ConversationState state = await _bob.SeesAsync(_direct, s => s.Find(message) is not null, "it arrives");
        await _bob.Client.MarkReadAsync(_direct, state.LastSeq);
        Assert.Equal(state.LastSeq, (await Soon(read)).ReadSeq);

        await _bob.Client.WatchPresenceAsync([_ann.Id]);
        Assert.Equal("online", (await Soon(presence)).Status);
    }

    private static Task<T> Soon<T>(TaskCompletionSource<T> source) => source.Task.WaitAsync(TimeSpan.FromSeconds(60));

    [Fact]
    public async Task Search_FindsWhatOneMayRead_InAnyScript()
    {
        string word = "zebra" + Guid.NewGuid().ToString("N")[..6];
        await SentAsync(_ann, $"a {word} and 寿司が好きです");
        await Eventually.TrueAsync(async () => (await _bob.Client.Chat.SearchAsync(word)).Items.Count == 1, "it is indexed");
        Assert.Contains((await _bob.Client.Chat.SearchAsync("寿司")).Items, hit => hit.Message.ConversationId == _direct);
        await using TestPerson stranger = await server.PersonAsync();
        Assert.Empty((await stranger.Client.Chat.SearchAsync(word)).Items);
    }

    [Fact]
    public async Task History_PagesBothWays_WithoutGaps()
    {
        for (int i = 0; i < 25; i++)
            await SentAsync(_ann, $"message {i}");
        List<MessageView> back = [];
        for (long? before = null; ;)
        {
            MessagePage page = await _bob.Client.Chat.MessagesAsync(_direct, before: before, limit: 10);
            back.InsertRange(0, page.Items);
            if (!page.HasBefore)
                break;
            before = page.Items[0].Seq;
        }
        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"message {i}"), back.Select(message => message.Content!.Text));
        MessagePage around = await _bob.Client.Chat.MessagesAsync(_direct, around: back[12].Seq, limit: 5);
        Assert.Contains(around.Items, message => message.Seq == back[12].Seq);
        Assert.True(around is { HasBefore: true, HasAfter: true });
    }

    [Fact]
    public async Task Sync_AfterTimeAway_BringsEverything()
    {
        string? since = (await _bob.Client.Chat.SyncAsync()).Since;
        SessionTokens tokens = _bob.Client.Tokens;
        for (int i = 0; i < 300; i++)
            await _ann.Client.Chat.SubmitAsync(Steps.Text(_direct, $"while away {i}"));
        SyncPage page = await _bob.Client.Chat.SyncAsync(since);
        Assert.Equal(_direct, Assert.Single(page.Conversations).Id);
        await using TestPerson again = await TestPerson.ConnectAsync(server.Url, _bob.Key);
        Assert.Equal(300, again.Client.Find(_direct)!.Messages.Count);
        Assert.Equal(300, again.Client.Find(_direct)!.Unread);
        Assert.NotNull(tokens.RefreshToken);
    }
}
