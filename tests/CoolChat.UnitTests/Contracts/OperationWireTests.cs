using System.Buffers;
using System.Text;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Xunit;

namespace CoolChat.UnitTests.Contracts;

public sealed class OperationWireTests
{
    private static readonly Guid Conversation = Guid.CreateVersion7();
    private static readonly Guid Ada = Guid.CreateVersion7();

    private static readonly ConversationOperation[] All =
    [
        new LogCommand
        {
            ConversationId = Conversation,
            Actor = Ada,
            DeviceId = Guid.CreateVersion7(),
            Members = [Guid.CreateVersion7()],
            ByHand = false,
            Command = new Command
            {
                CommandId = Guid.CreateVersion7(),
                ConversationId = Conversation,
                Type = CommandTypes.MessageSend,
                ScheduledFor = DateTimeOffset.UnixEpoch.AddMilliseconds(1),
                Content = new Content { Type = ContentTypes.Poll, Text = "a line\nand \"another\" \u2028 🦀", Poll = new Poll { Question = "?", Options = ["a", "b"] } },
            },
        },
        new CreateConversation { ConversationId = Conversation, Actor = Ada, CommandId = Guid.CreateVersion7(), Kind = ConversationKinds.Group, Members = [Ada], Title = "T" },
        new MoveMarks { ConversationId = Conversation, Actor = Ada, ReadSeq = 7 },
        new SetPreferences { ConversationId = Conversation, Actor = Ada, Preferences = new MemberPreferences { Draft = "…", Archived = true } },
        new CreateInvite { ConversationId = Conversation, Actor = Ada, InviteId = Guid.CreateVersion7(), Code = "c", ExpiresIn = TimeSpan.FromHours(3), MaxUses = 2 },
        new RevokeInvite { ConversationId = Conversation, Actor = Ada, InviteId = Guid.CreateVersion7() },
        new CancelScheduled { ConversationId = Conversation, Actor = Ada, CommandId = Guid.CreateVersion7() },
        new EraseBodies { ConversationId = Conversation, Actor = Ada },
    ];

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, All.Length)];

    [Fact]
    public void Examples_AreAllOperationsThatThereAre() => Assert.Equal(
        typeof(ConversationOperation).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ConversationOperation))).Select(type => type.Name).Order(),
        All.Select(operation => operation.GetType().Name).Order());

    [Theory]
    [MemberData(nameof(Indices))]
    public void Operation_OnTheWire_ComesBackTheSame(int index)
    {
        ReadOnlyMemory<byte> lines = OperationWire.Encode(41, All[index]);

        Assert.True(OperationWire.TryTakeLine(ref lines, out ReadOnlyMemory<byte> line));
        Assert.True(OperationWire.TryDecode(line.Span, out OperationLine? read, out _));

        Assert.Equal(41ul, read.Number);
        Assert.Equal(All[index].GetType(), read.Do.GetType());
        Assert.Equal(OperationWire.Encode(41, All[index]), OperationWire.Encode(41, read.Do));
        Assert.False(OperationWire.TryTakeLine(ref lines, out _));
    }

    [Fact]
    public void Outcomes_InOneMessage_ComeBackEach()
    {
        OperationResult done = new() { ConversationId = Conversation, Seq = 9, At = DateTimeOffset.UnixEpoch.AddMilliseconds(5) };
        Refusal refused = new(ErrorCodes.RateLimited, "Slowly.", "content", 3, 429);
        ArrayBufferWriter<byte> message = new();
        OperationWire.WriteOutcome(message, 1, done);
        OperationWire.WriteOutcome(message, 2, refused);
        ReadOnlyMemory<byte> lines = message.WrittenMemory;

        Assert.True(OperationWire.TryTakeLine(ref lines, out ReadOnlyMemory<byte> first));
        Assert.True(OperationWire.TryTakeLine(ref lines, out ReadOnlyMemory<byte> second));

        Assert.True(OperationWire.TryDecodeOutcome(first.Span, out OutcomeLine? one));
        Assert.True(OperationWire.TryDecodeOutcome(second.Span, out OutcomeLine? two));
        Assert.Equal((1ul, done), (one.Number, one.Done));
        Assert.Equal((2ul, refused), (two.Number, two.Refused));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"n":5,"do":null}""")]
    [InlineData("""{"n":5,"do":{"operation":"not.known","conversationId":"0190f0f0-0000-7000-8000-000000000000"}}""")]
    [InlineData("""{"n":5,"do":{"operation":"marks.move"}}""")]
    [InlineData("""{"n":5,"do":{}}""")]
    [InlineData("\u0000\u0001")]
    public void Decode_WhatIsNoOperation_SaysWhyAndThrowsNothing(string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line);

        Assert.False(OperationWire.TryDecode(bytes, out _, out string? why));
        Assert.NotEmpty(why);
        Assert.Equal(line.StartsWith("{\"n\"", StringComparison.Ordinal) ? 5ul : 0ul, OperationWire.NumberOf(bytes));
    }
}
