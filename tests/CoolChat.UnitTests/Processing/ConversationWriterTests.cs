using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Adapters.RocksDb;
using CoolChat.Conversations.Log;
using CoolChat.Engines.RocksDb;
using CoolChat.Processing.Adapters.RocksDb;
using CoolChat.Processing.Writing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;
using Timer = CoolChat.Conversations.Log.Timer;

namespace CoolChat.UnitTests.Processing;

/// <summary>What the writer does at its limits: no room, a decision that throws, a full queue, a stop.</summary>
public sealed class ConversationWriterTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coolchat-writer-").FullName;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Guid _owner = Guid.CreateVersion7();
    private readonly Surroundings _surroundings = new();
    private readonly RocksDbEngine _engine;
    private readonly NarrowLog _log;
    private readonly ConversationWriter _writer;

    public ConversationWriterTests()
    {
        _engine = RocksDbEngine.Open(_folder, ConversationFamilies.Names, new RocksDbOptions());
        _log = new NarrowLog(new RocksDbConversationLog(
            _engine, new ConversationFamilies(_engine), new MembershipCache(), TimeProvider.System, new RocksDbOptions { ReserveBytes = 0 }));
        _writer = new ConversationWriter(
            _log,
            _surroundings,
            _surroundings,
            TimeProvider.System,
            new WriterMetrics(_services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>()),
            new CommitSignal(),
            Options.Create(new WriterOptions { QueueCapacity = 4, PaceMs = 0 }),
            NullLogger<ConversationWriter>.Instance);
    }

    [Fact]
    public async Task Execute_DiskBelowReserve_IsRefusedAndRecovers()
    {
        await _writer.StartAsync(TestContext.Current.CancellationToken);
        _log.Full = true;
        Assert.Equal(ErrorCodes.StorageFull, (await CreateAsync()).Refusal?.Code);

        _log.Full = false;

        Assert.True((await CreateAsync()).Ok);
    }

    [Fact]
    public async Task Execute_DecisionThrows_IsSetAsideAndTheOthersOfTheBatchAreDone()
    {
        Task<Result<OperationResult>>[] batch = [CreateAsync(), CreateAsync(with: _surroundings.Poison), CreateAsync()];
        await _writer.StartAsync(TestContext.Current.CancellationToken);

        Result<OperationResult>[] results = await Task.WhenAll(batch);

        Assert.Equal([null, ErrorCodes.Poison, null], results.Select(result => result.Refusal?.Code));
        Assert.Equal([1L, 1L], new[] { results[0], results[2] }.Select(result => _log.Load(result.Value!.ConversationId)!.Seq));
        Assert.Null(_log.Load(ConversationIds.Direct(_owner, _surroundings.Poison)));
    }

    [Fact]
    public async Task Execute_QueueFull_AnswersBusyAtOnce()
    {
        for (int i = 0; i < 4; i++)
            _ = CreateAsync();

        Result<OperationResult> fifth = await CreateAsync();

        Assert.Equal((ErrorCodes.Busy, 1), (fifth.Refusal?.Code, fifth.Refusal?.RetryAfter));
        await _writer.StartAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Stop_FinishesWhatWasQueuedAndTakesNoMore()
    {
        Task<Result<OperationResult>> queued = CreateAsync();
        await _writer.StartAsync(TestContext.Current.CancellationToken);
        await _writer.StopAsync(TestContext.Current.CancellationToken);

        Assert.True((await queued).Ok);
        Assert.Equal(ErrorCodes.Unavailable, (await CreateAsync()).Refusal?.Code);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.StartAsync(CancellationToken.None);
        await _writer.StopAsync(CancellationToken.None);
        _writer.Dispose();
        _engine.Dispose();
        await _services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<Result<OperationResult>> CreateAsync(Guid? with = null)
    {
        Guid other = with ?? Guid.CreateVersion7();
        return await _writer.ExecuteAsync(
            new CreateConversation
            {
                ConversationId = ConversationIds.Direct(_owner, other),
                Actor = _owner,
                CommandId = Guid.CreateVersion7(),
                Kind = ConversationKinds.Direct,
                Members = [other],
            },
            TestContext.Current.CancellationToken);
    }

    /// <summary>Nobody listens; the block list breaks on one person, as a bug in a decision would.</summary>
    private sealed class Surroundings : ILiveFanout, IBlockList
    {
        public Guid Poison { get; } = Guid.CreateVersion7();

        public void Publish(LiveBatch batch)
        {
        }

        public bool IsBlocked(Guid blocker, Guid blocked) => blocker == Poison ? throw new InvalidDataException("A decision that always fails.") : false;
    }

    /// <summary>The real log, which says that it is full when told to.</summary>
    private sealed class NarrowLog(IConversationLog log) : IConversationLog
    {
        public bool Full { get; set; }

        public ConversationState? Load(Guid conversationId) => log.Load(conversationId);

        public ICommit Begin() => log.Begin();

        public IReadOnlyList<Timer> DueTimers(long nowMs, int limit) => log.DueTimers(nowMs, limit);

        public bool IsFull() => Full || log.IsFull();
    }
}
