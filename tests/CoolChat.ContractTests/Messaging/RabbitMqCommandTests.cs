using System.Text;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ContractTests.Conversations;
using CoolChat.Engines;
using CoolChat.Engines.Mongo;
using CoolChat.Processing;
using CoolChat.Processing.Adapters.RabbitMq;
using CoolChat.Processing.Writing;
using CoolChat.Testing;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using Xunit;

namespace CoolChat.ContractTests.Messaging;

/// <summary>Commands by RabbitMQ when things go wrong: nodes come and go, the network breaks, nobody decides, messages can't be read.</summary>
public sealed class RabbitMqCommandTests(MongoDatabases databases, CommandBroker broker)
    : IClassFixture<MongoDatabases>, IClassFixture<CommandBroker>, IAsyncLifetime
{
    private readonly string _name = Guid.NewGuid().ToString("N");
    private readonly Neighbours _neighbours = new();
    private readonly Guid _ada = Guid.CreateVersion7();
    private readonly Guid _bo = Guid.CreateVersion7();
    private readonly List<IAsyncDisposable> _nodes = [];
    private KeyValuePair<string, string?>[] _configuration = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _configuration =
        [.. await broker.ConfigurationAsync(_name, 16), new(MongoEngine.ConnectionStringKey, await databases.ConnectionStringAsync(_name))];

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable node in _nodes)
            await node.DisposeAsync();
    }

    [Fact]
    public async Task Partitions_WhenNodesComeAndGo_AreSharedFairlyAndLoseNothing()
    {
        ConversationHost first = await ProcessingAsync();
        ChatNode chat = await ChatAsync();
        Guid[] conversations = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => GroupAsync(chat)));
        await EventuallyHolds(first, 16);
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<int>[] senders = [.. conversations.Select(conversation => SendAsync(chat, conversation, enough.Token))];

        ConversationHost second = await ProcessingAsync();
        await Eventually.TrueAsync(() => Held(first).Count == 8 && Held(second).Count == 8, "eight partitions each");
        Assert.Empty(Held(first).Intersect(Held(second)));
        _nodes.Remove(first);
        await first.DisposeAsync();
        await EventuallyHolds(second, 16);
        await enough.CancelAsync();
        int[] sent = await Task.WhenAll(senders);

        for (int i = 0; i < conversations.Length; i++)
            await AssertWholeAsync(second, conversations[i], sent[i]);
        Assert.Equal(0u, await DeadAsync());
    }

    [Fact]
    public async Task Send_WhileConnectionsBreak_IsTakenOnceAndInOrder()
    {
        Uri real = new(await Testing.Engines.RabbitMqAsync());
        await using CutProxy proxy = new(real.Host, real.Port);
        string address = new UriBuilder(real) { Host = "127.0.0.1", Port = proxy.Port }.ToString();
        KeyValuePair<string, string?>[] configuration = At(address);
        ConversationHost processing = await ProcessingAsync(configuration);
        ChatNode chat = await ChatAsync(configuration);
        Guid conversation = await GroupAsync(chat);
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task breaking = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                proxy.Break();
                await Task.Delay(Random.Shared.Next(300, 900), CancellationToken.None);
            }
        });

        await Task.WhenAll(Enumerable.Range(0, 4).Select(sender => Task.Run(async () =>
        {
            for (int i = 0; i < 25; i++)
                Assert.True((await chat.UntilTakenAsync(Message(conversation, $"{sender}.{i}"), Token)).Ok);
        })));
        await done.CancelAsync();
        await breaking;

        IReadOnlyList<ChatEvent> log = await AssertWholeAsync(processing, conversation, 100);
        foreach (IGrouping<string, string> sender in log.Skip(1).Select(entry => entry.Body!.As<SentBody>().Content.Text!).GroupBy(text => text.Split('.')[0]))
            Assert.Equal(Enumerable.Range(0, 25).Select(i => $"{sender.Key}.{i}"), sender);
        Assert.Equal(0u, await DeadAsync());
    }

    [Fact]
    public async Task Send_WhileTheBrokerIsAway_IsRefusedAsUnavailableAndTakenLater()
    {
        Uri real = new(await Testing.Engines.RabbitMqAsync());
        await using CutProxy proxy = new(real.Host, real.Port);
        string address = new UriBuilder(real) { Host = "127.0.0.1", Port = proxy.Port }.ToString();
        ConversationHost processing = await ProcessingAsync();
        ChatNode chat = await ChatAsync(At(address));
        Guid conversation = await GroupAsync(chat);
        LogCommand message = Message(conversation, "patience");
        proxy.Cut();

        Result<OperationResult> refused = await chat.Writer.ExecuteAsync(message, Token);
        proxy.Mend();
        Result<OperationResult> taken = await chat.UntilTakenAsync(message, Token);

        Assert.Equal(ErrorCodes.Unavailable, refused.Refusal?.Code);
        Assert.True(taken.Ok);
        await AssertWholeAsync(processing, conversation, 1);
    }

    [Fact]
    public async Task Send_WhileNobodyDecides_IsAcceptedAndDecidedLater()
    {
        ConversationHost first = await ProcessingAsync();
        ChatNode chat = await ChatAsync();
        Guid conversation = await GroupAsync(chat);
        _nodes.Remove(first);
        await first.DisposeAsync();
        Heard heard = new();

        Assert.Null(chat.Writer.Post(Message(conversation, "to whom it may concern"), heard));
        await heard.Accepted.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
        Assert.False(heard.Outcome.Task.IsCompleted);
        ConversationHost second = await ProcessingAsync();

        Assert.True((await heard.Outcome.Task.WaitAsync(TimeSpan.FromSeconds(60), Token)).Ok);
        await AssertWholeAsync(second, conversation, 1);
    }

    [Fact]
    public async Task Message_ThatCannotBeRead_IsSetAsideWithItsReasonAndItsNeighboursAreDecided()
    {
        ConversationHost processing = await ProcessingAsync();
        ChatNode chat = await ChatAsync();
        Guid conversation = await GroupAsync(chat);
        LogCommand good = Message(conversation, "fine");
        byte[] body = [.. Encoding.UTF8.GetBytes("""{"n":7,"do":{"operation":"from.the.future"}}""" + "\n"), .. OperationWire.Encode(8, good)];

        await PublishAsync(conversation, body, times: 2);

        await Eventually.TrueAsync(async () => (await LogAsync(processing, conversation)).Count == 2, "the readable one is decided");
        await Eventually.TrueAsync(async () => await DeadAsync() == 2, "the unreadable one is set aside");
        await using IConnection connection = await broker.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Token);
        BasicGetResult dead = (await channel.BasicGetAsync(_name + ".dead", autoAck: true, Token))!;
        Assert.Contains("from.the.future", Encoding.UTF8.GetString(dead.Body.Span), StringComparison.Ordinal);
        Assert.NotEmpty(Encoding.UTF8.GetString((byte[])dead.BasicProperties.Headers!["coolchat-reason"]!));
        await AssertWholeAsync(processing, conversation, 1);
    }

    /// <summary>First one whose rejection stands in the log, then the same twice, then one that the broker gave up although it was done.</summary>
    [Fact]
    public async Task DeadLetter_Replayed_IsDecidedOnce()
    {
        ConversationHost processing = await ProcessingAsync();
        ChatNode chat = await ChatAsync();
        Guid conversation = await GroupAsync(chat);
        LogCommand poison = Message(conversation, "read later");
        DeadLetters letters = processing.Services.GetRequiredService<DeadLetters>();
        foreach (bool decided in new[] { true, true, false })
        {
            LogCommand letter = decided ? poison : poison with { Command = poison.Command with { CommandId = DeadLetter.Next(poison.Command.CommandId) } };
            await PutDeadAsync(OperationWire.Encode(3, letter), decided);
            Assert.Equal(new ReplayResult(1, 0), await letters.ReplayAsync(null, Token));
        }
        // Behind the replays, in the same queue.
        Assert.True((await chat.UntilTakenAsync(Message(conversation, "last"), Token)).Ok);
        IReadOnlyList<ChatEvent> log = await AssertWholeAsync(processing, conversation, 2);
        Assert.Equal(DeadLetter.Next(poison.Command.CommandId), log[1].CommandId);
        Assert.Equal(0u, await DeadAsync());
    }

    private async Task PutDeadAsync(byte[] body, bool decided)
    {
        await using IConnection connection = await broker.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), Token);
        BasicProperties properties = new()
        {
            Type = OperationWire.Operations,
            Headers = new Dictionary<string, object?> { [DeadLetterBox.Reason] = "a bug of the day", [DeadLetterBox.Decided] = decided },
        };
        await channel.BasicPublishAsync(_name + ".dead", "", mandatory: true, properties, body, Token);
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://broker")]
    public async Task Start_WithoutAUsableAddress_FailsAndNamesTheKey(string address)
    {
        EngineStartException chat = await Assert.ThrowsAsync<EngineStartException>(() => ChatNode.StartAsync(new KeyValuePair<string, string?>("ConnectionStrings:rabbitmq", address)));
        EngineStartException processing = await Assert.ThrowsAsync<EngineStartException>(() => ProcessingAsync(At(address)));

        Assert.Contains("ConnectionStrings:rabbitmq", chat.Message, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings:rabbitmq", processing.Message, StringComparison.Ordinal);
    }

    private async Task<ConversationHost> ProcessingAsync(KeyValuePair<string, string?>[]? configuration = null)
    {
        ConversationHost host = await ConversationHost.StartAsync(
            _neighbours, builder => RabbitMqProcessing.AddRabbitMqCommands(builder.AddMongoProcessing()), configuration ?? _configuration);
        _nodes.Add(host);
        return host;
    }

    private KeyValuePair<string, string?>[] At(string address) =>
        [.. _configuration.Where(pair => pair.Key != "ConnectionStrings:rabbitmq"), new("ConnectionStrings:rabbitmq", address)];

    private async Task<ChatNode> ChatAsync(KeyValuePair<string, string?>[]? configuration = null)
    {
        ChatNode node = await ChatNode.StartAsync(configuration ?? _configuration);
        _nodes.Add(node);
        return node;
    }

    private static IReadOnlyCollection<int> Held(ConversationHost host) => host.Services.GetRequiredService<IHeldPartitions>().Held;

    private static Task EventuallyHolds(ConversationHost host, int partitions) =>
        Eventually.TrueAsync(() => Held(host).Count == partitions, $"{partitions} partitions are held");

    private async Task<Guid> GroupAsync(ChatNode chat)
    {
        Guid command = Guid.CreateVersion7();
        Result<OperationResult> created = await chat.UntilTakenAsync(
            new CreateConversation
            {
                ConversationId = ConversationIds.Created(_ada, command),
                Actor = _ada,
                CommandId = command,
                Kind = ConversationKinds.Group,
                Members = [_bo],
                Title = "Relay",
            },
            Token);
        Assert.True(created.Ok, created.Refusal?.Detail);
        return created.Value.ConversationId;
    }

    private LogCommand Message(Guid conversation, string text) => new()
    {
        ConversationId = conversation,
        Actor = _ada,
        Command = new Command
        {
            CommandId = Guid.CreateVersion7(),
            ConversationId = conversation,
            Type = CommandTypes.MessageSend,
            Content = new Content { Type = ContentTypes.Text, Text = text },
        },
    };

    private async Task<int> SendAsync(ChatNode chat, Guid conversation, CancellationToken until)
    {
        int sent = 0;
        for (; !until.IsCancellationRequested; sent++)
            Assert.True((await chat.UntilTakenAsync(Message(conversation, $"{sent}"), Token)).Ok);
        return sent;
    }

    private async Task<IReadOnlyList<ChatEvent>> LogAsync(ConversationHost host, Guid conversation)
    {
        List<ChatEvent> log = [];
        for (EventPage? page = null; page is not { HasMore: false }; log.AddRange(page.Events))
            page = (await host.Reader.ReadEventsAsync(_bo, conversation, log.LastOrDefault()?.Seq ?? 0, null, 1_000, Token)).Value!;
        return log;
    }

    /// <summary>The creation and so many messages, one of each command, without holes, chained.</summary>
    private async Task<IReadOnlyList<ChatEvent>> AssertWholeAsync(ConversationHost host, Guid conversation, int messages)
    {
        IReadOnlyList<ChatEvent> log = await LogAsync(host, conversation);
        Assert.Equal(messages + 1, log.Count);
        Assert.Equal(messages + 1, log.Select(entry => entry.CommandId).Distinct().Count());
        ConversationContract.AssertChain(log);
        return log;
    }

    private async Task PublishAsync(Guid conversation, byte[] body, int times)
    {
        await using IConnection connection = await broker.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), Token);
        for (int i = 0; i < times; i++)
        {
            await channel.BasicPublishAsync(
                "", $"{_name}.commands.16.{ConversationIds.Partition(conversation, 16)}", mandatory: true, new BasicProperties { Type = OperationWire.Operations }, body, Token);
        }
    }

    private async Task<uint> DeadAsync()
    {
        await using IConnection connection = await broker.ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: Token);
        return (await channel.QueueDeclarePassiveAsync(_name + ".dead", Token)).MessageCount;
    }

    private sealed record SentBody(Content Content);

    private sealed class Heard : IOutcome
    {
        public TaskCompletionSource Accepted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<Result<OperationResult>> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Accept() => Accepted.TrySetResult();

        public void Settle(Result<OperationResult> result) => Outcome.TrySetResult(result);
    }
}
