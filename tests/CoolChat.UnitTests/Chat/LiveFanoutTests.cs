using CoolChat.Chat.Realtime;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Xunit;

namespace CoolChat.UnitTests.Chat;

public sealed class EventRunsTests
{
    private readonly EventRuns _runs = new();
    private readonly Guid _a = Guid.CreateVersion7();
    private readonly Guid _b = Guid.CreateVersion7();

    [Fact]
    public void Split_InterleavedConversations_IsOneRunEach()
    {
        EventRun[] runs = [.. _runs.Split([RealtimeParts.Live(_a, 1), RealtimeParts.Live(_b, 1), RealtimeParts.Live(_a, 2)])];

        Assert.Equal([(_a, 2), (_b, 1)], runs.Select(run => (run.ConversationId, run.Events.Count)));
        Assert.Equal([1L, 2L], runs[0].Events.Select(e => e.Seq));
    }

    [Fact]
    public void Split_AChangeOfMembership_StandsAloneInItsPlace()
    {
        Guid person = Guid.CreateVersion7();
        EventRun[] runs =
        [
            .. _runs.Split([RealtimeParts.Live(_a, 1), RealtimeParts.Live(_a, 2, joined: [person]), RealtimeParts.Live(_a, 3), RealtimeParts.Live(_a, 4)]),
        ];

        Assert.Equal(["1", "2", "3,4"], runs.Select(run => string.Join(',', run.Events.Select(e => e.Seq))));
        Assert.Equal([person], runs[1].Joined);
        Assert.Empty(runs[2].Joined);
    }

    [Fact]
    public void Split_ManyEvents_KeepsFramesSmall()
    {
        EventRun[] runs = [.. _runs.Split([.. Enumerable.Range(1, 200).Select(seq => RealtimeParts.Live(_a, seq))])];

        Assert.True(runs.Length > 1);
        Assert.Equal(Enumerable.Range(1, 200).Select(seq => (long)seq), runs.SelectMany(run => run.Events).Select(e => e.Seq));
    }

    [Fact]
    public void Split_Again_HoldsNothingOfTheLastOne()
    {
        _ = _runs.Split([RealtimeParts.Live(_a, 1, left: [_b])]).ToArray();

        EventRun run = Assert.Single(_runs.Split([RealtimeParts.Live(_b, 7)]));

        Assert.Equal((_b, 7L, 0), (run.ConversationId, run.Events.Single().Seq, run.Left.Count));
    }
}

public sealed class LiveFanoutTests : IAsyncLifetime
{
    private ChatHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ChatHost.StartAsync(("Chat:FanoutEvents", "100"));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Member_Added_HearsTheirAdditionAndGetsTheConversation()
    {
        Person ann = _host.Join(), bob = _host.Join();
        await using HubClient bobsClient = await HubClient.ConnectAsync(bob);
        ConversationView group = await ann.CreateAsync(ConversationKinds.Group);

        Answer added = await ann.SubmitAsync(new Command
        {
            CommandId = Guid.CreateVersion7(),
            ConversationId = group.Id,
            Type = CommandTypes.MemberAdd,
            Members = [bob.Id.ToString()],
        });

        Assert.Equal(200, added.Status);
        Assert.Equal(EventTypes.MemberAdded, (await HubClient.NextAsync(bobsClient.Events)).Type);
        Assert.Equal(group.Id, (await HubClient.NextAsync(bobsClient.Changed)).Single().Id);
    }

    [Fact]
    public async Task Member_Removed_HearsTheirRemovalAndNothingAfter()
    {
        Person ann = _host.Join(), bob = _host.Join();
        ConversationView group = await ann.CreateAsync(ConversationKinds.Group, bob);
        ConversationView direct = await ann.CreateAsync(ConversationKinds.Direct, bob);
        await using HubClient bobsClient = await HubClient.ConnectAsync(bob);

        await ann.SubmitAsync(new Command
        {
            CommandId = Guid.CreateVersion7(),
            ConversationId = group.Id,
            Type = CommandTypes.MemberRemove,
            UserId = bob.Id,
        });
        await ann.SubmitAsync(Person.Say(group.Id, "not for him"));
        await ann.SubmitAsync(Person.Say(direct.Id, "for him"));

        Assert.Equal(EventTypes.MemberRemoved, (await HubClient.NextAsync(bobsClient.Events)).Type);
        Assert.Equal(direct.Id, (await HubClient.NextAsync(bobsClient.Events)).ConversationId);
    }

    [Fact]
    public async Task Publish_BeyondTheBound_ReturnsAtOnceAndEverybodySyncs()
    {
        Person ann = _host.Join();
        await using HubClient client = await HubClient.ConnectAsync(ann);
        ILiveFanout fanout = (ILiveFanout)_host.Services.GetService(typeof(ILiveFanout))!;

        // Far more at once than the queue holds, so that some is dropped however fast it is emptied.
        LiveBatch large = new() { Events = [.. Enumerable.Range(1, 1000).Select(seq => RealtimeParts.Live(Guid.CreateVersion7(), seq))] };
        for (int i = 0; i < 50; i++)
            fanout.Publish(large);
        fanout.Publish(new LiveBatch());

        await HubClient.NextAsync(client.Resyncs);
        ConversationView conversation = await ann.CreateAsync(ConversationKinds.Group);
        Assert.Equal(conversation.Id, (await HubClient.NextAsync(client.Events)).ConversationId);
    }

    [Fact]
    public async Task MarkRead_IsToldToOthersAsAReceiptAndToOneselfAsAChange()
    {
        Person ann = _host.Join(), bob = _host.Join();
        ConversationView direct = await ann.CreateAsync(ConversationKinds.Direct, bob);
        await using HubClient annsClient = await HubClient.ConnectAsync(ann);
        await using HubClient bobsClient = await HubClient.ConnectAsync(bob);
        CommandResult said = await annsClient.SubmitAsync(Person.Say(direct.Id, "hello"));

        HubReply reply = await bobsClient.CallAsync<HubReply>(HubMethods.MarkRead, direct.Id, said.Seq);

        Assert.True(reply.Ok);
        ReceiptsNotice notice = (await HubClient.NextAsync(annsClient.Receipts, notices => notices[0].Marks.Any(mark => mark.UserId == bob.Id)))[0];
        Assert.Equal((direct.Id, said.Seq), (notice.ConversationId, notice.Marks.Single(mark => mark.UserId == bob.Id).ReadSeq));
        Assert.Equal(0, (await HubClient.NextAsync(bobsClient.Changed)).Single().Unread);
    }

    [Fact]
    public async Task MarkRead_OfSeveralAtOnce_IsNotToldAcrossABlock_NorToOneself()
    {
        Person ann = _host.Join(), bob = _host.Join(), carol = _host.Join();
        ConversationView group = await ann.CreateAsync(ConversationKinds.Group, bob, carol);
        _host.People.Blocks.TryAdd((carol.Id, bob.Id), 0);
        await using HubClient annsClient = await HubClient.ConnectAsync(ann);
        await using HubClient bobsClient = await HubClient.ConnectAsync(bob);
        await using HubClient carolsClient = await HubClient.ConnectAsync(carol);
        CommandResult said = await annsClient.SubmitAsync(Person.Say(group.Id, "hello"));
        CommandResult more = await carolsClient.SubmitAsync(Person.Say(group.Id, "more"));

        await Task.WhenAll(new[] { bobsClient, carolsClient }.Select(client => client.CallAsync<HubReply>(HubMethods.MarkRead, group.Id, said.Seq)));
        Assert.True((await bobsClient.CallAsync<HubReply>(HubMethods.MarkRead, group.Id, more.Seq)).Ok);
        await HubClient.NextAsync(carolsClient.Receipts, Tells(bob));
        Assert.True((await annsClient.CallAsync<HubReply>(HubMethods.MarkRead, group.Id, more.Seq)).Ok);

        List<Guid> toldBob = [];
        await HubClient.NextAsync(bobsClient.Receipts, notices =>
        {
            toldBob.AddRange(notices.SelectMany(notice => notice.Marks).Select(mark => mark.UserId));
            return Tells(ann)(notices);
        });
        Assert.Equal([ann.Id], toldBob.Distinct());
    }

    private static Func<ReceiptsNotice[], bool> Tells(Person mover) => notices => notices.SelectMany(notice => notice.Marks).Any(mark => mark.UserId == mover.Id);
}
