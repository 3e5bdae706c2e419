using System.Globalization;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using CoolChat.Engines.Sqlite;
using CoolChat.Processing.Search.Text;

namespace CoolChat.Processing.Search;

/// <summary>
/// Finds messages for one viewer. The index proposes, newest first; the log's membership decides each one, and its text is read from the
/// log, so that nothing is shown that was erased, edited away or is no longer the viewer's to see, however far the index lags behind.
/// </summary>
internal sealed class MessageSearch(SearchDatabase database, IConversationReader reader, SearchNames names) : IMessageSearch
{
    /// <summary>Up to here a person's conversations are part of the look-up; above, its results are sieved.</summary>
    internal const int MaxScopedConversations = 200;

    private const int MaxLimit = 200;
    private const int BatchRows = 200;

    /// <summary>A page stops here and says where to go on: no query reads without end.</summary>
    private const int MaxRows = 5_000;

    public async ValueTask<Result<Page<SearchHit>>> SearchAsync(
        Guid viewer, string query, string? next, int limit, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaxLimit)
            return Refusal.Invalid("limit", $"1 to {MaxLimit}.");
        Result<SearchQuery> parsed = SearchQuery.Parse(query);
        if (!parsed.Ok)
            return parsed.Refusal;
        long below = long.MaxValue;
        if (next is not null && !(long.TryParse(next, NumberStyles.None, CultureInfo.InvariantCulture, out below) && below > 0))
            return Refusal.Invalid("next", "Not from an earlier answer.");

        IReadOnlyList<Guid> conversations = await reader.ListConversationIdsAsync(viewer, cancellationToken);
        if (await names.ResolveAsync(viewer, parsed.Value, conversations, cancellationToken) is not { } resolved)
            return new Page<SearchHit> { Items = [] };
        return await RunAsync(viewer, resolved, Math.Min(below, resolved.Plan.EndId), limit, cancellationToken);
    }

    private async ValueTask<Page<SearchHit>> RunAsync(
        Guid viewer, ResolvedSearch search, long below, int limit, CancellationToken cancellationToken)
    {
        bool scoped = search.Conversations.Count <= MaxScopedConversations;
        Sight sight = new(reader, viewer, search.Conversations);
        List<SearchHit> hits = [];
        for (int scanned = 0; scanned < MaxRows; scanned += BatchRows)
        {
            List<Row> rows = ReadRows(search, scoped, below);
            foreach (Row row in rows)
            {
                if (!await sight.SeesAsync(row.Conversation, row.Seq, cancellationToken))
                    continue;
                if (hits.Count == limit)
                    return PageOf(hits, below);
                if (await HydrateAsync(viewer, row, search.Plan.Phrases, cancellationToken) is not { } hit)
                    continue;
                hits.Add(hit);
                below = row.Id;
            }

            if (rows.Count < BatchRows)
                return PageOf(hits, next: null);
            below = rows[^1].Id;
        }

        return PageOf(hits, below);
    }

    private List<Row> ReadRows(ResolvedSearch search, bool scoped, long below)
    {
        long first = search.Plan.FirstId;
        if (search.Plan.HasNoTerms && !scoped)
        {
            return database.Sql.Read(unit => unit.Query(
                "SELECT id, conversation, message, seq FROM messages WHERE id < ?1 AND id >= ?2 ORDER BY id DESC LIMIT ?3",
                Row.From, below, first, (long)BatchRows));
        }

        string match = search.Plan.ToMatch(scoped ? search.Conversations : null);
        return database.Sql.Read(unit => unit.Query(
            """
            SELECT m.id, m.conversation, m.message, m.seq
            FROM terms JOIN messages m ON m.id = terms.rowid
            WHERE terms MATCH ?1 AND terms.rowid < ?2 AND terms.rowid >= ?3
            ORDER BY terms.rowid DESC LIMIT ?4
            """,
            Row.From, match, below, first, (long)BatchRows));
    }

    private async ValueTask<SearchHit?> HydrateAsync(Guid viewer, Row row, IReadOnlyList<Phrase> phrases, CancellationToken cancellationToken)
    {
        Result<MessageView> found = await reader.GetMessageAsync(viewer, row.Conversation, row.Message, cancellationToken);
        if (!found.Ok || found.Value.Content is not { } content)
            return null;
        Snippet snippet = Snippet.Of(SearchText.Of(content), phrases);
        return new SearchHit { Message = found.Value, Snippet = snippet.Text, Highlights = snippet.Highlights };
    }

    private static Page<SearchHit> PageOf(List<SearchHit> hits, long? next) =>
        new() { Items = hits, Next = next?.ToString(CultureInfo.InvariantCulture) };

    private readonly record struct Row(long Id, Guid Conversation, Guid Message, long Seq)
    {
        public static Row From(SqliteRow row) => new(row.Number(0), row.Id(1), row.Id(2), row.Number(3));
    }

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
