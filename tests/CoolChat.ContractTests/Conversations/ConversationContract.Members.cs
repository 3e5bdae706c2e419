using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Xunit;

namespace CoolChat.ContractTests.Conversations;

/// <summary>Who is in, who may what, what is unread, and what sync tells.</summary>
public abstract partial class ConversationContract
{
    [Fact]
    public async Task Receipts_OfSomebodyWhoBlockedTheViewer_AreNotTold()
    {
        Guid conversation = await DirectAsync(Ada, Bo);
        await SendAsync(Ada, conversation, "read?");
        Assert.True((await Writer.ExecuteAsync(new MoveMarks { ConversationId = conversation, Actor = Bo, ReadSeq = 2 }, Token)).Ok);
        Assert.Equal([(Bo, 2L)], (await ViewAsync(Ada, conversation)).Receipts!.Select(mark => (mark.UserId, mark.ReadSeq)));
        Neighbours.Block(Bo, Ada);
        Assert.Empty((await ViewAsync(Ada, conversation)).Receipts!);
        Assert.Equal([Ada], (await ViewAsync(Bo, conversation)).Receipts!.Select(mark => mark.UserId));
    }

    [Fact]
    public async Task FindSharedConversation_WhileBothAreIn_NamesOne()
    {
        Guid group = await GroupAsync(Ada, [Bo, Cy]);
        Assert.Equal(group, await Reader.FindSharedConversationAsync(Ada, Bo, Token));
        Assert.Equal(group, await Reader.FindSharedConversationAsync(Bo, Ada, Token));
        await DoAsync(Bo, About(group, CommandTypes.MemberLeave, null));
        Assert.Null(await Reader.FindSharedConversationAsync(Ada, Bo, Token));
        Assert.Null(await Reader.FindSharedConversationAsync(Bo, Ada, Token));
        Guid direct = await DirectAsync(Bo, Ada);
        Assert.Equal(direct, await Reader.FindSharedConversationAsync(Ada, Bo, Token));
    }

    [Fact]
    public async Task Direct_CreatedFromBothSides_IsOne()
    {
        Guid[] ids = await Task.WhenAll(DirectAsync(Ada, Bo), DirectAsync(Bo, Ada), DirectAsync(Ada, Bo));

        Assert.Single(ids.Distinct());
        Assert.Single(await LogAsync(Ada, ids[0]));
    }

    [Fact]
    public async Task Direct_WithOneself_HoldsNotes()
    {
        Guid notes = await DirectAsync(Ada, Ada);
        await SendAsync(Ada, notes, "buy rope");

        ConversationView view = await ViewAsync(Ada, notes);

        Assert.Equal((1, 0L), (view.MemberCount, view.Unread));
    }

    [Fact]
    public async Task Stranger_SeesNothingAndWritesNothing()
    {
        Guid conversation = await DirectAsync(Ada, Bo);

        Assert.Equal(ErrorCodes.NotFound, await RefusedAsync(Cy, Message(conversation, "hello?")));
        Assert.Equal(ErrorCodes.NotFound, (await Reader.GetAsync(Cy, conversation, Token)).Refusal!.Code);
        Assert.Equal(ErrorCodes.NotFound, (await Reader.ReadEventsAsync(Cy, conversation, null, null, 10, Token)).Refusal!.Code);
        Assert.Equal(ErrorCodes.NotFound, (await Reader.ReadMessagesAsync(Cy, conversation, default, 10, Token)).Refusal!.Code);
        Assert.Null(await Reader.FindMembershipAsync(conversation, Cy, Token));
    }

    [Fact]
    public async Task Blocked_CannotWriteInADirectConversation()
    {
        Guid conversation = await DirectAsync(Ada, Bo);
        Neighbours.Block(Ada, Bo);

        Assert.Equal(ErrorCodes.Forbidden, await RefusedAsync(Bo, Message(conversation, "why?")));
        Assert.Null(await RefusedAsync(Ada, Message(conversation, "because")));
    }

    [Fact]
    public async Task Members_ComeAndGo()
    {
        Guid conversation = await GroupAsync(Ada, [Bo]);
        Assert.Equal(ErrorCodes.Forbidden, await RefusedAsync(Bo, About(conversation, CommandTypes.MemberAdd, null), Cy));
        await DoAsync(Ada, About(conversation, CommandTypes.MemberAdd, null), Cy);
        Assert.Equal(3, (await ViewAsync(Cy, conversation)).Members!.Count);
        Assert.Equal(ErrorCodes.Conflict, await RefusedAsync(Ada, About(conversation, CommandTypes.MemberLeave, null)));

        await DoAsync(Ada, About(conversation, CommandTypes.MemberRole, null) with { UserId = Cy, Role = Roles.Owner });
        await DoAsync(Ada, About(conversation, CommandTypes.MemberLeave, null));
        await DoAsync(Cy, About(conversation, CommandTypes.MemberRemove, null) with { UserId = Bo });

        Assert.Equal(Roles.Owner, (await ViewAsync(Cy, conversation)).Role);
        Assert.Equal(ErrorCodes.NotFound, (await Reader.GetAsync(Ada, conversation, Token)).Refusal!.Code);
        Assert.Equal(ErrorCodes.NotFound, await RefusedAsync(Bo, Message(conversation, "still here?")));
        Assert.Equal([Cy], (await Reader.ListMembersAsync(Cy, conversation, null, 10, Token)).Value!.Items.Select(member => member.UserId));
    }

    [Fact]
    public async Task History_FromJoiningOn_HidesWhatCameBefore()
    {
        Guid conversation = await GroupAsync(Ada, [Bo], history: HistoryVisibilities.Joined);
        Guid old = await SendAsync(Ada, conversation, "before");
        await DoAsync(Ada, About(conversation, CommandTypes.MemberAdd, null), Cy);
        await SendAsync(Ada, conversation, "after");

        Assert.Equal(["after"], (await MessagesAsync(Cy, conversation)).Items.Select(message => message.Content!.Text));
        Assert.Equal(3, (await LogAsync(Cy, conversation))[0].Seq);
        Assert.Equal(ErrorCodes.HistoryTrimmed, (await Reader.ReadEventsAsync(Cy, conversation, 1, null, 10, Token)).Refusal!.Code);
        Assert.Equal(ErrorCodes.NotFound, (await Reader.GetMessageAsync(Cy, conversation, old, Token)).Refusal!.Code);
        Assert.Equal(ErrorCodes.NotFound, await RefusedAsync(Cy, About(conversation, CommandTypes.ReactionAdd, old) with { Key = "👍" }));
    }

    [Fact]
    public async Task Channel_Listed_IsFoundAndJoined()
    {
        Guid channel = await GroupAsync(Ada, [], ConversationKinds.Channel, listed: true);

        ConversationView found = Assert.Single((await Reader.ListChannelsAsync(Bo, "tide", null, 10, Token)).Value!.Items);
        await DoAsync(Bo, About(channel, CommandTypes.MemberJoin, null));

        Assert.Equal((channel, null), (found.Id, found.Role));
        Assert.Equal((Roles.Member, 0L), ((await ViewAsync(Bo, channel)).Role, (await ViewAsync(Bo, channel)).Unread));
        Assert.Equal(ErrorCodes.Conflict, await RefusedAsync(Bo, About(channel, CommandTypes.MemberJoin, null)));
    }

    [Fact]
    public async Task Invite_LetsInUntilItEnds()
    {
        Guid conversation = await GroupAsync(Ada, [Bo]);
        CreateInvite create = new()
        {
            ConversationId = conversation,
            Actor = Ada,
            InviteId = Guid.CreateVersion7(),
            Code = "code-1",
            ExpiresIn = TimeSpan.FromDays(1),
            MaxUses = 1,
        };
        Assert.Equal(ErrorCodes.Forbidden, (await Writer.ExecuteAsync(create with { Actor = Bo }, Token)).Refusal!.Code);
        Assert.True((await Writer.ExecuteAsync(create, Token)).Ok);
        Assert.Equal("Tide gauge", (await Reader.FindInviteAsync("code-1", Token)).Value!.Title);
        Command join = About(conversation, CommandTypes.MemberJoin, null) with { Invite = "code-1" };
        Assert.Equal(ErrorCodes.NotFound, await RefusedAsync(Cy, join with { CommandId = Guid.CreateVersion7(), Invite = "code-2" }));

        await DoAsync(Cy, join);

        Assert.Equal(ErrorCodes.InviteEnded, await RefusedAsync(Guid.CreateVersion7(), join with { CommandId = Guid.CreateVersion7() }));
        Assert.Equal(ErrorCodes.InviteEnded, (await Reader.FindInviteAsync("code-1", Token)).Refusal!.Code);
        Assert.Empty((await Reader.ListInvitesAsync(Ada, conversation, null, 10, Token)).Value!.Items);
    }

    [Fact]
    public async Task Unread_CountsWhatCameAfterTheMarkAndWasNotRemoved()
    {
        Guid conversation = await DirectAsync(Ada, Bo);
        Guid first = await SendAsync(Ada, conversation, "1");
        await SendAsync(Ada, conversation, "2");
        await SendAsync(Ada, conversation, "3");
        Assert.Equal((3L, 0L), ((await ViewAsync(Bo, conversation)).Unread, (await ViewAsync(Ada, conversation)).Unread));

        await DoAsync(Ada, About(conversation, CommandTypes.MessageDelete, first));
        Assert.Equal(2, (await ViewAsync(Bo, conversation)).Unread);
        await MarkAsync(Bo, conversation, 3);
        Assert.Equal(1, (await ViewAsync(Bo, conversation)).Unread);
        await MarkAsync(Bo, conversation, 2);
        Assert.Equal(3, (await ViewAsync(Bo, conversation)).ReadSeq);
        await MarkAsync(Bo, conversation, 1_000_000);

        ConversationView view = await ViewAsync(Bo, conversation);
        Assert.Equal((view.LastSeq, 0L), (view.ReadSeq, view.Unread));
    }

    [Fact]
    public async Task Mentions_AreCountedUntilRead()
    {
        Guid conversation = await GroupAsync(Ada, [Bo, Cy]);
        await DoAsync(Ada, Message(conversation, "@Bo") with { Mentions = new Mentions { Users = [Bo] } });
        await DoAsync(Ada, Message(conversation, "@everyone") with { Mentions = new Mentions { Everyone = true } });
        Assert.Equal(ErrorCodes.Forbidden, await RefusedAsync(Bo, Message(conversation, "@everyone") with { Mentions = new Mentions { Everyone = true } }));

        Command call = Message(conversation, "@Cy") with { Mentions = new Mentions { Users = [Cy] } };
        await DoAsync(Ada, call);
        await DoAsync(Ada, About(conversation, CommandTypes.MessageEdit, call.CommandId) with { Content = new Content { Type = ContentTypes.Text, Text = "nobody" } });

        Assert.Equal((2, 1), ((await ViewAsync(Bo, conversation)).Mentions, (await ViewAsync(Cy, conversation)).Mentions));
        await MarkAsync(Bo, conversation, 2);
        Assert.Equal(1, (await ViewAsync(Bo, conversation)).Mentions);
    }

    [Fact]
    public async Task Sync_TellsWhatChangedSinceAndWhatIsGone()
    {
        Guid first = await DirectAsync(Ada, Bo);
        Guid second = await GroupAsync(Ada, [Bo]);
        SyncPage all = await SyncAsync(Bo, null);
        Assert.Equal([first, second], all.Conversations.Select(view => view.Id));
        Assert.Empty((await SyncAsync(Bo, all.Since)).Conversations);

        await SendAsync(Ada, first, "news");
        SyncPage news = await SyncAsync(Bo, all.Since);
        await DoAsync(Ada, About(second, CommandTypes.MemberRemove, null) with { UserId = Bo });
        SyncPage gone = await SyncAsync(Bo, news.Since);

        Assert.Equal((first, 1L), (Assert.Single(news.Conversations).Id, news.Conversations[0].Unread));
        Assert.Equal((second, true), (Assert.Single(gone.Conversations).Id, gone.Conversations[0].Removed));
        Assert.Equal([first], (await SyncAsync(Bo, null)).Conversations.Select(view => view.Id));
        Assert.Equal(ErrorCodes.Invalid, (await Reader.SyncAsync(Bo, "nonsense", 10, Token)).Refusal!.Code);
    }

    [Fact]
    public async Task Sync_InPages_GivesEachConversationOnce()
    {
        List<Guid> created = [];
        for (int i = 0; i < 9; i++)
            created.Add(await GroupAsync(Ada, [Bo]));

        List<Guid> seen = [];
        for (SyncPage? page = null; page is not { HasMore: false }; seen.AddRange(page.Conversations.Select(view => view.Id)))
            page = (await Reader.SyncAsync(Bo, page?.Since, 4, Token)).Value!;
        List<Guid> listed = [];
        for (Page<ConversationView>? page = null; page is null or { Next: not null }; listed.AddRange(page.Items.Select(view => view.Id)))
            page = (await Reader.ListAsync(Bo, page?.Next, 4, Token)).Value!;

        Assert.Equal(created, seen);
        Assert.Equal(Enumerable.Reverse(created), listed);
    }

    [Fact]
    public async Task Preferences_ArePrivateAndFollowThePerson()
    {
        Guid conversation = await DirectAsync(Ada, Bo);
        SetPreferences set = new()
        {
            ConversationId = conversation,
            Actor = Bo,
            Preferences = new MemberPreferences { Favourite = true, Draft = "half a thou", MarkedUnread = true },
        };
        Assert.True((await Writer.ExecuteAsync(set, Token)).Ok);
        await RestartAsync();

        ConversationView view = await ViewAsync(Bo, conversation);
        Assert.Equal((true, "half a thou", true), (view.Preferences!.Favourite, view.Preferences.Draft, view.MarkedUnread));
        Assert.Null((await ViewAsync(Ada, conversation)).Preferences);
        await MarkAsync(Bo, conversation, 1);
        Assert.Null((await ViewAsync(Bo, conversation)).MarkedUnread);
    }

    private async Task MarkAsync(Guid user, Guid conversation, long seq) =>
        Assert.True((await Writer.ExecuteAsync(new MoveMarks { ConversationId = conversation, Actor = user, ReadSeq = seq }, Token)).Ok);

    private async Task<SyncPage> SyncAsync(Guid user, string? since) => (await Reader.SyncAsync(user, since, 100, Token)).Value!;
}
