using System.Net;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.EndToEndTests.Refusals;

/// <summary>What each role in a group may do, and may not: the table of rights (docs/protocol.md) as the server lives it.</summary>
public sealed class RoleTests(Server server) : IAsyncLifetime
{
    private static readonly string[] Ranks = ["stranger", "removed", Roles.Member, Roles.Admin, Roles.Owner];
    private TestPerson[] _people = [];

    public async ValueTask InitializeAsync() => _people = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TestPerson.SignInAsync(server.Url)));

    public async ValueTask DisposeAsync()
    {
        foreach (TestPerson person in _people)
            await person.DisposeAsync();
    }

    /// <summary>What is done, and the least role that may.</summary>
    public static TheoryData<string, string> Rows => new()
    {
        { "send", Roles.Member },
        { "react", Roles.Member },
        { "vote", Roles.Member },
        { "read", Roles.Member },
        { "mention everyone", Roles.Admin },
        { "pin", Roles.Admin },
        { "delete another's", Roles.Admin },
        { "close another's poll", Roles.Admin },
        { "rename", Roles.Admin },
        { "change the lifetime", Roles.Admin },
        { "add a member", Roles.Admin },
        { "remove a member", Roles.Admin },
        { "make an invite", Roles.Admin },
        { "list the invites", Roles.Admin },
        { "revoke an invite", Roles.Admin },
        { "edit another's", "nobody" },
        { "remove an admin", Roles.Owner },
        { "make an admin", Roles.Owner },
        { "hand over", Roles.Owner },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Deed_ByEachRole_IsAllowedFromItsRankOnOnly(string deed, string least)
    {
        foreach (string rank in Ranks)
        {
            // A new group each time: what was done before must not decide.
            World world = await World.MakeAsync(_people);
            TestPerson actor = world.Of(rank);
            CoolChatException? refusal = await TryAsync(() => world.DoAsync(deed, actor));
            bool may = least != "nobody" && Array.IndexOf(Ranks, rank) >= Array.IndexOf(Ranks, least);
            HttpStatusCode? expected = may ? null : rank is "stranger" or "removed" ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden;
            Assert.True(refusal?.Status == expected, $"{deed} by {rank}: expected {expected?.ToString() ?? "success"}, was {refusal?.Status} {refusal?.Code} {refusal?.Message}");
        }
    }

    private static async Task<CoolChatException?> TryAsync(Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (CoolChatException refusal)
        {
            return refusal;
        }
    }

    private sealed record World(Guid Group, Guid Message, Guid Poll, Guid Invite, IReadOnlyDictionary<string, TestPerson> People, TestPerson Other, TestPerson OtherAdmin, TestPerson Outside)
    {
        public TestPerson Of(string rank) => People[rank];

        public static async Task<World> MakeAsync(TestPerson[] people)
        {
            (TestPerson owner, TestPerson admin, TestPerson member, TestPerson removed, TestPerson other, TestPerson otherAdmin) =
                (people[0], people[1], people[2], people[3], people[4], people[5]);
            Guid group = await Steps.GroupAsync(owner, admin, member, removed, other, otherAdmin);
            foreach (TestPerson promoted in new[] { admin, otherAdmin })
                await owner.Client.Chat.SubmitAsync(Steps.Command(group, CommandTypes.MemberRole) with { UserId = promoted.Id, Role = Roles.Admin });
            CommandResult message = await other.Client.Chat.SubmitAsync(Steps.Text(group, "theirs"));
            CommandResult poll = await other.Client.Chat.SubmitAsync(
                Steps.Command(group, CommandTypes.MessageSend) with { Content = new Content { Type = ContentTypes.Poll, Poll = new Poll { Question = "?", Options = ["a", "b"] } } });
            InviteView invite = await owner.Client.Chat.CreateInviteAsync(group);
            await owner.Client.Chat.SubmitAsync(Steps.Command(group, CommandTypes.MemberRemove) with { UserId = removed.Id });
            Dictionary<string, TestPerson> roles = new()
            {
                ["stranger"] = people[6],
                ["removed"] = removed,
                [Roles.Member] = member,
                [Roles.Admin] = admin,
                [Roles.Owner] = owner,
            };
            return new World(group, message.CommandId!.Value, poll.CommandId!.Value, invite.InviteId, roles, other, otherAdmin, people[7]);
        }

        public Task DoAsync(string deed, TestPerson by) => deed switch
        {
            "send" => Submit(by, Steps.Text(Group, "words")),
            "react" => Submit(by, Steps.Command(Group, CommandTypes.ReactionAdd) with { MessageId = Message, Key = "👍" }),
            "vote" => Submit(by, Steps.Command(Group, CommandTypes.PollVote) with { MessageId = Poll, Options = [0] }),
            "read" => by.Client.Chat.MessagesAsync(Group),
            "mention everyone" => Submit(by, Steps.Text(Group, "@everyone") with { Mentions = new Mentions { Everyone = true } }),
            "pin" => Submit(by, Steps.Command(Group, CommandTypes.MessagePin) with { MessageId = Message }),
            "delete another's" => Submit(by, Steps.Command(Group, CommandTypes.MessageDelete) with { MessageId = Message }),
            "close another's poll" => Submit(by, Steps.Command(Group, CommandTypes.PollClose) with { MessageId = Poll }),
            "rename" => Submit(by, Steps.Command(Group, CommandTypes.ConversationChange) with { Changes = new ConversationChanges { Title = "Other" } }),
            "change the lifetime" => Submit(by, Steps.Command(Group, CommandTypes.ConversationChange) with { Changes = new ConversationChanges { ExpiresAfter = 3600 } }),
            "add a member" => Submit(by, Steps.Command(Group, CommandTypes.MemberAdd) with { Members = [Outside.Id.ToString()] }),
            "remove a member" => Submit(by, Steps.Command(Group, CommandTypes.MemberRemove) with { UserId = Other.Id }),
            "remove an admin" => Submit(by, Steps.Command(Group, CommandTypes.MemberRemove) with { UserId = OtherAdmin.Id }),
            "make an admin" => Submit(by, Steps.Command(Group, CommandTypes.MemberRole) with { UserId = Other.Id, Role = Roles.Admin }),
            "hand over" => Submit(by, Steps.Command(Group, CommandTypes.MemberRole) with { UserId = OtherAdmin.Id, Role = Roles.Owner }),
            "edit another's" => Submit(by, Steps.Text(Group, "mine now") with { Type = CommandTypes.MessageEdit, MessageId = Message }),
            "make an invite" => by.Client.Chat.CreateInviteAsync(Group),
            "list the invites" => by.Client.Chat.InvitesAsync(Group),
            "revoke an invite" => by.Client.Chat.RevokeInviteAsync(Group, Invite),
            _ => throw new ArgumentOutOfRangeException(nameof(deed), deed, null),
        };

        private static Task<CommandResult> Submit(TestPerson by, Command command) => by.Client.Chat.SubmitAsync(command);
    }
}
