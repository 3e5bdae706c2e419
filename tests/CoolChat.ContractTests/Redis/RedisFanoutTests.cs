using System.Collections.Concurrent;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Engines.Redis.Fanout;
using CoolChat.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CoolChat.ContractTests.Redis;

/// <summary>Writers and chat nodes on one real Redis: what is told arrives once and in order, or the node learns that something is missing.</summary>
public sealed class RedisFanoutTests : RedisHost
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Publish_Batches_ArriveOnEveryNodeOnceAndInOrder()
    {
        Node[] nodes = [await OpenNodeAsync(), await OpenNodeAsync()];
        RedisLiveFanout writer = await OpenWriterAsync();
        Guid[] conversations = [.. Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7())];
        for (long seq = 1; seq <= 200; seq++)
            writer.Publish(new LiveBatch { Events = [.. conversations.Select(id => Live(id, seq))] });

        foreach (Node node in nodes)
        {
            await Eventually.TrueAsync(() => node.Events.Count >= 1_000, "all arrived", Soon);
            foreach (Guid conversation in conversations)
                Assert.Equal(Enumerable.Range(1, 200).Select(seq => (long)seq), node.Events.Where(e => e.Event.ConversationId == conversation).Select(e => e.Event.Seq));
        }
    }

    [Fact]
    public async Task Publish_AllKinds_ArriveAsTheyWere()
    {
        Node node = await OpenNodeAsync();
        RedisLiveFanout writer = await OpenWriterAsync();
        Guid conversation = Guid.CreateVersion7(), person = Guid.CreateVersion7();
        LiveEvent live = Live(conversation, 1) with { Joined = [person], Left = [conversation] };
        LiveMarks marks = new(conversation, new ReceiptMark { UserId = person, ReadSeq = 3, DeliveredSeq = 4 });
        PrivateChange change = new(person, conversation);

        writer.Publish(new LiveBatch { Events = [live], Marks = [marks], PrivateChanges = [change] });

        await Eventually.TrueAsync(() => !node.Batches.IsEmpty, "it arrives", Soon);
        LiveBatch batch = Assert.Single(node.Batches);
        Assert.Equal([marks], batch.Marks);
        Assert.Equal([change], batch.PrivateChanges);
        LiveEvent arrived = Assert.Single(batch.Events);
        Assert.Equal((live.Kind, live.Event.CommandId), (arrived.Kind, arrived.Event.CommandId));
        Assert.Equal([person], arrived.Joined);
        Assert.Equal([conversation], arrived.Left);
        Assert.Equal(live.Event.Body!.ToString(), arrived.Event.Body!.ToString());
    }

    [Fact]
    public async Task Publisher_StopsInOrder_LosesNothing_OneThatBeginsIsALoss()
    {
        Node node = await OpenNodeAsync();
        RedisLiveFanout writer = await OpenWriterAsync();
        writer.Publish(new LiveBatch { Events = [Live(Guid.CreateVersion7(), 1)] });
        await Eventually.TrueAsync(() => node.Events.Count == 1, "it arrives", Soon);
        await SettledAsync(node);
        int lost = node.Lost;

        await writer.StopAsync(Token);
        await SettledAsync(node);
        Assert.Equal(lost, node.Lost);

        await OpenWriterAsync();
        await Eventually.TrueAsync(() => node.Lost > lost, "the node learns of the new publisher", Soon);
    }

    [Fact]
    public async Task Publisher_FallsSilent_IsALoss()
    {
        Node node = await OpenNodeAsync();
        Engines.Redis.RedisEngine dying = Connect();
        RedisLiveFanout writer = new(dying, NullLogger<RedisLiveFanout>.Instance);
        await writer.StartAsync(Token);
        writer.Publish(new LiveBatch { Events = [Live(Guid.CreateVersion7(), 1)] });
        await Eventually.TrueAsync(() => node.Events.Count == 1, "it arrives", Soon);
        await SettledAsync(node);
        int lost = node.Lost;

        await dying.DisposeAsync();
        await Eventually.TrueAsync(() => node.Lost > lost, "the node learns of the silence", Soon);
        await writer.StopAsync(Token);
    }

    [Fact]
    public async Task Kill_OfRedis_IsALoss_AndLiveGoesOnAfterwards()
    {
        await UseOwnAsync();
        Node node = await OpenNodeAsync();
        RedisLiveFanout writer = await OpenWriterAsync();
        Guid conversation = Guid.CreateVersion7();
        writer.Publish(new LiveBatch { Events = [Live(conversation, 1)] });
        await Eventually.TrueAsync(() => node.Events.Count == 1, "it arrives", Soon);
        await SettledAsync(node);
        int lost = node.Lost;

        await KillAsync();
        writer.Publish(new LiveBatch { Events = [Live(conversation, 2)] });
        await Eventually.TrueAsync(() => node.Lost > lost, "the node learns that Redis is away", Soon);
        int whileAway = node.Lost;

        await StartAgainAsync();
        await Eventually.TrueAsync(() => node.Lost > whileAway, "the node syncs when Redis is back", Soon);
        long seq = 3;
        await Eventually.TrueAsync(
            async () =>
            {
                writer.Publish(new LiveBatch { Events = [Live(conversation, seq++)] });
                await Task.Delay(100, Token);
                return node.Events.Count > 1;
            },
            "live goes on",
            Soon);
        Assert.DoesNotContain(node.Events, live => live.Event.Seq == 2);
    }

    [Fact]
    public async Task Connection_CutAndBack_FindsWhatWasMissed()
    {
        await UseOwnAsync();
        Node node = await OpenNodeAsync();
        RedisLiveFanout writer = await OpenWriterAsync();
        Guid conversation = Guid.CreateVersion7();
        using CancellationTokenSource enough = new();
        Task writing = Task.Run(
            async () =>
            {
                for (long seq = 1; !enough.IsCancellationRequested; seq++)
                {
                    writer.Publish(new LiveBatch { Events = [Live(conversation, seq)] });
                    await Task.Delay(5, Token);
                }
            },
            Token);
        await Eventually.TrueAsync(() => node.Events.Count > 20, "live", Soon);
        int lost = node.Lost;

        await CutSubscribersAsync();
        int heard = node.Events.Count;
        await Eventually.TrueAsync(() => node.Events.Count > heard + 20, "live again", Soon);

        await enough.CancelAsync();
        await writing;
        await SettledAsync(node);
        long[] seqs = [.. node.Events.Select(live => live.Event.Seq)];
        bool hole = seqs.Zip(seqs.Skip(1)).Any(pair => pair.Second != pair.First + 1);
        Assert.True(!hole || node.Lost > lost, "a hole that the node doesn't know of");
        Assert.Equal(seqs.Order(), seqs);
    }

    /// <summary>Two signs of life later the node has learnt what it can learn from them.</summary>
    private static Task SettledAsync(Node node)
    {
        int from = node.Feed!.Looks;
        return Eventually.TrueAsync(() => node.Feed.Looks > from + 2, "the node has looked", Soon);
    }

    private static LiveEvent Live(Guid conversation, long seq) => new(
        new ChatEvent
        {
            ConversationId = conversation,
            Epoch = Guid.Empty,
            Seq = seq,
            Type = EventTypes.MessageSent,
            At = DateTimeOffset.UnixEpoch,
            Sender = Guid.Empty,
            CommandId = Guid.CreateVersion7(),
            PrevHash = "",
            BodyHash = "",
            Body = JsonBody.From(new { text = "x" }),
        },
        ConversationKinds.Group,
        [],
        []);

    private async Task<RedisLiveFanout> OpenWriterAsync()
    {
        RedisLiveFanout writer = new(Connect(), NullLogger<RedisLiveFanout>.Instance);
        Closing(new Stopping(writer));
        await writer.StartAsync(Token);
        return writer;
    }

    private async Task<Node> OpenNodeAsync()
    {
        Node node = new();
        RedisFanoutFeed feed = new(Connect(), node.Batches.Enqueue, () => node.Lost++, TimeProvider.System, NullLogger.Instance);
        node.Feed = feed;
        Closing(new Stopping(feed));
        await feed.StartAsync(Token);
        await Eventually.TrueAsync(() => feed.Looks > 0, "the node listens", Soon);
        return node;
    }

    private sealed class Node
    {
        public ConcurrentQueue<LiveBatch> Batches { get; } = [];

        public IReadOnlyList<LiveEvent> Events => [.. Batches.SelectMany(batch => batch.Events)];

        public int Lost { get; set; }

        public RedisFanoutFeed? Feed { get; set; }
    }
}
