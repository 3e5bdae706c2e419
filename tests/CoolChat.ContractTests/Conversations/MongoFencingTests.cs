using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using CoolChat.Engines.Mongo;
using CoolChat.Processing;
using CoolChat.Processing.Writing;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Driver;
using Xunit;

namespace CoolChat.ContractTests.Conversations;

/// <summary>Several writers on one database: whoever lost a partition can neither append nor refuse, and a failing network neither loses nor doubles.</summary>
public sealed class MongoFencingTests(MongoDatabases databases) : IClassFixture<MongoDatabases>, IAsyncLifetime
{
    private readonly string _database = Guid.NewGuid().ToString("N");
    private readonly Neighbours _neighbours = new();
    private readonly Guid _ada = Guid.CreateVersion7();
    private readonly Guid _bo = Guid.CreateVersion7();
    private readonly Guid _cy = Guid.CreateVersion7();
    private readonly List<ConversationHost> _hosts = [];
    private ConversationHost _first = null!;
    private ConversationHost _second = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        string address = await databases.ConnectionStringAsync(_database);
        _first = await StartAsync(address);
        _second = await StartAsync(address);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ConversationHost host in _hosts)
            await host.DisposeAsync();
    }

    [Fact]
    public async Task Append_ByWriterThatLostThePartition_ReloadsAndContinuesTheOthersLog()
    {
        Guid conversation = await GroupAsync(_first);
        await SendAsync(_first, conversation, "1");
        await SendAsync(_second, conversation, "2");
        await SendAsync(_first, conversation, "3");
        await SendAsync(_second, conversation, "4");

        MessagePage page = (await _first.Reader.ReadMessagesAsync(_ada, conversation, default, 10, Token)).Value!;

        Assert.Equal(["1", "2", "3", "4"], page.Items.Select(message => message.Content!.Text));
        await AssertWholeAsync(conversation, 5);
    }

    [Fact]
    public async Task Append_ByBothAtOnce_LosesAndDoublesNothing()
    {
        Guid[] conversations = [await GroupAsync(_first), await GroupAsync(_second), await GroupAsync(_first)];

        await Task.WhenAll(Enumerable.Range(0, 120).Select(i => Task.Run(() =>
            UntilTakenAsync(i % 2 == 0 ? _first : _second, Message(conversations[i % 3], $"{i}")))));

        foreach (Guid conversation in conversations)
            await AssertWholeAsync(conversation, 41);
    }

    [Fact]
    public async Task Refusal_FromOldMemory_IsDecidedAgain()
    {
        Guid conversation = await GroupAsync(_first);
        Command early = Message(conversation, "too early");
        Assert.Equal(ErrorCodes.NotFound, (await ExecuteAsync(_first, _cy, early)).Refusal?.Code);
        Result<OperationResult> added = await _second.Writer.ExecuteAsync(
            new LogCommand { ConversationId = conversation, Actor = _ada, Command = About(conversation, CommandTypes.MemberAdd), Members = [_cy] }, Token);
        Assert.True(added.Ok, added.Refusal?.Detail);

        Assert.True((await _first.Writer.ExecuteAsync(new MoveMarks { ConversationId = conversation, Actor = _cy, ReadSeq = 2 }, Token)).Ok);
        Assert.True((await ExecuteAsync(_first, _cy, early)).Ok);
    }

    [Fact]
    public async Task Commit_AfterAnotherWritersCommit_IsAConflictAndWritesNothing()
    {
        Guid conversation = await GroupAsync(_first);
        IConversationLog log = _second.Services.GetRequiredService<IConversationLog>();
        using ICommit late = log.Begin();
        Marks before = late.ReadMarks(_ada, conversation);
        late.PutMarks(_ada, conversation, before with { ReadSeq = 99, Stamp = late.Stamp });
        await SendAsync(_first, conversation, "first");

        Assert.Throws<LogConflictException>(() => late.Commit([]));

        using ICommit next = log.Begin();
        Assert.Equal(2, next.ReadMarks(_ada, conversation).ReadSeq);
        Assert.True(next.Stamp > late.Stamp);
    }

    [Fact]
    public async Task Append_WhileTheNetworkBreaks_IsTakenOnceAndStaysWhole()
    {
        MongoUrl real = new(await databases.ConnectionStringAsync(_database));
        await using CutProxy proxy = new(real.Server.Host, real.Server.Port);
        ConversationHost host = await StartAsync(
            new MongoUrlBuilder(real.ToString()) { Server = new MongoServerAddress("127.0.0.1", proxy.Port), DirectConnection = true }.ToString());
        Guid conversation = await GroupAsync(host);
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task breaking = BreakAsync(proxy, done.Token);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(sender => Task.Run(async () =>
        {
            for (int i = 0; i < 15; i++)
                await UntilTakenAsync(host, Message(conversation, $"{sender}.{i}"));
        })));
        await done.CancelAsync();
        await breaking;

        await AssertWholeAsync(conversation, 121);
    }

    [Fact]
    public async Task Append_WhileTheStoreIsAway_IsRefusedAsUnavailableAndTakenLater()
    {
        MongoUrl real = new(await databases.ConnectionStringAsync(_database));
        await using CutProxy proxy = new(real.Server.Host, real.Server.Port);
        ConversationHost host = await StartAsync(
            new MongoUrlBuilder(real.ToString()) { Server = new MongoServerAddress("127.0.0.1", proxy.Port), DirectConnection = true }.ToString());
        Guid conversation = await GroupAsync(host);
        Command command = Message(conversation, "patience");
        proxy.Cut();

        Assert.Equal(ErrorCodes.Unavailable, (await ExecuteAsync(host, _ada, command)).Refusal?.Code);
        RefusedException read = await Assert.ThrowsAsync<RefusedException>(async () => await host.Reader.GetAsync(_ada, conversation, Token));
        proxy.Mend();
        await UntilTakenAsync(host, command);

        Assert.Equal(ErrorCodes.Unavailable, read.Refusal.Code);
        await AssertWholeAsync(conversation, 2);
    }

    private async Task<ConversationHost> StartAsync(string address)
    {
        ConversationHost host = await ConversationHost.StartAsync(
            _neighbours,
            builder => builder.AddMongoProcessing(),
            new(MongoEngine.ConnectionStringKey, address),
            new("Storage:Mongo:TimeoutSeconds", "2"));
        _hosts.Add(host);
        return host;
    }

    private static async Task BreakAsync(CutProxy proxy, CancellationToken until)
    {
        while (!until.IsCancellationRequested)
        {
            proxy.Break();
            await Task.Delay(Random.Shared.Next(20, 120), CancellationToken.None);
        }
    }

    private async Task<Guid> GroupAsync(ConversationHost host)
    {
        Guid command = Guid.CreateVersion7();
        Result<OperationResult> created = await host.Writer.ExecuteAsync(
            new CreateConversation
            {
                ConversationId = ConversationIds.Created(_ada, command),
                Actor = _ada,
                CommandId = command,
                Kind = ConversationKinds.Group,
                Members = [_bo],
                Title = "Two captains",
            },
            Token);
        Assert.True(created.Ok, created.Refusal?.Detail);
        return created.Value.ConversationId;
    }

    private static Command Message(Guid conversation, string text) => About(conversation, CommandTypes.MessageSend) with
    {
        Content = new Content { Type = ContentTypes.Text, Text = text },
    };

    private static Command About(Guid conversation, string type) =>
        new() { CommandId = Guid.CreateVersion7(), ConversationId = conversation, Type = type };

    private static async Task<Result<OperationResult>> ExecuteAsync(ConversationHost host, Guid actor, Command command) =>
        await host.Writer.ExecuteAsync(new LogCommand { ConversationId = command.ConversationId, Actor = actor, Command = command }, Token);

    private async Task SendAsync(ConversationHost host, Guid conversation, string text)
    {
        Result<OperationResult> sent = await ExecuteAsync(host, _ada, Message(conversation, text));
        Assert.True(sent.Ok, sent.Refusal?.Detail);
    }

    /// <summary>As a client does: the same command again until it is taken.</summary>
    private async Task UntilTakenAsync(ConversationHost host, Command command)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(TimeSpan.FromSeconds(180));
        while (await ExecuteAsync(host, _ada, command) is { Ok: false } refused)
        {
            Assert.Contains(refused.Refusal.Code, new[] { ErrorCodes.Busy, ErrorCodes.Unavailable });
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Delay(Random.Shared.Next(20), deadline.Token);
        }
    }

    /// <summary>So many events, one of each command, without holes, chained.</summary>
    private async Task AssertWholeAsync(Guid conversation, int events)
    {
        IReadOnlyList<ChatEvent> log = (await _second.Reader.ReadEventsAsync(_bo, conversation, null, null, 1_000, Token)).Value!.Events;
        Assert.Equal(events, log.Count);
        Assert.Equal(events, log.Select(entry => entry.CommandId).Distinct().Count());
        ConversationContract.AssertChain(log);
        ConversationView view = (await _first.Reader.GetAsync(_bo, conversation, Token)).Value!;
        Assert.Equal((events, events - 1L), (view.LastSeq, view.LastOrdinal));
    }
}
