using CoolChat.Chat;
using CoolChat.Chat.Messages;
using CoolChat.Chat.Realtime;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CoolChat.UnitTests.Chat;

public sealed class SubmissionTests : IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);
    private readonly FakeTimeProvider _time = new();
    private readonly OutcomeDeadlines _deadlines;
    private readonly List<Result<OperationResult>> _late = [];

    public SubmissionTests() => _deadlines = new OutcomeDeadlines(_time, Options.Create(new ChatOptions { OutcomeWait = Wait }));

    public void Dispose() => _deadlines.Dispose();

    [Fact]
    public async Task Settle_InTime_IsTheAnswer()
    {
        Submission submission = Submit();
        _time.Advance(Wait / 2);

        submission.Settle(Done(7));

        Assert.Equal(7, (await submission.Task)!.Value.Value!.Seq);
        _time.Advance(Wait * 2);
        Assert.Empty(_late);
    }

    [Fact]
    public async Task Wait_OfTheOldest_EndsWithoutTheOthers()
    {
        Submission first = Submit();
        _time.Advance(Wait - TimeSpan.FromMilliseconds(500));
        Submission second = Submit(), third = Submit();

        _time.Advance(TimeSpan.FromMilliseconds(900));

        Assert.Null(await first.Task);
        Assert.False(second.Task.IsCompleted);
        second.Settle(Refusal.NotFound());
        _time.Advance(Wait);
        Assert.False((await second.Task)!.Value.Ok);
        Assert.Null(await third.Task);
    }

    [Fact]
    public async Task Settle_AfterTheWait_IsToldLater()
    {
        Submission submission = Submit();
        _time.Advance(Wait * 2);
        Assert.Null(await submission.Task);

        submission.Settle(Refusal.NotFound());

        Assert.Equal(ErrorCodes.NotFound, Assert.Single(_late).Refusal!.Code);
    }

    [Fact]
    public async Task Wait_ForWhatIsNotKnownToBeDurable_EndsInARefusalAndNotAsAccepted()
    {
        Submission unknown = Submit(accepted: false), accepted = Submit(accepted: false);
        accepted.Accept();

        _time.Advance(Wait * 2);

        Assert.Equal(ErrorCodes.Unavailable, (await unknown.Task)!.Value.Refusal!.Code);
        Assert.Null(await accepted.Task);
    }

    [Fact]
    public void Outcomes_OfABatch_AreToldOncePerConversationInOrder()
    {
        Guid a = Guid.CreateVersion7(), b = Guid.CreateVersion7();
        List<string> told = [];
        OutcomeRuns runs = new();
        runs.Take([Outcome(a, "a1"), Outcome(b, "b1"), Outcome(a, "a2")]);

        runs.Tell(a);
        Assert.Equal(["a1", "a2"], told);
        runs.Tell(a);
        runs.TellRest();
        runs.TellRest();
        Assert.Equal(["a1", "a2", "b1"], told);

        LiveOutcome Outcome(Guid conversation, string name) => new(conversation, new Noted(() => told.Add(name)), Done(1));
    }

    private Submission Submit(bool accepted = true)
    {
        Guid conversation = Guid.CreateVersion7();
        Submission submission = new(
            new LogCommand
            {
                ConversationId = conversation,
                Actor = Guid.CreateVersion7(),
                Command = new Command { CommandId = Guid.CreateVersion7(), ConversationId = conversation, Type = CommandTypes.MessageSend },
            },
            _deadlines, (_, result) => _late.Add(result), inline: true, accepted);
        _deadlines.Add(submission);
        return submission;
    }

    private static Result<OperationResult> Done(long seq) => new OperationResult { ConversationId = Guid.CreateVersion7(), Seq = seq, At = DateTimeOffset.UnixEpoch };

    private sealed class Noted(Action note) : IOutcome
    {
        public void Settle(Result<OperationResult> result) => note();
    }
}
