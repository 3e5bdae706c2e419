using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.EndToEndTests;
using CoolChat.Testing;

[assembly: AssemblyFixture(typeof(Server))]

namespace CoolChat.EndToEndTests;

/// <summary>The one server of this suite: a standalone process, or the deployment at COOLCHAT_URL.</summary>
public sealed class Server : IAsyncLifetime
{
    private TestServer? _server;

    public Uri Url => _server!.Url;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(new StandaloneSettings
    {
        // Tests come from one address and in bursts; the limits themselves have tests of their own.
        Configuration = new Dictionary<string, string>
        {
            ["RateLimits:Http:Enabled"] = "false",
            ["RateLimits:Chat:Enabled"] = "false",
        },
    });

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Somebody new, connected.</summary>
    public Task<TestPerson> PersonAsync() => TestPerson.ConnectAsync(Url);

    /// <summary>Some new people, connected.</summary>
    public async Task<TestPerson[]> PeopleAsync(int count) => await Task.WhenAll(Enumerable.Range(0, count).Select(_ => PersonAsync()));
}

/// <summary>Short forms for tests.</summary>
internal static class Steps
{
    public static Command Command(Guid conversation, string type) => new() { CommandId = Guid.CreateVersion7(), ConversationId = conversation, Type = type };

    public static Command Text(Guid conversation, string text) =>
        Command(conversation, CommandTypes.MessageSend) with { Content = new Content { Type = ContentTypes.Text, Text = text } };

    public static async Task<Guid> DirectAsync(TestPerson one, TestPerson other) => (await one.Client.Chat.OpenDirectAsync(other.Id.ToString())).Id;

    public static async Task<Guid> GroupAsync(TestPerson owner, params TestPerson[] others) =>
        (await owner.Client.Chat.CreateGroupAsync("Group", [.. others.Select(other => other.Id.ToString())])).Id;

    /// <summary>Waits until a client's local state of a conversation fulfils something.</summary>
    public static async Task<ConversationState> SeesAsync(this TestPerson person, Guid conversation, Func<ConversationState, bool> condition, string what)
    {
        try
        {
            await Eventually.TrueAsync(() => person.Client.Find(conversation) is { } state && condition(state), what);
        }
        catch (TimeoutException timeout)
        {
            ConversationState? local = person.Client.Find(conversation);
            ConversationView remote = await person.Client.Chat.GetAsync(conversation);
            throw new TimeoutException(
                $"{timeout.Message} (client {person.Client.State}, seq {local?.LastSeq}, read {local?.ReadSeq}, told {local?.Summary?.ReadSeq} at {local?.Summary?.LastSeq}; " +
                $"server: seq {remote.LastSeq}, read {remote.ReadSeq})", timeout);
        }
        return person.Client.Find(conversation)!;
    }

    public static async Task RefusedAsync(string code, Func<Task> act)
    {
        CoolChatException refusal = await Assert.ThrowsAsync<CoolChatException>(act);
        Assert.Equal(code, refusal.Code);
    }
}
