using CoolChat.Client;
using CoolChat.Contracts;
using Xunit;

namespace CoolChat.UnitTests.Client;

public sealed class ConversationStateTests
{
    private readonly Guid _me = Guid.NewGuid();
    private readonly Guid _other = Guid.NewGuid();
    private readonly LogWriter _log = new();

    public ConversationStateTests() => _log.Create(_other, _me);

    private ConversationState Fold()
    {
        ConversationState state = new(_log.ConversationId, _me);
        foreach (ChatEvent e in _log.Events)
            state.Apply(e);
        return state;
    }

    [Fact]
    public void Apply_EditThenDelete_LeavesATombstoneWithoutContent()
    {
        ChatEvent sent = _log.Text(_other, "one");
        _log.Append(_other, EventTypes.MessageEdited, new MessageBody { MessageId = sent.MessageId, Content = new Content { Type = ContentTypes.Text, Text = "two" } }, sent.MessageId);
        MessageView edited = Assert.Single(Fold().Messages);
        Assert.Equal(("two", 1), (edited.Content!.Text, edited.Edits));

        _log.Append(_other, EventTypes.MessageDeleted, new MessageRefBody { MessageId = sent.MessageId!.Value, Reason = "moderator" }, sent.MessageId);
        MessageView deleted = Assert.Single(Fold().Messages);
        Assert.Null(deleted.Content);
        Assert.Equal("moderator", deleted.Deleted);
        Assert.Null(deleted.Edits);
    }

    [Fact]
    public void Unread_MessagesAfterTheMark_CountsOnlyTheLiving()
    {
        ChatEvent read = _log.Text(_other, "read");
        ChatEvent gone = _log.Text(_other, "gone", new Mentions { Users = [_me] });
        _log.Text(_other, "there", new Mentions { Everyone = true });
        ConversationState state = Fold();
        state.MarkRead(read.Seq);
        Assert.Equal((2, 2), (state.Unread, state.Mentions));

        state.Apply(_log.Append(_other, EventTypes.MessageDeleted, new MessageRefBody { MessageId = gone.MessageId!.Value }, gone.MessageId));
        Assert.Equal((1, 1), (state.Unread, state.Mentions));

        state.MarkRead(1);
        Assert.Equal(read.Seq, state.ReadSeq);
    }

    [Fact]
    public void Apply_OwnMessage_MovesOnesOwnMark()
    {
        _log.Text(_other, "question");
        ChatEvent answer = _log.Text(_me, "answer");
        ConversationState state = Fold();
        Assert.Equal((answer.Seq, 0), (state.ReadSeq, state.Unread));
    }

    [Fact]
    public void Apply_ReactionTwiceByOnePerson_CountsOnce()
    {
        ChatEvent sent = _log.Text(_other, "one");
        ReactionBody reaction = new() { MessageId = sent.MessageId!.Value, Key = "👍" };
        _log.Append(_me, EventTypes.ReactionAdded, reaction, sent.MessageId);
        _log.Append(_me, EventTypes.ReactionAdded, reaction, sent.MessageId);
        _log.Append(_other, EventTypes.ReactionAdded, reaction, sent.MessageId);
        ReactionCount count = Assert.Single(Fold().Messages[0].Reactions!);
        Assert.Equal((2, true), (count.Count, count.Mine));

        _log.Append(_me, EventTypes.ReactionRemoved, reaction, sent.MessageId);
        _log.Append(_other, EventTypes.ReactionRemoved, reaction, sent.MessageId);
        Assert.Null(Fold().Messages[0].Reactions);
    }

    [Fact]
    public void Apply_VoteChangedAndTakenBack_CountsTheLastOne()
    {
        ChatEvent poll = _log.Append(_other, EventTypes.MessageSent, new MessageBody
        {
            Content = new Content { Type = ContentTypes.Poll, Poll = new Poll { Question = "?", Options = ["a", "b"] } },
        });
        _log.Append(_me, EventTypes.PollVoted, new PollVoteBody { MessageId = poll.MessageId!.Value, Options = [0] }, poll.MessageId);
        _log.Append(_me, EventTypes.PollVoted, new PollVoteBody { MessageId = poll.MessageId.Value, Options = [1] }, poll.MessageId);
        _log.Append(_other, EventTypes.PollVoted, new PollVoteBody { MessageId = poll.MessageId.Value, Options = [1] }, poll.MessageId);
        _log.Append(_other, EventTypes.PollVoted, new PollVoteBody { MessageId = poll.MessageId.Value, Options = [] }, poll.MessageId);
        PollResult result = Fold().Messages[0].Poll!;
        Assert.Equal([0, 1], result.Counts);
        Assert.Equal([1], result.Mine!);
    }

    [Fact]
    public void Apply_MembersComeAndGo_KeepsRoles()
    {
        Guid third = Guid.NewGuid();
        _log.Append(_other, EventTypes.MemberAdded, new MembersAddedBody { Members = [new MemberEntry { UserId = third, Role = Roles.Member }], Via = "added" });
        _log.Append(_other, EventTypes.MemberRoleChanged, new MemberRefBody { UserId = third, Role = Roles.Admin });
        _log.Append(_me, EventTypes.MemberRemoved, new MemberRefBody { UserId = _me });
        Assert.Equal(new Dictionary<Guid, string> { [_other] = Roles.Owner, [third] = Roles.Admin }, Fold().Members);
    }

    [Fact]
    public void Apply_ErasedBody_IsATombstone()
    {
        ChatEvent sent = _log.Text(_other, "one");
        ConversationState state = new(_log.ConversationId, _me);
        state.Apply(_log.Events[0]);
        state.Apply(sent with { Body = null, Salt = null, Redacted = true });
        Assert.Equal("erased", Assert.Single(state.Messages).Deleted);
    }

    [Fact]
    public void Apply_MemberErased_TurnsWhatTheyWroteIntoTombstones()
    {
        ChatEvent theirs = _log.Text(_other, "theirs", new Mentions { Users = [_me] });
        ChatEvent deleted = _log.Text(_other, "deleted");
        ChatEvent mine = _log.Text(_me, "mine");
        _log.Append(_other, EventTypes.MessageDeleted, new MessageRefBody { MessageId = deleted.MessageId!.Value, Reason = "moderator" }, deleted.MessageId);
        _log.Append(_me, EventTypes.MessagePinned, new MessageRefBody { MessageId = theirs.MessageId!.Value }, theirs.MessageId);
        _log.Append(_other, EventTypes.MemberErased, new MemberRefBody { UserId = _other });
        ConversationState state = Fold();
        Assert.Equal(["erased", "moderator", null], state.Messages.Select(message => message.Deleted));
        Assert.Equal([null, null, mine.MessageId], state.Messages.Select(message => message.Content is null ? (Guid?)null : message.MessageId));
        Assert.Empty(state.Pins);
    }

    [Fact]
    public void Apply_UnknownType_IsIgnored()
    {
        _log.Append(_other, "hologram.projected", new { size = 3 });
        Assert.Equal(2, Fold().LastSeq);
    }

    [Fact]
    public void Apply_NotTheNextEvent_Throws()
    {
        _log.Text(_other, "one");
        ConversationState state = new(_log.ConversationId, _me);
        Assert.Throws<ArgumentException>(() => state.Apply(_log.Events[1]));
    }
}
