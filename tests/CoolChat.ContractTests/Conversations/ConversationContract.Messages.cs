using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using Xunit;

namespace CoolChat.ContractTests.Conversations;

/// <summary>What can happen to a message.</summary>
public abstract partial class ConversationContract
{
    [Fact]
    public async Task Edit_ByItsAuthor_ShowsTheLatestAndKeepsTheHistory()
    {
        Guid conversation = await DirectAsync(Ada, Bo);
        Guid message = await SendAsync(Ada, conversation, "frist");
        Command edit = About(conversation, CommandTypes.MessageEdit, message) with { Content = new Content { Type = ContentTypes.Text, Text = "first" } };
        Assert.Equal(ErrorCodes.Forbidden, await RefusedAsync(Bo, edit with { CommandId = Guid.CreateVersion7() }));
        await DoAsync(Ada, edit);

        MessageView view = Assert.Single((await MessagesAsync(Bo, conversation)).Items);
        Page<MessageEditView> edits = (await Reader.ReadEditsAsync(Bo, conversation, message, null, 10, Token)).Value!;

        Assert.Equal(("first", 1), (view.Content!.Text, view.Edits));
        Assert.Equal(["frist", "first"], edits.Items.Select(entry => entry.Content!.Text));
    }

    [Fact]
    public async Task Delete_ErasesEveryBodyAndLeavesATombstoneAndAWholeChain()
    {
        Guid conversation = await DirectAsync(Ada, Bo);
        Guid message = await SendAsync(Ada, conversation, "secret one");
        await DoAsync(Ada, About(conversation, CommandTypes.MessageEdit, message) with { Content = new Content { Type = ContentTypes.Text, Text = "secret two" } });
        await DoAsync(Bo, About(conversation, CommandTypes.ReactionAdd, message) with { Key = "👍" });
        await DoAsync(Ada, About(conversation, CommandTypes.MessageDelete, message));

        MessageView view = Assert.Single((await MessagesAsync(Bo, conversation)).Items);
        IReadOnlyList<ChatEvent> log = await LogAsync(Bo, conversation);

        Assert.Equal(("author", null, null), (view.Deleted, view.Content, view.Reactions));
        Assert.DoesNotContain(log, entry => entry.Body?.ToString().Contains("secret", StringComparison.Ordinal) == true);
        Assert.Equal(2, log.Count(entry => entry.Redacted == true));
        AssertChain(log);
        Assert.Equal(ErrorCodes.Conflict, await RefusedAsync(Bo, About(conversation, CommandTypes.ReactionAdd, message) with { Key = "👍" }));
    }

    [Fact]
    public async Task Reactions_AreCountedAndMineIsMine()
    {
        Guid conversation = await GroupAsync(Ada, [Bo, Cy]);
        Guid message = await SendAsync(Ada, conversation, "react");
        foreach (Guid user in new[] { Bo, Cy })
            await DoAsync(user, About(conversation, CommandTypes.ReactionAdd, message) with { Key = "🌊" });
        await DoAsync(Bo, About(conversation, CommandTypes.ReactionAdd, message) with { Key = "👍" });
        Assert.Equal(ErrorCodes.Conflict, await RefusedAsync(Bo, About(conversation, CommandTypes.ReactionAdd, message) with { Key = "👍" }));
        await DoAsync(Bo, About(conversation, CommandTypes.ReactionRemove, message) with { Key = "👍" });

        ReactionCount bos = Assert.Single((await MessagesAsync(Bo, conversation)).Items[0].Reactions!);
        ReactionCount adas = Assert.Single((await MessagesAsync(Ada, conversation)).Items[0].Reactions!);
        Page<Guid> who = (await Reader.ReadReactionsAsync(Ada, conversation, message, "🌊", null, 10, Token)).Value!;

        Assert.Equal(("🌊", 2, true), (bos.Key, bos.Count, bos.Mine));
        Assert.Equal((2, false), (adas.Count, adas.Mine));
        Assert.Equal([Bo, Cy], who.Items);
    }

    [Fact]
    public async Task Thread_CountsItsRepliesAndCanBeReadAlone()
    {
        Guid conversation = await GroupAsync(Ada, [Bo]);
        Guid root = await SendAsync(Ada, conversation, "root");
        await SendAsync(Ada, conversation, "beside it");
        await DoAsync(Bo, Message(conversation, "reply 1") with { Thread = root });
        Command last = Message(conversation, "reply 2") with { Thread = root };
        await DoAsync(Ada, last);
        Assert.Equal(ErrorCodes.Invalid, await RefusedAsync(Ada, Message(conversation, "nested") with { Thread = last.CommandId }));

        MessageView shown = (await MessagesAsync(Bo, conversation)).Items[0];
        MessagePage thread = await MessagesAsync(Bo, conversation, new MessageRange(Thread: root));
        await DoAsync(Ada, About(conversation, CommandTypes.MessageDelete, last.CommandId));

        Assert.Equal(2, shown.Replies!.Count);
        Assert.Equal([Ada, Bo], shown.Replies.Participants);
        Assert.Equal(["reply 1", "reply 2"], thread.Items.Select(message => message.Content!.Text));
        MessagePage after = await MessagesAsync(Bo, conversation);
        Assert.Equal(1, after.Items[0].Replies!.Count);
        Assert.Equal(("author", root), (after.Items[^1].Deleted, after.Items[^1].Thread));
    }

    [Fact]
    public async Task Poll_CountsOneVoteAPersonUntilItCloses()
    {
        Guid conversation = await GroupAsync(Ada, [Bo, Cy]);
        Command poll = Message(conversation, "when?") with
        {
            Content = new Content { Type = ContentTypes.Poll, Poll = new Poll { Question = "When?", Options = ["Fri", "Sat", "Sun"] } },
        };
        await DoAsync(Ada, poll);
        await DoAsync(Bo, About(conversation, CommandTypes.PollVote, poll.CommandId) with { Options = [0] });
        await DoAsync(Bo, About(conversation, CommandTypes.PollVote, poll.CommandId) with { Options = [2] });
        await DoAsync(Cy, About(conversation, CommandTypes.PollVote, poll.CommandId) with { Options = [2] });
        Assert.Equal(ErrorCodes.Invalid, await RefusedAsync(Cy, About(conversation, CommandTypes.PollVote, poll.CommandId) with { Options = [0, 1] }));
        Assert.Equal(ErrorCodes.Invalid, await RefusedAsync(Cy, About(conversation, CommandTypes.PollVote, poll.CommandId) with { Options = [3] }));
        Assert.Equal(ErrorCodes.Forbidden, await RefusedAsync(Cy, About(conversation, CommandTypes.PollClose, poll.CommandId)));
        await DoAsync(Ada, About(conversation, CommandTypes.PollClose, poll.CommandId));
        Assert.Equal(ErrorCodes.Conflict, await RefusedAsync(Cy, About(conversation, CommandTypes.PollVote, poll.CommandId) with { Options = [0] }));

        PollResult result = (await MessagesAsync(Bo, conversation)).Items[0].Poll!;

        Assert.Equal([0, 0, 2], result.Counts);
        Assert.Equal([2], result.Mine!);
        Assert.Equal((2, true), (result.Voters, result.Closed));
    }

    [Fact]
    public async Task Scheduled_WithAPicture_KeepsThePictureUntilItIsCancelled()
    {
        Guid conversation = await GroupAsync(Ada, [Bo]);
        Guid media = Guid.CreateVersion7();
        Command waiting = Message(conversation, "later") with
        {
            Content = new Content { Type = ContentTypes.Image, Attachments = [new Attachment { MediaId = media }] },
            ScheduledFor = Neighbours.Time.GetUtcNow().AddHours(1),
        };
        Assert.False(await Grants.IsShownAsync(media, Token));
        Assert.Equal(CommandResult.Scheduled, (await DoAsync(Ada, waiting)).Status);

        Assert.True(await Grants.IsShownAsync(media, Token));
        Assert.False(await Grants.CanSeeAsync(Bo, media, Token));

        Assert.True((await Writer.ExecuteAsync(new CancelScheduled { ConversationId = conversation, Actor = Ada, CommandId = waiting.CommandId }, Token)).Ok);
        Assert.False(await Grants.IsShownAsync(media, Token));
    }

    [Fact]
    public async Task Scheduled_IsSentAtItsTimeByTheRightsOfThen()
    {
        Guid conversation = await GroupAsync(Ada, [Bo]);
        DateTimeOffset later = Neighbours.Time.GetUtcNow().AddMinutes(10);
        Command kept = Message(conversation, "later") with { ScheduledFor = later };
        Command cancelled = Message(conversation, "never") with { ScheduledFor = later };
        Command removed = Message(conversation, "not a member then") with { ScheduledFor = later };
        Assert.Equal(CommandResult.Scheduled, (await DoAsync(Ada, kept)).Status);
        await DoAsync(Ada, cancelled);
        await DoAsync(Bo, removed);
        Assert.Equal(2, (await Reader.ListScheduledAsync(Ada, null, 10, Token)).Value!.Items.Count);
        Assert.True((await Writer.ExecuteAsync(new CancelScheduled { ConversationId = conversation, Actor = Ada, CommandId = cancelled.CommandId }, Token)).Ok);
        await DoAsync(Ada, About(conversation, CommandTypes.MemberRemove, null) with { UserId = Bo });
        await RestartAsync();

        await AdvanceUntilAsync(TimeSpan.FromMinutes(11), async () => (await MessagesAsync(Ada, conversation)).Items.Count > 0);

        Assert.Equal("later", Assert.Single((await MessagesAsync(Ada, conversation)).Items).Content!.Text);
        Assert.Empty((await Reader.ListScheduledAsync(Ada, null, 10, Token)).Value!.Items);
        Assert.Equal(CommandResult.Appended, (await Reader.GetOutcomeAsync(Ada, conversation, kept.CommandId, Token)).Value!.Status);
    }

    [Fact]
    public async Task Scheduled_InSlowMode_WaitsItsTurn()
    {
        Guid conversation = await GroupAsync(Ada, [Bo]);
        await DoAsync(Ada, About(conversation, CommandTypes.ConversationChange, null) with { Changes = new ConversationChanges { SlowMode = 60 } });
        Command scheduled = Message(conversation, "later") with { ScheduledFor = Neighbours.Time.GetUtcNow().AddSeconds(5) };
        await DoAsync(Bo, scheduled);
        await SendAsync(Bo, conversation, "now");

        await AdvanceUntilAsync(TimeSpan.FromSeconds(6), async () => (await MessagesAsync(Ada, conversation)).Items.Count == 2);

        MessagePage page = await MessagesAsync(Ada, conversation);
        Assert.Equal(["now", "later"], page.Items.Select(message => message.Content?.Text));
        Assert.True(page.Items[1].At - page.Items[0].At >= TimeSpan.FromSeconds(60));
        Assert.Equal(CommandResult.Appended, (await Reader.GetOutcomeAsync(Bo, conversation, scheduled.CommandId, Token)).Value!.Status);
        Assert.Empty((await Reader.ListScheduledAsync(Bo, null, 10, Token)).Value!.Items);
    }

    [Fact]
    public async Task Disappearing_IsErasedAtItsTime()
    {
        Guid conversation = await DirectAsync(Ada, Bo);
        await DoAsync(Ada, Message(conversation, "gone soon") with { ExpiresAfter = 60 });
        await SendAsync(Ada, conversation, "stays");

        await AdvanceUntilAsync(TimeSpan.FromSeconds(61), async () => (await MessagesAsync(Bo, conversation)).Items[0].Deleted is not null);

        MessagePage page = await MessagesAsync(Bo, conversation);
        Assert.Equal(("expired", null), (page.Items[0].Deleted, page.Items[0].Content));
        Assert.Equal("stays", page.Items[1].Content!.Text);
        AssertChain(await LogAsync(Bo, conversation));
    }

    [Fact]
    public async Task Pins_ComeLatestFirst()
    {
        Guid conversation = await GroupAsync(Ada, [Bo]);
        Guid[] messages = [await SendAsync(Ada, conversation, "1"), await SendAsync(Ada, conversation, "2")];
        foreach (Guid message in messages)
            await DoAsync(Ada, About(conversation, CommandTypes.MessagePin, message));
        Assert.Equal(ErrorCodes.Forbidden, await RefusedAsync(Bo, About(conversation, CommandTypes.MessageUnpin, messages[0])));
        Assert.Equal(["2", "1"], (await Reader.ReadPinsAsync(Bo, conversation, Token)).Value!.Items.Select(m => m.Content!.Text));

        await DoAsync(Ada, About(conversation, CommandTypes.MessageUnpin, messages[1]));

        Assert.Equal(["1"], (await Reader.ReadPinsAsync(Bo, conversation, Token)).Value!.Items.Select(m => m.Content!.Text));
    }

    [Fact]
    public async Task Attachment_IsGrantedToMembersWhileTheMessageLives()
    {
        Guid conversation = await DirectAsync(Ada, Bo);
        Guid media = Guid.CreateVersion7();
        Command message = Message(conversation, "look") with
        {
            Content = new Content { Type = ContentTypes.Image, Attachments = [new Attachment { MediaId = media }] },
        };
        await DoAsync(Ada, message);
        Assert.True(await Grants.CanSeeAsync(Bo, media, Token));
        Assert.False(await Grants.CanSeeAsync(Cy, media, Token));

        await DoAsync(Ada, About(conversation, CommandTypes.MessageDelete, message.CommandId));

        Assert.False(await Grants.CanSeeAsync(Bo, media, Token));
    }

    [Fact]
    public async Task EraseBodies_ErasesWhatOnePersonWroteAndNothingElse()
    {
        Guid conversation = await DirectAsync(Ada, Bo);
        await SendAsync(Ada, conversation, "mine");
        await SendAsync(Bo, conversation, "theirs");
        Assert.True((await Writer.ExecuteAsync(new EraseBodies { ConversationId = conversation, Actor = Ada }, Token)).Ok);

        MessagePage page = await MessagesAsync(Bo, conversation);

        Assert.Equal([null, "theirs"], page.Items.Select(message => message.Content?.Text));
        AssertChain(await LogAsync(Bo, conversation));
    }

    [Fact]
    public async Task EraseBodies_AfterLeaving_ErasesWhatTheyWroteThere()
    {
        Guid conversation = await GroupAsync(Ada, [Bo, Cy]);
        await SendAsync(Bo, conversation, "mine");
        Guid edited = await SendAsync(Bo, conversation, "mine, edited");
        await DoAsync(Bo, About(conversation, CommandTypes.MessageEdit, edited) with { Content = new Content { Type = ContentTypes.Text, Text = "mine, better" } });
        await DoAsync(Bo, About(conversation, CommandTypes.MemberLeave, null));
        await SendAsync(Ada, conversation, "hers");
        Assert.Equal([conversation], await Reader.ListFormerConversationIdsAsync(Bo, Token));
        Assert.Empty(await Reader.ListConversationIdsAsync(Bo, Token));

        Assert.True((await Writer.ExecuteAsync(new EraseBodies { ConversationId = conversation, Actor = Bo }, Token)).Ok);

        MessagePage page = await MessagesAsync(Ada, conversation);
        Assert.Equal([null, null, "hers"], page.Items.Select(message => message.Content?.Text));
        IReadOnlyList<ChatEvent> log = await LogAsync(Ada, conversation);
        Assert.DoesNotContain(log, e => e.Sender == Bo && e.Type is EventTypes.MessageSent or EventTypes.MessageEdited && e.Body is not null);
        AssertChain(log);
        // Again: nothing is left, and nothing is said.
        Assert.True((await Writer.ExecuteAsync(new EraseBodies { ConversationId = conversation, Actor = Bo }, Token)).Ok);
        Assert.Equal(log.Count, (await LogAsync(Ada, conversation)).Count);
        Assert.Equal(ErrorCodes.NotFound, (await Writer.ExecuteAsync(new EraseBodies { ConversationId = conversation, Actor = Guid.NewGuid() }, Token)).Refusal?.Code);
    }

    [Fact]
    public async Task EraseBodies_RightBehindAMessageOfTheirs_ErasesItToo()
    {
        Guid conversation = await DirectAsync(Ada, Bo);
        for (int round = 0; round < 20; round++)
        {
            // Queued together, they share a commit more often than not.
            Task<OperationResult> sent = DoAsync(Ada, Message(conversation, "last words"));
            Assert.True((await Writer.ExecuteAsync(new EraseBodies { ConversationId = conversation, Actor = Ada }, Token)).Ok);
            await sent;
        }
        Assert.All((await MessagesAsync(Bo, conversation)).Items, message => Assert.Null(message.Content));
    }

    [Fact]
    public async Task ReadOwnEvents_OfMembersAndFormerOnes_AreTheirsAlone()
    {
        Guid conversation = await GroupAsync(Ada, [Bo, Cy]);
        for (int i = 0; i < 3; i++)
        {
            await SendAsync(Bo, conversation, $"mine {i}");
            await SendAsync(Cy, conversation, $"theirs {i}");
        }
        await DoAsync(Bo, About(conversation, CommandTypes.MemberLeave, null));

        List<ChatEvent> own = [];
        for (long? after = 0; after is not null;)
        {
            OwnEventPage page = await Reader.ReadOwnEventsAsync(Bo, conversation, after.Value, 2, Token);
            own.AddRange(page.Events);
            after = page.Next;
        }
        Assert.Equal([2L, 4, 6, 8], own.Select(e => e.Seq));
        Assert.All(own, e => Assert.Equal(Bo, e.Sender));
    }

    private async Task AdvanceUntilAsync(TimeSpan by, Func<Task<bool>> condition)
    {
        Neighbours.Time.Advance(by);
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            deadline.Token.ThrowIfCancellationRequested();
            Neighbours.Time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }
    }
}
