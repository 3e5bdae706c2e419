using System.Globalization;
using CoolChat.Engines.Sqlite;
using CoolChat.Processing.Search;
using CoolChat.Processing.Search.Text;

namespace CoolChat.Processing.Adapters.Sqlite;

/// <summary>Reads the index that <see cref="SqliteSearchFold"/> writes. Places are ids of messages.</summary>
internal sealed class SqliteMessageIndex(SearchDatabase database) : IMessageIndex
{
    /// <summary>Up to here a person's conversations are part of the look-up; above, its results are sieved.</summary>
    private const int MaxScopedConversations = 200;

    public ValueTask<IReadOnlyList<IndexedMessage>> FindAsync(ResolvedSearch search, UInt128? below, int limit, CancellationToken cancellationToken)
    {
        SearchPlan plan = search.Plan;
        bool scoped = search.Conversations.Count <= MaxScopedConversations;
        long first = plan.After is { } after ? SqliteSearchFold.IdAt(after) : 0;
        long end = plan.Before is { } before ? SqliteSearchFold.IdAt(before) : long.MaxValue;
        if (below is { } place)
            end = Math.Min(end, (long)place);
        if (plan.HasNoTerms && !scoped)
        {
            return new(database.Sql.Read(unit => unit.Query(
                "SELECT id, conversation, message, seq FROM messages WHERE id < ?1 AND id >= ?2 ORDER BY id DESC LIMIT ?3",
                Row, end, first, (long)limit)));
        }

        string match = ToMatch(plan, scoped ? search.Conversations : null);
        return new(database.Sql.Read(unit => unit.Query(
            """
            SELECT m.id, m.conversation, m.message, m.seq
            FROM terms JOIN messages m ON m.id = terms.rowid
            WHERE terms MATCH ?1 AND terms.rowid < ?2 AND terms.rowid >= ?3
            ORDER BY terms.rowid DESC LIMIT ?4
            """,
            Row, match, end, first, (long)limit)));
    }

    public string Write(UInt128 place) => place.ToString(CultureInfo.InvariantCulture);

    public bool TryRead(string text, out UInt128 place)
    {
        bool read = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id) && id > 0;
        place = read ? (UInt128)id : 0;
        return read;
    }

    private static IndexedMessage Row(SqliteRow row) => new((UInt128)row.Number(0), row.Id(1), row.Id(2), row.Number(3));

    /// <summary>One FTS5 expression, narrowed to some conversations when they are given. All terms are made here or quoted tokens: no syntax gets in.</summary>
    private static string ToMatch(SearchPlan plan, IReadOnlyList<Guid>? conversations)
    {
        List<string> parts = [.. plan.Phrases.Select(ToMatch), .. plan.Filters.Select(AnyOf)];
        if (conversations is not null)
            parts.Add(AnyOf(conversations.Select(ScopeTerms.Conversation)));
        return string.Join(" AND ", parts.Select(part => $"({part})"));
    }

    /// <summary>As a phrase of the column text. Tokens hold letters, digits and symbols only, so quoting is enough.</summary>
    private static string ToMatch(Phrase phrase) => $"text : \"{string.Join(' ', phrase.Tokens)}\"{(phrase.Prefix ? " *" : "")}";

    private static string AnyOf(IEnumerable<string> terms) => $"scope : ({string.Join(" OR ", terms)})";
}
