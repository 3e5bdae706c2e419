using System.Text;
using System.Text.Json;
using CoolChat.Contracts;
using Xunit;

namespace CoolChat.UnitTests.Chat;

/// <summary>Whatever a client sends: an answer, never an exception at its side, a dropped connection or an endless wait.</summary>
public sealed class MalformedCallTests(ChatHostFixture fixture) : IClassFixture<ChatHostFixture>, IAsyncLifetime
{
    private const string Id = "018f2b9e-0000-7000-8000-000000000001";
    private const string Start = "\"commandId\":\"" + Id + "\",\"conversationId\":\"" + Id + "\",\"type\":\"message.send\"";
    private readonly ChatHost _host = fixture.Host;
    private RawHub _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await RawHub.ConnectAsync(_host.Join());

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    public static TheoryData<string, string, string?> Arguments => new()
    {
        { "Submit", "[]", null },
        { "Submit", "[null]", "commandId" },
        { "Submit", "[1]", null },
        { "Submit", "[\"text\"]", null },
        { "Submit", "[[]]", null },
        { "Submit", "[{},{}]", "commandId" },
        { "Submit", "[{}]", "commandId" },
        { "Submit", "[{\"commandId\":5}]", "commandId" },
        { "Submit", "[{\"commandId\":\"" + Id + "\"}]", "conversationId" },
        { "Submit", "[{\"commandId\":\"nope\",\"conversationId\":\"" + Id + "\",\"type\":\"message.send\"}]", "commandId" },
        { "Submit", "[{" + Start + ",\"content\":{\"type\":\"text\",\"text\":5}}]", "content.text" },
        { "Submit", "[{" + Start + ",\"content\":{\"text\":\"no type\"}}]", "content.type" },
        { "Submit", "[{" + Start + ",\"content\":{\"type\":\"text\",\"text\":\"a\",\"text\":\"b\"}}]", "content.text" },
        { "Submit", "[{" + Start + ",\"content\":{\"type\":\"text\",\"text\":\"\\ud800\"}}]", "content.text" },
        { "Submit", "[{" + Start + ",\"content\":[]}]", "content" },
        { "Submit", "[{" + Start + ",\"scheduledFor\":\"yesterday\"}]", "scheduledFor" },
        { "Submit", "[{" + Start + ",\"expectedSeq\":1e400}]", "expectedSeq" },
        { "Submit", "[{" + Start + ",\"expectedSeq\":1.5}]", "expectedSeq" },
        { "Submit", "[{" + Start + ",\"mentions\":{\"users\":[\"x\"]}}]", "mentions.users[0]" },
        { "Submit", "[{" + Start + ",\"content\":{\"type\":\"image\",\"attachments\":[{}]}}]", "content.attachments[0].mediaId" },
        { "Submit", "[{" + Start + ",\"content\":{\"type\":\"image\",\"attachments\":[null]}}]", "content.attachments[0]" },
        { "MarkRead", "[]", null },
        { "MarkRead", "[\"" + Id + "\"]", null },
        { "MarkRead", "[\"" + Id + "\",\"1\"]", "seq" },
        { "MarkRead", "[\"" + Id + "\",0]", "seq" },
        { "MarkRead", "[\"" + Id + "\",null]", "seq" },
        { "MarkRead", "[\"" + Id + "\",99999999999999999999]", "seq" },
        { "MarkRead", "[{},1]", "conversationId" },
        { "MarkDelivered", "[\"00000000-0000-0000-0000-000000000000\",1]", "conversationId" },
        { "Typing", "[null]", "conversationId" },
        { "Typing", "[[1,2,{\"a\":[]}]]", "conversationId" },
        { "WatchPresence", "[null]", "userIds" },
        { "WatchPresence", "[\"" + Id + "\"]", "userIds" },
        { "WatchPresence", "[[\"" + Id + "\",7]]", "userIds[1]" },
        { "WatchPresence", "[[[[]]]]", "userIds[0]" },
        { "Authenticate", "[null]", "token" },
        { "Authenticate", "[{}]", "token" },
        { "Authenticate", "[\"nonsense\"]", "token" },
        { "Hello", "[5]", null },
        { "Hello", "[{\"features\":\"all\"}]", "features" },
        { "Nothing", "[]", null },
    };

    [Theory]
    [MemberData(nameof(Arguments))]
    public async Task Call_WithWrongArguments_IsRefusedByField(string target, string arguments, string? field)
    {
        JsonElement result = await _hub.CallAsync(target, arguments);

        string code = target == "Nothing" ? ErrorCodes.NotFound : field == "token" && arguments.Contains("nonsense", StringComparison.Ordinal)
            ? ErrorCodes.Unauthenticated : ErrorCodes.Invalid;
        RawHub.AssertRefused(result, code, field);
        await AssertAliveAsync();
    }

    [Fact]
    public async Task Call_WithUnknownFields_IgnoresThem()
    {
        JsonElement result = await _hub.CallAsync("Hello", "[{\"client\":\"x\",\"later\":{\"deep\":[1,2.5,null]}}]");

        Assert.True(result.GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task Call_NestedVeryDeeply_IsRefused()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"content\":", 2000)) + "1" + new string('}', 2000);
        RawHub.AssertRefused(await _hub.CallAsync("Submit", $"[{deep}]"), ErrorCodes.Invalid);
        await AssertAliveAsync();
    }

    [Theory]
    [InlineData("{\"type\":1,\"invocationId\":\"a\",\"target\":\"Submit\",\"arguments\":[{]}")]
    [InlineData("{\"type\":1,\"target\":\"Submit\",\"arguments\":[{\"x\":}],\"invocationId\":\"a\"}")]
    [InlineData("{\"type\":1,\"invocationId\":\"a\",\"target\":\"Submit\"}")]
    [InlineData("{\"type\":1,\"invocationId\":\"a\",\"arguments\":[]}")]
    [InlineData("{\"type\":1,\"invocationId\":\"a\",\"target\":7,\"arguments\":[]}")]
    [InlineData("{\"type\":1,\"invocationId\":\"a\",\"target\":\"Submit\",\"arguments\":{}}")]
    [InlineData("{\"type\":1,\"invocationId\":\"a\",\"target\":\"Submit\",\"arguments\":[")]
    public async Task Frame_ThatIsNoInvocation_IsRefusedUnderItsId(string frame)
    {
        await _hub.SendAsync(frame);

        RawHub.AssertRefused(await _hub.CompletionAsync("a"), ErrorCodes.Invalid);
        await AssertAliveAsync();
    }

    [Fact]
    public async Task Frame_WithInvalidUtf8_IsRefused()
    {
        byte[] frame =
        [
            .. Encoding.UTF8.GetBytes("{\"type\":1,\"invocationId\":\"a\",\"target\":\"Submit\",\"arguments\":[{" + Start + ",\"content\":{\"type\":\"text\",\"text\":\""),
            0xC3, 0x28, 0xFF,
            .. "\"}}]}"u8,
        ];
        // As a binary message: in a text message WebSocket itself must fail the connection (RFC 6455 section 8.1).
        await _hub.SendAsync(frame, System.Net.WebSockets.WebSocketMessageType.Binary);

        RawHub.AssertRefused(await _hub.CompletionAsync("a"), ErrorCodes.Invalid, "content.text");
        await AssertAliveAsync();
    }

    [Theory]
    [InlineData(200_000)]
    [InlineData(900_000)]
    [InlineData(1_048_500)]
    [InlineData(5_000_000)]
    public async Task Frame_OverTheLimit_IsTooLarge(int bytes)
    {
        JsonElement result = await _hub.CallAsync("Submit", "[{" + Start + ",\"content\":{\"type\":\"text\",\"text\":\"" + new string('a', bytes) + "\"}}]");

        RawHub.AssertRefused(result, ErrorCodes.TooLarge);
        await AssertAliveAsync();
    }

    [Fact]
    public async Task Frame_OverAllLimits_IsAnsweredUnderAnIdBehindItsArguments()
    {
        await _hub.SendAsync("{\"arguments\":[\"" + new string('a', 2_000_000) + "\"],\"invocationId\":\"late\",\"target\":\"Typing\",\"type\":1}");

        RawHub.AssertRefused(await _hub.CompletionAsync("late"), ErrorCodes.TooLarge);
        await AssertAliveAsync();
    }

    [Theory]
    [InlineData("{\"type\":99,\"invocationId\":\"a\"}")]
    [InlineData("{\"type\":20,\"invocationId\":\"a\",\"target\":\"Submit\"}")]
    public async Task Frame_OfAnUnknownType_IsRefusedUnderItsId(string frame)
    {
        await _hub.SendAsync(frame);

        RawHub.AssertRefused(await _hub.CompletionAsync("a"), ErrorCodes.Invalid);
        await AssertAliveAsync();
    }

    [Fact]
    public async Task Frame_OfAnUnknownTypeWithoutAnId_IsSkipped()
    {
        await _hub.SendAsync("{\"type\":99}");

        await AssertAliveAsync();
    }

    [Fact]
    public async Task Refuse_CalledByAClient_OnlyRefuses()
    {
        RawHub.AssertRefused(await _hub.CallAsync("Refuse", "[null]"), ErrorCodes.Invalid);
        await AssertAliveAsync();
    }

    [Fact]
    public async Task MessagePack_WithWrongArguments_IsRefusedByField()
    {
        await using HubClient client = await HubClient.ConnectAsync(_host.Join(), messagePack: true);

        CommandResult wrongType = await client.CallAsync<CommandResult>("Submit", new { commandId = 5 });
        CommandResult wrongCount = await client.CallAsync<CommandResult>("Submit");
        HubReply unknown = await client.CallAsync<HubReply>("Nothing", "x");
        HubReply seq = await client.CallAsync<HubReply>("MarkRead", Id, -1);
        HubReply tooLarge = await client.CallAsync<HubReply>("Typing", new string('x', 300_000));
        HubReply farTooLarge = await client.CallAsync<HubReply>("Typing", new string('x', 3_000_000));

        Assert.Equal((ErrorCodes.Invalid, "commandId"), (wrongType.Error?.Code, wrongType.Error?.Field));
        Assert.Equal(ErrorCodes.Invalid, wrongCount.Error?.Code);
        Assert.Equal(ErrorCodes.NotFound, unknown.Error?.Code);
        Assert.Equal((ErrorCodes.Invalid, "seq"), (seq.Error?.Code, seq.Error?.Field));
        Assert.False(tooLarge.Ok);
        Assert.Equal(ErrorCodes.TooLarge, farTooLarge.Error?.Code);
        Assert.True((await client.CallAsync<HelloReply>(HubMethods.Hello, new HelloRequest())).Ok);
    }

    private async Task AssertAliveAsync() => Assert.True((await _hub.CallAsync("Hello", "[{}]")).GetProperty("ok").GetBoolean());
}
