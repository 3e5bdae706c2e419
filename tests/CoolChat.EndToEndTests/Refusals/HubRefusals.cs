using System.Text.Json;
using CoolChat.Contracts;
using CoolChat.Testing;
using Microsoft.AspNetCore.SignalR.Client;

namespace CoolChat.EndToEndTests.Refusals;

/// <summary>The suite over JSON.</summary>
public sealed class JsonHubRefusalTests(Server server) : HubRefusals(server)
{
    private protected override HubConnection Connection(string? token) => RawHub.Json(Url, token);
}

/// <summary>The suite over MessagePack.</summary>
public sealed class MessagePackHubRefusalTests(Server server) : HubRefusals(server)
{
    private protected override HubConnection Connection(string? token) => RawHub.MessagePack(Url, token);
}

/// <summary>Every hub method against everything that should not be sent: ok false with a code, and the connection lives on.</summary>
public abstract class HubRefusals(Server server) : IAsyncLifetime
{
    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(60);
    private static readonly JsonSerializerOptions Deep = new() { MaxDepth = 1000 };
    private readonly List<string> _faults = [];
    private TestPerson _person = null!;
    private HubConnection _hub = null!;

    public async ValueTask InitializeAsync()
    {
        _person = await TestPerson.SignInAsync(server.Url);
        _hub = Connection(_person.Client.Tokens.AccessToken);
        await _hub.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _person.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected Uri Url => server.Url;

    private protected abstract HubConnection Connection(string? token);

    private async Task RefusedAsync(string method, params object?[] arguments)
    {
        string what = JsonSerializer.Serialize(arguments, Deep);
        what = $"{method}{what[..Math.Min(what.Length, 160)]}";
        try
        {
            JsonElement answer = await _hub.InvokeCoreAsync<JsonElement>(method, [.. arguments.Select(AsJson)]).WaitAsync(MostWait);
            bool refused = answer.TryGetProperty("ok", out JsonElement ok) && !ok.GetBoolean()
                && answer.GetProperty("error").GetProperty("code").GetString() is { Length: > 0 } code && code != ErrorCodes.Internal;
            if (!refused)
                _faults.Add($"{what}: {answer.GetRawText()}");
        }
        catch (Exception exception)
        {
            _faults.Add($"{what}: {exception.GetType().Name} {exception.Message}");
        }
        if (_hub.State != HubConnectionState.Connected)
        {
            _faults.Add($"{what}: dropped the connection");
            await _hub.StartAsync();
        }
    }

    private static object? AsJson(object? argument) => argument is null or JsonElement ? argument : JsonSerializer.SerializeToElement(argument, argument.GetType(), CoolChatJson.Options);

    private void AssertNoFaults() => Assert.True(_faults.Count == 0, $"{_faults.Count} faults:\n" + string.Join('\n', _faults.Take(60)));

    private static readonly object?[] Wrong =
        [null, 1, -1, 1.5, "", "x", true, Array.Empty<object>(), new { }, new { a = new { b = 1 } }, new[] { 1 }, new string('x', 50_000), Guid.Empty.ToString(), Guid.NewGuid().ToString(), "'; DROP TABLE"];

    [Fact]
    public async Task Submit_AnythingThatIsNoCommand_IsRefused()
    {
        foreach (object? wrong in Wrong)
            await RefusedAsync(HubMethods.Submit, wrong);
        AssertNoFaults();
    }

    [Theory]
    [InlineData("commandId")]
    [InlineData("conversationId")]
    [InlineData("type")]
    [InlineData("content")]
    [InlineData("replyTo")]
    [InlineData("thread")]
    [InlineData("mentions")]
    [InlineData("scheduledFor")]
    [InlineData("expiresAfter")]
    [InlineData("expectedSeq")]
    [InlineData("forwardedFrom")]
    public async Task Submit_AFieldOfAWrongKind_IsRefused(string field)
    {
        Guid notes = (await _person.Client.Chat.OpenDirectAsync(_person.Id.ToString())).Id;
        foreach (object? wrong in Wrong.Where(wrong => wrong is not null))
        {
            // What may be right: members that nobody knows are ignored, and 1 may be the last seq.
            if ((field == "mentions" && JsonSerializer.Serialize(wrong).StartsWith('{')) || (field == "expectedSeq" && wrong is 1))
                continue;
            Dictionary<string, object?> command = new()
            {
                ["commandId"] = Guid.CreateVersion7(),
                ["conversationId"] = notes,
                ["type"] = CommandTypes.MessageSend,
                ["content"] = new { type = "text", text = "x" },
                [field] = wrong,
            };
            await RefusedAsync(HubMethods.Submit, command);
        }
        AssertNoFaults();
    }

    [Theory]
    [InlineData(CommandTypes.MessageSend)]
    [InlineData(CommandTypes.MessageEdit)]
    [InlineData(CommandTypes.MessageDelete)]
    [InlineData(CommandTypes.MessagePin)]
    [InlineData(CommandTypes.MessageUnpin)]
    [InlineData(CommandTypes.ReactionAdd)]
    [InlineData(CommandTypes.ReactionRemove)]
    [InlineData(CommandTypes.PollVote)]
    [InlineData(CommandTypes.PollClose)]
    [InlineData(CommandTypes.MemberAdd)]
    [InlineData(CommandTypes.MemberRemove)]
    [InlineData(CommandTypes.MemberRole)]
    [InlineData(CommandTypes.MemberLeave)]
    [InlineData(CommandTypes.MemberJoin)]
    [InlineData(CommandTypes.ConversationChange)]
    [InlineData(CommandTypes.ConversationCreate)]
    [InlineData("no.such")]
    public async Task Submit_ByAStranger_OrWithNothingButItsType_IsRefused(string type)
    {
        TestPerson[] people = await server.PeopleAsync(2);
        Guid group = await Steps.GroupAsync(people[0], people[1]);
        CommandResult message = await people[0].Client.SendTextAsync(group, "hidden");
        await RefusedAsync(HubMethods.Submit, Complete(group, type, message.CommandId!.Value, people[1].Id));
        Guid notes = (await _person.Client.Chat.OpenDirectAsync(_person.Id.ToString())).Id;
        await RefusedAsync(HubMethods.Submit, Steps.Command(notes, type));
        foreach (TestPerson person in people)
            await person.DisposeAsync();
        AssertNoFaults();
    }

    private static Command Complete(Guid conversation, string type, Guid message, Guid user) => Steps.Command(conversation, type) with
    {
        Content = type.StartsWith("message", StringComparison.Ordinal) ? new Content { Type = ContentTypes.Text, Text = "mine" } : null,
        MessageId = message,
        UserId = user,
        Key = "👍",
        Options = [0],
        Members = [user.ToString()],
        Role = Roles.Admin,
        Changes = new ConversationChanges { Title = "mine" },
    };

    [Fact]
    public async Task Submit_TextBeyondItsLimits_IsRefused()
    {
        Guid notes = (await _person.Client.Chat.OpenDirectAsync(_person.Id.ToString())).Id;
        foreach (string text in new[] { "", "   ", new('x', (16 * 1024) + 1), new('語', 6000), "bell \u0007", "null \u0000", "escape \u001b[31m" })
            await RefusedAsync(HubMethods.Submit, Steps.Text(notes, text));
        AssertNoFaults();
    }

    [Fact]
    public async Task OtherMethods_WithWrongArguments_AreRefused()
    {
        foreach (object? wrong in Wrong)
        {
            await RefusedAsync(HubMethods.MarkRead, wrong, 1);
            await RefusedAsync(HubMethods.MarkRead, Guid.NewGuid(), wrong);
            await RefusedAsync(HubMethods.MarkDelivered, wrong, 1);
            await RefusedAsync(HubMethods.MarkDelivered, Guid.NewGuid(), wrong);
            await RefusedAsync(HubMethods.Typing, wrong);
            await RefusedAsync(HubMethods.Authenticate, wrong);
            if (wrong is not object[])
                await RefusedAsync(HubMethods.WatchPresence, wrong);
        }
        await RefusedAsync(HubMethods.WatchPresence, Enumerable.Range(0, 501).Select(_ => Guid.NewGuid()).ToArray());
        await RefusedAsync("NoSuchMethod", 1);
        await RefusedAsync(HubMethods.Submit);
        await RefusedAsync(HubMethods.MarkRead, Guid.NewGuid());
        AssertNoFaults();
    }

    [Fact]
    public async Task Authenticate_WithAnotherPersonsToken_IsRefused()
    {
        await using TestPerson other = await TestPerson.SignInAsync(server.Url);
        await RefusedAsync(HubMethods.Authenticate, other.Client.Tokens.AccessToken);
        AssertNoFaults();
    }

    [Fact]
    public async Task Connect_WithoutAValidToken_Is401()
    {
        await using TestPerson gone = await TestPerson.SignInAsync(server.Url);
        string revoked = gone.Client.Tokens.AccessToken;
        await gone.Client.SignOutAsync();
        string[] parts = _person.Client.Tokens.AccessToken.Split('.');
        foreach (string? token in new[] { null, "garbage", revoked, $"{parts[0]}.{parts[1]}.{new string('A', parts[2].Length)}", $"{parts[0]}.{parts[1]}." })
        {
            await using HubConnection hub = Connection(token);
            Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => hub.StartAsync());
            Assert.Contains("401", refused.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AnyMethod_ByARemovedMember_IsRefused()
    {
        await using TestPerson owner = await TestPerson.SignInAsync(server.Url);
        Guid group = await Steps.GroupAsync(owner, _person);
        CommandResult message = await owner.Client.Chat.SubmitAsync(Steps.Text(group, "hidden"));
        await owner.Client.Chat.SubmitAsync(Steps.Command(group, CommandTypes.MemberRemove) with { UserId = _person.Id });
        foreach (string type in new[] { CommandTypes.MessageSend, CommandTypes.ReactionAdd, CommandTypes.MessagePin, CommandTypes.MemberAdd, CommandTypes.MemberLeave, CommandTypes.MemberJoin, CommandTypes.ConversationChange })
            await RefusedAsync(HubMethods.Submit, Complete(group, type, message.CommandId!.Value, owner.Id));
        await RefusedAsync(HubMethods.MarkRead, group, 1);
        await RefusedAsync(HubMethods.MarkDelivered, group, 1);
        await RefusedAsync(HubMethods.Typing, group);
        AssertNoFaults();
    }

    [Fact]
    public async Task Call_Deep_IsRefused()
    {
        foreach (int levels in new[] { 17, 60, 500 })
        {
            JsonElement deep = JsonDocument.Parse(new string('[', levels) + new string(']', levels), new JsonDocumentOptions { MaxDepth = 600 }).RootElement;
            await RefusedAsync(HubMethods.Submit, deep);
            await RefusedAsync(HubMethods.WatchPresence, deep);
        }
        AssertNoFaults();
    }
}
