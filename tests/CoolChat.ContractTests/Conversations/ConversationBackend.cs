using System.Collections.Concurrent;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using Microsoft.Extensions.Time.Testing;

namespace CoolChat.ContractTests.Conversations;

/// <summary>A writer and a reader over one store, as an adapter's tests open them; opening twice on one folder is a restart.</summary>
public interface IConversationBackend : IAsyncDisposable
{
    IConversationWriter Writer { get; }

    IConversationReader Reader { get; }

    ILogFeed Feed { get; }

    IMediaGrants Grants { get; }
}

/// <summary>What the writer's neighbours are in these tests: a clock, a block list, and an ear on the live fan-out.</summary>
public sealed class Neighbours : ILiveFanout, IBlockList
{
    private readonly ConcurrentDictionary<(Guid, Guid), bool> _blocked = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 24, 10, 0, 0, TimeSpan.Zero));

    public ConcurrentQueue<LiveBatch> Published { get; } = new();

    public IEnumerable<ChatEvent> Heard => Published.SelectMany(batch => batch.Events).Select(live => live.Event);

    public void Publish(LiveBatch batch)
    {
        Published.Enqueue(batch);
        foreach (LiveOutcome outcome in batch.Outcomes)
            outcome.Tell();
    }

    public void Block(Guid blocker, Guid blocked) => _blocked[(blocker, blocked)] = true;

    public bool IsBlocked(Guid blocker, Guid blocked) => _blocked.ContainsKey((blocker, blocked));
}
