using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using Xunit;

namespace CoolChat.ContractTests.Conversations;

/// <summary>The log: once, in order, whole, after a restart too.</summary>
public abstract partial class ConversationContract
{
    [Fact]
    public async Task Send_ToDirectConversation_IsReadByBothInOrder()
    {
        Guid conversation = await DirectAsync(Ada, Bo);
        for (int i = 0; i < 5; i++)
            await SendAsync(i % 2 == 0 ? Ada : Bo, conversation, $"text {i}");

        foreach (Guid viewer in new[] { Ada, Bo })
        {
            MessagePage page = await MessagesAsync(viewer, conversation);
            Assert.Equal(["text 0", "text 1", "text 2", "text 3", "text 4"], page.Items.Select(message => message.Content!.Text));
            Assert.Equal([1, 2, 3, 4, 5], page.Items.Select(message => (int)message.Ordinal));
            Assert.Equal(6, page.UpTo);
        }
        AssertChain(await LogAsync(Bo, conversation));
    }

    [Fact]
    public async Task Send_SameCommandAgain_AnswersTheFirstOutcomeAndAppendsNothing()
    {
        Guid conversation = await DirectAsync(Ada, Bo);
        Command command = Message(conversation, "once");

        OperationResult[] outcomes = [await DoAsync(Ada, command), await DoAsync(Ada, command)];
        await RestartAsync();
        outcomes = [.. outcomes, await DoAsync(Ada, command)];

        Assert.All(outcomes, outcome => Assert.Equal((outcomes[0].Seq, outcomes[0].At), (outcome.Seq, outcome.At)));
        Assert.Single((await MessagesAsync(Ada, conversation)).Items);
    }

    [Fact]
    public async Task Send_SameCommandTwiceAtOnce_AppendsOne()
    {
        Guid conversation = await DirectAsync(Ada, Bo);
        Command command = Message(conversation, "once");

        Result<OperationResult>[] outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => TryAsync(Ada, command)));

        Assert.All(outcomes, outcome => Assert.Equal(2, outcome.Value!.Seq));
        Assert.Equal(2, (await LogAsync(Ada, conversation)).Count);
    }

    [Fact]
    public async Task Send_CommandIdOfSomebodyElse_IsRefused()
    {
        Guid conversation = await DirectAsync(Ada, Bo);
        Command command = Message(conversation, "mine");
        await DoAsync(Ada, command);

        Assert.Equal(ErrorCodes.CommandIdConflict, await RefusedAsync(Bo, command));
    }

    [Fact]
    public async Task Send_ManyAtOnce_SeqHasNoHolesAndChainHolds()
    {
        Guid conversation = await GroupAsync(Ada, [Bo, Cy]);

        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => SendAsync((i % 3) switch { 0 => Ada, 1 => Bo, _ => Cy }, conversation, $"{i}")));

        IReadOnlyList<ChatEvent> log = await LogAsync(Cy, conversation);
        Assert.Equal(301, log.Count);
        AssertChain(log);
        Assert.Equal(log.Select(entry => entry.Seq), Neighbours.Heard.Where(heard => heard.ConversationId == conversation).Select(heard => heard.Seq));
    }

    [Fact]
    public async Task Send_AfterRestart_ContinuesTheChain()
    {
        Guid conversation = await DirectAsync(Ada, Bo);
        await SendAsync(Ada, conversation, "before");
        await RestartAsync();
        await SendAsync(Bo, conversation, "after");

        IReadOnlyList<ChatEvent> log = await LogAsync(Ada, conversation);
        Assert.Equal(3, log.Count);
        AssertChain(log);
    }

    [Fact]
    public async Task Send_WithExpectedSeq_OnlyOneOfTwoWins()
    {
        Guid conversation = await DirectAsync(Ada, Bo);

        string?[] codes = await Task.WhenAll(
            RefusedAsync(Ada, Message(conversation, "a") with { ExpectedSeq = 1 }),
            RefusedAsync(Bo, Message(conversation, "b") with { ExpectedSeq = 1 }));

        Assert.Equal([null, ErrorCodes.SeqConflict], codes.Order());
    }

    [Fact]
    public async Task Refusal_IsRememberedAsTheOutcome()
    {
        Guid conversation = await GroupAsync(Ada, [Bo]);
        Command command = About(conversation, CommandTypes.ConversationChange, null) with { Changes = new ConversationChanges { Title = "Mine now" } };
        Assert.Equal(ErrorCodes.Forbidden, await RefusedAsync(Bo, command));

        Result<CommandResult> outcome = await Reader.GetOutcomeAsync(Bo, conversation, command.CommandId, Token);

        Assert.Equal((false, ErrorCodes.Forbidden), (outcome.Value!.Ok, outcome.Value.Error!.Code));
        Assert.Equal(ErrorCodes.NotFound, (await Reader.GetOutcomeAsync(Ada, conversation, command.CommandId, Token)).Refusal!.Code);
    }

    [Fact]
    public async Task ReadEvents_InPagesBothWays_GivesTheWholeLog()
    {
        Guid conversation = await DirectAsync(Ada, Bo);
        for (int i = 0; i < 25; i++)
            await SendAsync(Ada, conversation, $"{i}");

        List<long> up = [];
        for (EventPage? page = null; page is not { HasMore: false }; up.AddRange(page.Events.Select(entry => entry.Seq)))
            page = (await Reader.ReadEventsAsync(Bo, conversation, up.LastOrDefault(), null, 7, Token)).Value!;
        List<long> down = [];
        for (EventPage? page = null; page is not { HasMore: false }; down.InsertRange(0, page.Events.Select(entry => entry.Seq)))
            page = (await Reader.ReadEventsAsync(Bo, conversation, null, down.FirstOrDefault(27), 7, Token)).Value!;

        Assert.Equal(Enumerable.Range(1, 26).Select(seq => (long)seq), up);
        Assert.Equal(up, down);
    }

    [Fact]
    public async Task ReadMessages_AroundBeforeAfter_TellWhatLiesBeyond()
    {
        Guid conversation = await DirectAsync(Ada, Bo);
        for (int i = 1; i <= 20; i++)
            await SendAsync(Ada, conversation, $"{i}");

        MessagePage latest = await MessagesAsync(Bo, conversation, limit: 5);
        MessagePage before = await MessagesAsync(Bo, conversation, new MessageRange(Before: latest.Items[0].Seq), limit: 5);
        MessagePage after = await MessagesAsync(Bo, conversation, new MessageRange(After: before.Items[^1].Seq), limit: 10);
        MessagePage around = await MessagesAsync(Bo, conversation, new MessageRange(Around: 10), limit: 5);

        Assert.Equal(["16", "17", "18", "19", "20"], latest.Items.Select(m => m.Content!.Text));
        Assert.True(latest is { HasBefore: true, HasAfter: false });
        Assert.Equal(["11", "12", "13", "14", "15"], before.Items.Select(m => m.Content!.Text));
        Assert.True(before is { HasBefore: true, HasAfter: true });
        Assert.Equal(latest.Items.Select(m => m.Seq), after.Items.Select(m => m.Seq));
        Assert.Equal([8, 9, 10, 11, 12], around.Items.Select(m => (int)m.Seq));
        Assert.True(around is { HasBefore: true, HasAfter: true });
    }

    [Fact]
    public async Task Feed_FromTheBeginning_GivesEveryEventOnceAndWaitsForMore()
    {
        Guid first = await DirectAsync(Ada, Bo);
        Guid second = await GroupAsync(Ada, [Cy]);
        for (int i = 0; i < 10; i++)
            await SendAsync(Ada, i % 2 == 0 ? first : second, $"{i}");

        List<(Guid, long)> seen = [];
        string? position = null;
        for (LogFeedPage? page = null; page is not { Events.Count: 0 }; position = page.Position)
        {
            page = await Feed.ReadAsync(position, 3, Token);
            seen.AddRange(page.Events.Select(entry => (entry.ConversationId, entry.Seq)));
        }
        Task more = Feed.WaitAsync(position, Token);
        Assert.False(more.IsCompleted);
        await SendAsync(Bo, first, "more");
        await more.WaitAsync(TimeSpan.FromSeconds(60), Token);

        Assert.Equal(12, seen.Count);
        Assert.Equal(12, seen.Distinct().Count());
        Assert.Single((await Feed.ReadAsync(position, 100, Token)).Events);
    }
}
