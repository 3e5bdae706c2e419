using System.Text.Json;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CoolChat.UnitTests.Chat;

public sealed class ChatPersonalDataTests : IAsyncLifetime
{
    private ChatHost _host = null!;
    private Person _ann = null!;
    private Person _bob = null!;
    private IPersonalData _data = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ChatHost.StartAsync();
        _ann = _host.Join();
        _bob = _host.Join();
        _data = _host.Services.GetServices<IPersonalData>().Single(data => data.Section == "chat");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Export_HoldsTheirConversationsAndOwnEventsOnly()
    {
        ConversationView direct = await _ann.CreateAsync(ConversationKinds.Direct, _bob);
        await _ann.SubmitAsync(Person.Say(direct.Id, "mine"));
        await _bob.SubmitAsync(Person.Say(direct.Id, "his"));
        await _ann.SubmitAsync(Person.Say(direct.Id, "later") with { ScheduledFor = TimeProvider.System.GetUtcNow().AddDays(1) });

        Dictionary<string, string[]> files = [];
        await _data.ExportAsync(_ann.Id, async (name, write) => files[name] = await LinesAsync(write), TestContext.Current.CancellationToken);

        Assert.Equal(direct.Id, Assert.Single(files["conversations.jsonl"].Select(Read<ConversationView>)).Id);
        ChatEvent[] events = [.. files["events.jsonl"].Select(Read<ChatEvent>)];
        Assert.All(events, e => Assert.Equal(_ann.Id, e.Sender));
        Assert.Equal("mine", Assert.Single(events, e => e.Type == EventTypes.MessageSent).Body!.As<MessageBody>().Content.Text);
        Assert.Equal("later", Assert.Single(files["scheduled.jsonl"].Select(Read<ScheduledView>)).Content.Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Erase_LeavesGroups_AndErasesBodiesIfAsked_Twice(bool eraseMessages)
    {
        ConversationView group = await _ann.CreateAsync(ConversationKinds.Group, _bob);
        CommandResult said = (await _ann.SubmitAsync(Person.Say(group.Id, "regret"))).As<CommandResult>();

        await _data.EraseAsync(_ann.Id, eraseMessages, TestContext.Current.CancellationToken);
        await _data.EraseAsync(_ann.Id, eraseMessages, TestContext.Current.CancellationToken);

        Assert.Equal(404, (await _ann.SendAsync(HttpMethod.Get, $"/chat/conversations/{group.Id}")).Status);
        Page<MemberEntry> members = await _bob.GetAsync<Page<MemberEntry>>($"/chat/conversations/{group.Id}/members");
        Assert.Equal([(_bob.Id, Roles.Owner)], members.Items.Select(member => (member.UserId, member.Role)));
        EventPage log = await _bob.GetAsync<EventPage>($"/chat/conversations/{group.Id}/events");
        ChatEvent message = log.Events.Single(e => e.Seq == said.Seq);
        Assert.Equal(eraseMessages, message.Redacted == true);
        Assert.Equal(eraseMessages, message.Body is null);
    }

    [Fact]
    public async Task ExportAndErase_ReachConversationsThatTheyLeftBefore()
    {
        ConversationView group = await _bob.CreateAsync(ConversationKinds.Group, _ann);
        CommandResult said = (await _ann.SubmitAsync(Person.Say(group.Id, "left behind"))).As<CommandResult>();
        await _ann.SubmitAsync(new Command { CommandId = Guid.CreateVersion7(), ConversationId = group.Id, Type = CommandTypes.MemberLeave });

        Dictionary<string, string[]> files = [];
        await _data.ExportAsync(_ann.Id, async (name, write) => files[name] = await LinesAsync(write), TestContext.Current.CancellationToken);
        Assert.Contains(files["events.jsonl"].Select(Read<ChatEvent>), e => e.Seq == said.Seq && e.ConversationId == group.Id);

        await _data.EraseAsync(_ann.Id, eraseMessages: true, TestContext.Current.CancellationToken);
        EventPage log = await _bob.GetAsync<EventPage>($"/chat/conversations/{group.Id}/events");
        Assert.True(log.Events.Single(e => e.Seq == said.Seq).Redacted);
    }

    private static T Read<T>(string line) => JsonSerializer.Deserialize<T>(line, CoolChatJson.Options)!;

    private static async Task<string[]> LinesAsync(Func<Stream, CancellationToken, Task> write)
    {
        using MemoryStream content = new();
        await write(content, TestContext.Current.CancellationToken);
        return System.Text.Encoding.UTF8.GetString(content.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
