using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Journeys;

public sealed class GroupTests(Server server) : IAsyncLifetime
{
    private TestPerson[] _people = [];
    private TestPerson _owner = null!;
    private TestPerson _admin = null!;
    private TestPerson _member = null!;
    private TestPerson _outsider = null!;
    private Guid _group;

    public async ValueTask InitializeAsync()
    {
        _people = await server.PeopleAsync(4);
        (_owner, _admin, _member, _outsider) = (_people[0], _people[1], _people[2], _people[3]);
        _group = await Steps.GroupAsync(_owner, _admin, _member);
        await _owner.Client.SendAsync(Steps.Command(_group, CommandTypes.MemberRole) with { UserId = _admin.Id, Role = Roles.Admin });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TestPerson person in _people)
            await person.DisposeAsync();
    }

    [Fact]
    public async Task Create_TheSameCommandTwice_IsOneGroup()
    {
        CreateConversationRequest request = new() { CommandId = Guid.CreateVersion7(), Kind = ConversationKinds.Group, Title = "Once", Members = [_member.Key.Address] };
        Assert.Equal((await _owner.Client.Chat.CreateAsync(request)).Id, (await _owner.Client.Chat.CreateAsync(request)).Id);
    }

    [Fact]
    public async Task Direct_FromBothSides_IsOneConversation() =>
        Assert.Equal(await Steps.DirectAsync(_owner, _member), await Steps.DirectAsync(_member, _owner));

    [Fact]
    public async Task Direct_WithAnAddressThatNeverSignedIn_WaitsForIt()
    {
        WalletKey later = WalletKey.Create();
        Guid direct = (await _owner.Client.Chat.OpenDirectAsync(later.Address)).Id;
        await _owner.Client.SendTextAsync(direct, "When you come");
        await using TestPerson came = await TestPerson.ConnectAsync(server.Url, later);
        Assert.Equal("When you come", Assert.Single(came.Client.Find(direct)!.Messages).Content!.Text);
    }

    [Fact]
    public async Task Members_ComeAndGo_AndSeeWhatTheyMay()
    {
        CommandResult before = await _owner.Client.SendTextAsync(_group, "before");
        await _admin.Client.SendAsync(Steps.Command(_group, CommandTypes.MemberAdd) with { Members = [_outsider.Id.ToString()] });
        ConversationState state = await _outsider.SeesAsync(_group, s => s.Members.ContainsKey(_outsider.Id), "who was added sees the group");
        Assert.NotNull(state.Find(before.CommandId!.Value));

        await _admin.Client.SendAsync(Steps.Command(_group, CommandTypes.MemberRemove) with { UserId = _outsider.Id });
        await Eventually.TrueAsync(() => _outsider.Client.Find(_group) is null, "who was removed no longer has it");
        await Steps.RefusedAsync(ErrorCodes.NotFound, () => _outsider.Client.Chat.GetAsync(_group));
        await Steps.RefusedAsync(ErrorCodes.NotFound, () => _outsider.Client.SendTextAsync(_group, "still here"));
    }

    [Fact]
    public async Task JoinedVisibility_HidesThePast()
    {
        Guid closed = (await _owner.Client.Chat.CreateAsync(new CreateConversationRequest
        {
            CommandId = Guid.CreateVersion7(),
            Kind = ConversationKinds.Group,
            Title = "Closed past",
            HistoryVisibility = HistoryVisibilities.Joined,
            Members = [_admin.Id.ToString()],
        })).Id;
        await _owner.Client.SendTextAsync(closed, "before");
        await _owner.Client.SendAsync(Steps.Command(closed, CommandTypes.MemberAdd) with { Members = [_member.Id.ToString()] });
        CommandResult after = await _owner.Client.SendTextAsync(closed, "after");
        ConversationState state = await _member.SeesAsync(closed, s => s.LastSeq >= after.Seq, "what came after is there");
        Assert.Equal(["after"], state.Messages.Select(message => message.Content!.Text));
        Assert.Equal(["after"], (await _member.Client.Chat.MessagesAsync(closed)).Items.Select(message => message.Content!.Text));
    }

    [Fact]
    public async Task Rights_OfAMember_DoNotManage()
    {
        CommandResult words = await _owner.Client.SendTextAsync(_group, "owner's");
        foreach (Command command in new[]
        {
            Steps.Command(_group, CommandTypes.MemberRemove) with { UserId = _admin.Id },
            Steps.Command(_group, CommandTypes.MemberRole) with { UserId = _member.Id, Role = Roles.Admin },
            Steps.Command(_group, CommandTypes.ConversationChange) with { Changes = new ConversationChanges { Title = "Mine" } },
            Steps.Command(_group, CommandTypes.MessageDelete) with { MessageId = words.CommandId },
        })
        {
            await Steps.RefusedAsync(ErrorCodes.Forbidden, () => _member.Client.SendAsync(command));
        }
    }

    [Fact]
    public async Task HandOver_MakesTheOldOwnerAdmin()
    {
        CommandResult handed = await _owner.Client.SendAsync(Steps.Command(_group, CommandTypes.MemberRole) with { UserId = _admin.Id, Role = Roles.Owner });
        ConversationState state = await _member.SeesAsync(_group, s => s.LastSeq >= handed.Seq, "the hand-over arrives");
        Assert.Equal((Roles.Admin, Roles.Owner), (state.Members[_owner.Id], state.Members[_admin.Id]));
        Assert.Equal(Roles.Admin, (await _owner.Client.Chat.GetAsync(_group)).Role);
    }

    [Fact]
    public async Task Change_TitleAndTopic_AreSeenByAll()
    {
        CommandResult changed = await _admin.Client.SendAsync(
            Steps.Command(_group, CommandTypes.ConversationChange) with { Changes = new ConversationChanges { Title = "New title", Topic = "What for" } });
        ConversationState state = await _member.SeesAsync(_group, s => s.LastSeq >= changed.Seq, "the change arrives");
        Assert.Equal(("New title", "What for"), (state.Title, state.Topic));
        Assert.Equal("New title", (await _member.Client.Chat.GetAsync(_group)).Title);
    }

    [Fact]
    public async Task Mentions_OfOneAndOfEveryone_CountForWhomTheyCall()
    {
        CommandResult one = await _owner.Client.SendAsync(Steps.Text(_group, "@member") with { Mentions = new Mentions { Users = [_member.Id] } });
        CommandResult all = await _owner.Client.SendAsync(Steps.Text(_group, "@everyone") with { Mentions = new Mentions { Everyone = true } });
        ConversationState member = await _member.SeesAsync(_group, s => s.LastSeq >= all.Seq, "they arrive");
        Assert.Equal((2, 2), (member.Mentions, (await _member.Client.Chat.GetAsync(_group)).Mentions));
        ConversationState admin = await _admin.SeesAsync(_group, s => s.LastSeq >= all.Seq, "they arrive");
        Assert.Equal((1, 1), (admin.Mentions, (await _admin.Client.Chat.GetAsync(_group)).Mentions));
        Assert.NotNull(one.Seq);
        await Steps.RefusedAsync(ErrorCodes.Forbidden, () => _member.Client.SendAsync(Steps.Text(_group, "@everyone") with { Mentions = new Mentions { Everyone = true } }));
    }

    [Fact]
    public async Task Invite_IsUsedUpAndRevoked()
    {
        InviteView invite = await _admin.Client.Chat.CreateInviteAsync(_group, new CreateInviteRequest { MaxUses = 1 });
        await _outsider.Client.SendAsync(Steps.Command(_group, CommandTypes.MemberJoin) with { Invite = invite.Code });
        await _outsider.SeesAsync(_group, s => s.Members.ContainsKey(_outsider.Id), "who joined is in");
        await using TestPerson late = await server.PersonAsync();
        await Steps.RefusedAsync(ErrorCodes.InviteEnded, () => late.Client.SendAsync(Steps.Command(_group, CommandTypes.MemberJoin) with { Invite = invite.Code }));

        InviteView open = await _admin.Client.Chat.CreateInviteAsync(_group);
        await _admin.Client.Chat.RevokeInviteAsync(_group, open.InviteId);
        CoolChatException revoked = await Assert.ThrowsAsync<CoolChatException>(
            () => late.Client.SendAsync(Steps.Command(_group, CommandTypes.MemberJoin) with { Invite = open.Code }));
        Assert.Contains(revoked.Code, new[] { ErrorCodes.InviteEnded, ErrorCodes.NotFound });
        await Steps.RefusedAsync(ErrorCodes.Forbidden, () => _member.Client.Chat.CreateInviteAsync(_group));
    }

    [Fact]
    public async Task Channel_Listed_IsJoinedByAnybody()
    {
        Guid channel = (await _owner.Client.Chat.CreateChannelAsync("News")).Id;
        CommandResult joined = await _outsider.Client.SendAsync(Steps.Command(channel, CommandTypes.MemberJoin));
        Assert.NotNull(joined.Seq);
        CommandResult news = await _owner.Client.SendTextAsync(channel, "news");
        await _outsider.SeesAsync(channel, s => s.LastSeq >= news.Seq, "who joined hears it");
        await _outsider.Client.SendAsync(Steps.Command(channel, CommandTypes.MemberLeave));
        await Eventually.TrueAsync(() => _outsider.Client.Find(channel) is null, "who left no longer has it");
    }

    [Fact]
    public async Task Preferences_FollowToOtherDevices()
    {
        await using TestPerson tablet = await TestPerson.ConnectAsync(server.Url, _member.Key);
        await _member.Client.Chat.SetPreferencesAsync(_group, new MemberPreferences { Favourite = true, Draft = "unsent" });
        await tablet.SeesAsync(_group, s => s.Summary?.Preferences is { Favourite: true, Draft: "unsent" }, "the other device has them");
        Assert.Null((await _owner.Client.Chat.GetAsync(_group)).Preferences?.Draft);
    }
}
