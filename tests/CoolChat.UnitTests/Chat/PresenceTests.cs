using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Xunit;

namespace CoolChat.UnitTests.Chat;

public sealed class PresenceTests : IAsyncLifetime
{
    private ChatHost _host = null!;
    private Person _ann = null!;
    private Person _bob = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await ChatHost.StartAsync(("Chat:PresenceGrace", "00:00:00.200"));
        _ann = _host.Join();
        _bob = _host.Join();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task WatchPresence_OfSomebodyOneTalksTo_TellsComingAndGoing()
    {
        await _ann.CreateAsync(ConversationKinds.Direct, _bob);
        await using HubClient annsClient = await HubClient.ConnectAsync(_ann);
        await WatchAsync(annsClient, _bob);
        Assert.Null((await NextAsync(annsClient, _bob, "offline")).LastSeen);

        HubClient bobsClient = await HubClient.ConnectAsync(_bob);
        await NextAsync(annsClient, _bob, "online");

        await bobsClient.DisposeAsync();
        Assert.NotNull((await NextAsync(annsClient, _bob, "offline")).LastSeen);
    }

    [Fact]
    public async Task WatchPresence_OfAStranger_TellsNothing_OfAContactItDoes()
    {
        await using HubClient annsClient = await HubClient.ConnectAsync(_ann);
        await using HubClient bobsClient = await HubClient.ConnectAsync(_bob);
        Person carol = _host.Join();
        _host.People.Contacts.TryAdd((_ann.Id, carol.Id), 0);

        await WatchAsync(annsClient, _bob, carol);

        PresenceNotice[] told = await HubClient.NextAsync(annsClient.Presence);
        Assert.Equal([carol.Id], told.Select(notice => notice.UserId));
    }

    [Fact]
    public async Task WatchPresence_OfSomebodyWhoBlockedOne_TellsNothing()
    {
        await _ann.CreateAsync(ConversationKinds.Direct, _bob);
        await using HubClient annsClient = await HubClient.ConnectAsync(_ann);
        await using HubClient bobsClient = await HubClient.ConnectAsync(_bob);
        await WatchAsync(annsClient, _bob, _ann);
        await NextAsync(annsClient, _bob, "online");

        _host.People.Blocks.TryAdd((_bob.Id, _ann.Id), 0);
        await _host.Events.PublishAsync(new BlockChanged(_bob.Id, _ann.Id, true), TestContext.Current.CancellationToken);

        Assert.Null((await NextAsync(annsClient, _bob, "offline")).LastSeen);
        await WatchAsync(annsClient, _bob, _ann);
        Assert.Equal([_ann.Id], (await HubClient.NextAsync(annsClient.Presence)).Select(notice => notice.UserId));
    }

    [Fact]
    public async Task WatchPresence_AfterTheSharedConversationEnded_TellsNothingMore()
    {
        Person carol = _host.Join();
        ConversationView group = await _ann.CreateAsync(ConversationKinds.Group, _bob, carol);
        await _ann.CreateAsync(ConversationKinds.Direct, carol);
        await using HubClient annsClient = await HubClient.ConnectAsync(_ann);
        HubClient bobsClient = await HubClient.ConnectAsync(_bob);
        HubClient carolsClient = await HubClient.ConnectAsync(carol);
        await WatchAsync(annsClient, _bob, carol);
        await WatchAsync(carolsClient, _bob);
        await NextAsync(annsClient, _bob, "online");

        Command leave = new() { CommandId = Guid.CreateVersion7(), ConversationId = group.Id, Type = CommandTypes.MemberLeave };
        Assert.True((await bobsClient.CallAsync<CommandResult>(HubMethods.Submit, leave)).Ok);
        await _bob.CreateAsync(ConversationKinds.Direct, carol);
        await bobsClient.DisposeAsync();
        await NextAsync(carolsClient, _bob, "offline");
        await carolsClient.DisposeAsync();

        PresenceNotice[] told = await HubClient.NextAsync(annsClient.Presence, notices => notices.Any(notice => notice.Status == "offline"));
        Assert.Equal([carol.Id], told.Select(notice => notice.UserId));
    }

    [Fact]
    public async Task WatchPresence_AfterARestart_StillKnowsWhenSomebodyWasHere()
    {
        await _ann.CreateAsync(ConversationKinds.Direct, _bob);
        DateTimeOffset before = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        _host.People.Seen[_bob.Id] = before;
        await using HubClient annsClient = await HubClient.ConnectAsync(_ann);
        await WatchAsync(annsClient, _bob);
        Assert.Equal(before, (await NextAsync(annsClient, _bob, "offline")).LastSeen);

        await using HubClient bobsClient = await HubClient.ConnectAsync(_bob);
        await NextAsync(annsClient, _bob, "online");
        await _host.StopAsync();
        Assert.True(_host.People.Seen[_bob.Id] > before);
        Assert.True(_host.People.Seen.ContainsKey(_ann.Id));
    }

    [Fact]
    public async Task WatchPresence_OfTooMany_IsRefused()
    {
        await using HubClient client = await HubClient.ConnectAsync(_ann);

        HubReply reply = await client.CallAsync<HubReply>(HubMethods.WatchPresence, Enumerable.Range(0, 501).Select(_ => Guid.CreateVersion7()).ToArray());

        Assert.Equal((ErrorCodes.Invalid, "userIds"), (reply.Error?.Code, reply.Error?.Field));
    }

    [Fact]
    public async Task Typing_IsToldToTheOthersOnly_AndNotAcrossABlock()
    {
        Person carol = _host.Join();
        ConversationView group = await _ann.CreateAsync(ConversationKinds.Group, _bob, carol);
        _host.People.Blocks.TryAdd((carol.Id, _ann.Id), 0);
        await using HubClient annsClient = await HubClient.ConnectAsync(_ann);
        await using HubClient bobsClient = await HubClient.ConnectAsync(_bob);
        await using HubClient carolsClient = await HubClient.ConnectAsync(carol);

        Assert.True((await annsClient.CallAsync<HubReply>(HubMethods.Typing, group.Id)).Ok);
        Assert.True((await bobsClient.CallAsync<HubReply>(HubMethods.Typing, group.Id)).Ok);

        Assert.Equal(_ann.Id, (await HubClient.NextAsync(bobsClient.Typing)).UserId);
        Assert.Equal(_bob.Id, (await HubClient.NextAsync(annsClient.Typing)).UserId);
        Assert.Equal(_bob.Id, (await HubClient.NextAsync(carolsClient.Typing)).UserId);
    }

    [Fact]
    public async Task Typing_TooOftenOrWhereOneIsNot_IsRefused()
    {
        ConversationView group = await _bob.CreateAsync(ConversationKinds.Group);
        await using HubClient client = await HubClient.ConnectAsync(_ann);

        HubReply stranger = await client.CallAsync<HubReply>(HubMethods.Typing, group.Id);
        HubReply[] many = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => client.CallAsync<HubReply>(HubMethods.Typing, group.Id)));

        Assert.Equal(ErrorCodes.NotFound, stranger.Error?.Code);
        Assert.Contains(many, reply => reply.Error is { Code: ErrorCodes.RateLimited, RetryAfter: > 0 });
    }

    private static async Task WatchAsync(HubClient client, params Person[] people)
    {
        HubReply reply = await client.CallAsync<HubReply>(HubMethods.WatchPresence, people.Select(person => person.Id).ToArray());
        Assert.True(reply.Ok, reply.Error?.Detail);
    }

    private static async Task<PresenceNotice> NextAsync(HubClient client, Person person, string status)
    {
        PresenceNotice[] told = await HubClient.NextAsync(client.Presence, notices => notices.Any(n => n.UserId == person.Id && n.Status == status));
        return told.Last(notice => notice.UserId == person.Id);
    }
}
