using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using CoolChat.Processing.Search.Text;

namespace CoolChat.Processing.Search;

/// <summary>
/// Finds messages for one viewer. The index proposes, newest first; the log's membership decides each one, and its text is read from the
/// log, so that nothing is shown that was erased, edited away or is no longer the viewer's to see, however far the index lags behind.
/// </summary>
internal sealed class MessageSearch(IMessageIndex index, IConversationReader reader, SearchNames names) : IMessageSearch
{
    private const int MaxLimit = 200;
    private const int BatchRows = 200;

    /// <summary>A page stops here and says where to go on: no query reads without end.</summary>
    private const int MaxRows = 5_000;

    /// <summary>The same for texts that are read in vain.</summary>
    private const int MaxMisses = 500;

    public async ValueTask<Result<Page<SearchHit>>> SearchAsync(
        Guid viewer, string query, string? next, int limit, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaxLimit)
            return Refusal.Invalid("limit", $"1 to {MaxLimit}.");
        Result<SearchQuery> parsed = SearchQuery.Parse(query);
        if (!parsed.Ok)
            return parsed.Refusal;
        UInt128 place = 0;
        if (next is not null && !index.TryRead(next, out place))
            return Refusal.Invalid("next", "Not from an earlier answer.");

        IReadOnlyList<Guid> conversations = await reader.ListConversationIdsAsync(viewer, cancellationToken);
        if (await names.ResolveAsync(viewer, parsed.Value, conversations, cancellationToken) is not { } resolved)
            return new Page<SearchHit> { Items = [] };
        return await RunAsync(viewer, resolved, next is null ? null : place, limit, cancellationToken);
    }

    private async ValueTask<Page<SearchHit>> RunAsync(
        Guid viewer, ResolvedSearch search, UInt128? below, int limit, CancellationToken cancellationToken)
    {
        Sight sight = new(reader, viewer, search.Conversations);
        List<SearchHit> hits = [];
        int misses = 0;
        for (int scanned = 0; scanned < MaxRows; scanned += BatchRows)
        {
            IReadOnlyList<IndexedMessage> rows = await index.FindAsync(search, below, BatchRows, cancellationToken);
            foreach (IndexedMessage row in rows)
            {
                if (!await sight.SeesAsync(row.Conversation, row.Seq, cancellationToken))
                    continue;
                if (hits.Count == limit)
                    return PageOf(hits, below);
                SearchHit? hit = await HydrateAsync(viewer, row, search.Plan.Phrases, cancellationToken);
                below = row.Place;
                if (hit is not null)
                    hits.Add(hit);
                else if (++misses == MaxMisses)
                    return PageOf(hits, below);
            }

            if (rows.Count < BatchRows)
                return PageOf(hits, next: null);
            below = rows[^1].Place;
        }

        return PageOf(hits, below);
    }

    /// <summary>Null when the viewer may not read it, or when what was asked for is not in it, or no more.</summary>
    private async ValueTask<SearchHit?> HydrateAsync(
        Guid viewer, IndexedMessage row, IReadOnlyList<Phrase> phrases, CancellationToken cancellationToken)
    {
        Result<MessageView> found = await reader.GetMessageAsync(viewer, row.Conversation, row.Message, cancellationToken);
        if (!found.Ok || found.Value.Content is not { } content)
            return null;
        if (Snippet.Of(SearchText.Of(content), phrases) is not { } snippet)
            return null;
        return new SearchHit { Message = found.Value, Snippet = snippet.Text, Highlights = snippet.Highlights };
    }

    private Page<SearchHit> PageOf(List<SearchHit> hits, UInt128? next) =>
        new() { Items = hits, Next = next is { } place ? index.Write(place) : null };

    /// <summary>What a viewer may read, asked once a conversation.</summary>
    private sealed class Sight(IConversationReader reader, Guid viewer, IReadOnlyList<Guid> conversations)
    {
        private readonly HashSet<Guid> _conversations = [.. conversations];
        private readonly Dictionary<Guid, long?> _firstSeqs = [];

        public async ValueTask<bool> SeesAsync(Guid conversation, long seq, CancellationToken cancellationToken)
        {
            if (!_conversations.Contains(conversation))
                return false;
            if (!_firstSeqs.TryGetValue(conversation, out long? firstSeq))
                _firstSeqs[conversation] = firstSeq = (await reader.FindMembershipAsync(conversation, viewer, cancellationToken))?.FirstSeq;
            return seq >= firstSeq;
        }
    }
}
