using CoolChat.Contracts;

namespace CoolChat.Processing.Analysis;

/// <summary>What was counted and collected behind the log.</summary>
internal interface IConversationCounts
{
    /// <summary>Counts of messages from <paramref name="firstSeq"/> on: at most 366 days, latest first, and ten languages, commonest first.</summary>
    ValueTask<ConversationStats> CountAsync(Guid conversation, long firstSeq, CancellationToken cancellationToken);

    /// <summary>Links from <paramref name="firstSeq"/> on, after <paramref name="after"/> in their order: latest message first, then as they stand in it.</summary>
    ValueTask<IReadOnlyList<PlacedLink>> ReadLinksAsync(
        Guid conversation, long firstSeq, LinkPlace after, int limit, CancellationToken cancellationToken);
}

/// <summary>A link and where it is.</summary>
internal readonly record struct PlacedLink(LinkPlace Place, LinkView Link);
