namespace CoolChat.Contracts.Internal;

/// <summary>What was counted and collected from conversations. Written by processing, behind the log; only members ask, about what they may read.</summary>
public interface IConversationAnalysis
{
    /// <summary>Counts by day and language; not_found for who is no member.</summary>
    ValueTask<Result<ConversationStats>> GetStatsAsync(Guid viewer, Guid conversationId, CancellationToken cancellationToken);

    /// <summary>Links, latest first; not_found for who is no member. A <paramref name="next"/> that isn't ours is refused with invalid.</summary>
    ValueTask<Result<Page<LinkView>>> ListLinksAsync(Guid viewer, Guid conversationId, string? next, int limit, CancellationToken cancellationToken);
}
