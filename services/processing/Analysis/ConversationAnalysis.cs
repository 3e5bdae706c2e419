using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using CoolChat.Processing.Search;

namespace CoolChat.Processing.Analysis;

/// <summary>Answers from the analysis, within what the viewer may read of the log.</summary>
internal sealed class ConversationAnalysis(IConversationCounts counts, IConversationReader reader) : IConversationAnalysis
{
    private const int MaxLimit = 200;

    public async ValueTask<Result<ConversationStats>> GetStatsAsync(Guid viewer, Guid conversationId, CancellationToken cancellationToken)
    {
        if (await reader.FindMembershipAsync(conversationId, viewer, cancellationToken) is not { } membership)
            return Refusal.NotFound();
        return await counts.CountAsync(conversationId, membership.FirstSeq, cancellationToken);
    }

    public async ValueTask<Result<Page<LinkView>>> ListLinksAsync(
        Guid viewer, Guid conversationId, string? next, int limit, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaxLimit)
            return Refusal.Invalid("limit", $"1 to {MaxLimit}.");
        if (LinkPlace.Parse(next) is not { } after)
            return Refusal.Invalid("next", "Not from an earlier answer.");
        if (await reader.FindMembershipAsync(conversationId, viewer, cancellationToken) is not { } membership)
            return Refusal.NotFound();
        IReadOnlyList<PlacedLink> rows = await counts.ReadLinksAsync(conversationId, membership.FirstSeq, after, limit + 1, cancellationToken);
        List<LinkView> links = [];
        foreach ((_, LinkView link) in rows.Take(limit))
        {
            if (await IsThereAsync(viewer, conversationId, link, cancellationToken))
                links.Add(link);
        }

        return new Page<LinkView> { Items = links, Next = rows.Count > limit ? rows[limit - 1].Place.ToString() : null };
    }

    /// <summary>The log has the last word: what was deleted or edited away a moment ago is not shown.</summary>
    private async ValueTask<bool> IsThereAsync(Guid viewer, Guid conversationId, LinkView link, CancellationToken cancellationToken)
    {
        Result<MessageView> found = await reader.GetMessageAsync(viewer, conversationId, link.MessageId, cancellationToken);
        return found.Ok && SearchText.LinksOf(found.Value.Content?.Text).Contains(link.Url, StringComparer.Ordinal);
    }
}
