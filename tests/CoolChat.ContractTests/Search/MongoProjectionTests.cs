using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ContractTests.Conversations;
using CoolChat.Conversations.Adapters.Mongo;
using CoolChat.Engines.Mongo;
using CoolChat.Processing;
using CoolChat.Processing.Adapters.Mongo.Projections;
using CoolChat.Processing.Writing;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Xunit;

namespace CoolChat.ContractTests.Search;

/// <summary>Several nodes that fold one log: each event counts once, whoever folds it and however late.</summary>
public sealed class MongoProjectionTests(MongoDatabases databases) : IClassFixture<MongoDatabases>, IAsyncLifetime
{
    private readonly string _database = "projection_" + Guid.NewGuid().ToString("N");
    private readonly Neighbours _neighbours = new();
    private readonly Guid _ada = Guid.CreateVersion7();
    private readonly List<SearchWorld> _nodes = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (SearchWorld node in _nodes)
            await node.DisposeAsync();
    }

    [Fact]
    public async Task Fold_TwoNodesAtOnce_CountsEachMessageOnce()
    {
        SearchWorld first = await OpenAsync();
        SearchWorld second = await OpenAsync();
        List<Guid> rooms = [];
        for (int room = 0; room < 6; room++)
            rooms.Add(await first.GroupAsync(_ada, []));

        for (int round = 0; round < 4; round++)
        {
            foreach (Guid room in rooms)
            {
                Guid doomed = await first.SendAsync(room, _ada, "this is the one that goes");
                await first.SendAsync(room, _ada, "this is the one that stays");
                if (round % 2 == 0)
                    await Task.WhenAll(first.CatchUpAsync(), second.CatchUpAsync());
                await first.DeleteAsync(room, _ada, doomed);
            }
            await Task.WhenAll(first.CatchUpAsync(), second.CatchUpAsync());
        }

        foreach (Guid room in rooms)
        {
            ConversationStats stats = (await second.Get<IConversationAnalysis>().GetStatsAsync(_ada, room, Token)).Value!;
            Assert.Equal((4L, 4L), (stats.Messages, Assert.Single(stats.Languages).Messages));
            Assert.Equal(4, (await second.IdsAsync(_ada, $"stays in:{room}")).Count);
        }
        Assert.Equal(rooms.Count * 4, await CountAsync(first.Get<ProjectionCollections>().Search));
    }

    [Fact]
    public async Task Move_OfACursorThatHasMoved_IsRefused_AlsoInANewRun()
    {
        SearchWorld node = await OpenAsync();
        Guid room = await node.GroupAsync(_ada, []);
        await node.CatchUpAsync();
        ProjectionCollections collections = node.Get<ProjectionCollections>();
        Progress progress = new(collections, "search", node.Get<ConversationCollections>().Meta.Partitions);
        Progress.State early = (await progress.ReadAsync(Token))!;
        await node.SendAsync(room, _ada, "apple");
        await node.CatchUpAsync();
        Progress.State late = (await progress.ReadAsync(Token))!;
        Assert.NotEqual(early.Stamps, late.Stamps);

        long?[] further = [.. early.Stamps.Select(stamp => (long?)stamp + 1)];
        Assert.False(await MoveAsync(early));
        await node.RebuildAsync();
        Assert.False(await MoveAsync(late));
        Assert.Equal(late.Stamps, (await progress.ReadAsync(Token))!.Stamps);
        Assert.True(await MoveAsync((await progress.ReadAsync(Token))!));

        Task<bool> MoveAsync(Progress.State known) => MongoTransaction.RunAsync(
            collections.Engine, session => progress.MoveAsync(session, known, further, Token), Token);
    }

    [Fact]
    public async Task Fold_PartitionsOfAnotherNode_AreLeftToIt()
    {
        Share all = new(Enumerable.Range(0, 16));
        SearchWorld writer = await OpenAsync(new Share([]));
        List<Guid> rooms = [];
        for (int room = 0; room < 8; room++)
        {
            rooms.Add(await writer.GroupAsync(_ada, []));
            await writer.SendAsync(rooms[room], _ada, "pear");
        }
        await writer.CatchUpAsync();
        Assert.Empty(await writer.IdsAsync(_ada, "pear"));

        int[] mine = [.. rooms.Select(room => ConversationIds.Partition(room, 16)).Distinct().Take(2)];
        SearchWorld part = await OpenAsync(new Share(mine));
        await part.CatchUpAsync();
        Assert.Equal(
            rooms.Count(room => mine.Contains(ConversationIds.Partition(room, 16))),
            (await writer.IdsAsync(_ada, "pear")).Count);

        SearchWorld successor = await OpenAsync(all);
        await successor.CatchUpAsync();
        Assert.Equal(rooms.Count, (await writer.IdsAsync(_ada, "pear")).Count);
    }

    [Fact]
    public async Task Fold_WrittenByANewerVersion_IsLeftToIt()
    {
        SearchWorld node = await OpenAsync();
        Guid room = await node.GroupAsync(_ada, []);
        Guid known = await node.SendAsync(room, _ada, "fig");
        await node.CatchUpAsync();
        await node.Get<ProjectionCollections>().Progress.UpdateOneAsync(
            MongoValues.ById("search"), Builders<BsonDocument>.Update.Set("form", 99), cancellationToken: Token);

        await node.SendAsync(room, _ada, "fig");
        await node.CatchUpAsync();

        Assert.Equal([known], await node.IdsAsync(_ada, "fig"));
        Assert.Equal(2, (await node.Get<IConversationAnalysis>().GetStatsAsync(_ada, room, Token)).Value!.Messages);
    }

    private static Task<long> CountAsync(Family family) => family.Collection.CountDocumentsAsync(new BsonDocument(), cancellationToken: Token);

    private async Task<SearchWorld> OpenAsync(IHeldPartitions? held = null)
    {
        SearchWorld node = await SearchWorld.OpenAsync(
            _neighbours,
            builder =>
            {
                builder.AddMongoProcessing();
                if (held is not null)
                    builder.Services.AddSingleton(held);
            },
            new KeyValuePair<string, string?>(MongoEngine.ConnectionStringKey, await databases.ConnectionStringAsync(_database)));
        _nodes.Add(node);
        return node;
    }

    private sealed class Share(IEnumerable<int> partitions) : IHeldPartitions
    {
        public IReadOnlyCollection<int> Held { get; } = [.. partitions];

        public bool Holds(Guid conversationId) => Held.Contains(ConversationIds.Partition(conversationId, 16));
    }
}
