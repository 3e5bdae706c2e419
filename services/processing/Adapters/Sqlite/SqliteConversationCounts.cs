using CoolChat.Contracts;
using CoolChat.Engines.Sqlite;
using CoolChat.Processing.Analysis;

namespace CoolChat.Processing.Adapters.Sqlite;

/// <summary>Reads what <see cref="SqliteAnalysisFold"/> writes.</summary>
internal sealed class SqliteConversationCounts(AnalysisDatabase database) : IConversationCounts
{
    public ValueTask<ConversationStats> CountAsync(Guid conversation, long firstSeq, CancellationToken cancellationToken) =>
        new(database.Sql.Read(unit => firstSeq <= 1 ? CountAll(unit, conversation) : CountFrom(unit, conversation, firstSeq)));

    public ValueTask<IReadOnlyList<PlacedLink>> ReadLinksAsync(
        Guid conversation, long firstSeq, LinkPlace after, int limit, CancellationToken cancellationToken) =>
        new(database.Sql.Read(unit => unit.Query(
            """
            SELECT l.seq, l.position, l.url, m.message, m.sender, m.at
            FROM links l JOIN messages m ON m.conversation = l.conversation AND m.seq = l.seq
            WHERE l.conversation = ?1 AND l.seq >= ?2 AND (l.seq < ?3 OR (l.seq = ?3 AND l.position > ?4))
            ORDER BY l.seq DESC, l.position LIMIT ?5
            """,
            row => new PlacedLink(
                new LinkPlace(row.Number(0), row.Number(1)),
                new LinkView { Seq = row.Number(0), Url = row.Text(2), MessageId = row.Id(3), Sender = row.Id(4), At = row.Time(5) }),
            conversation, firstSeq, after.Seq, after.Position, (long)limit)));

    private static ConversationStats CountAll(SqliteUnit unit, Guid conversation) => StatsOf(
        unit.Number("SELECT COALESCE(SUM(messages), 0) FROM days WHERE conversation = ?1", conversation),
        unit.Query("SELECT day, messages FROM days WHERE conversation = ?1 ORDER BY day DESC LIMIT 366", DayFrom, conversation),
        unit.Query(
            "SELECT language, messages FROM languages WHERE conversation = ?1 AND language <> '' ORDER BY messages DESC, language LIMIT 10",
            LanguageFrom, conversation));

    /// <summary>For somebody who joined later and may not read what was before.</summary>
    private static ConversationStats CountFrom(SqliteUnit unit, Guid conversation, long firstSeq) => StatsOf(
        unit.Number("SELECT COUNT(*) FROM messages WHERE conversation = ?1 AND seq >= ?2", conversation, firstSeq),
        unit.Query(
            "SELECT day, COUNT(*) FROM messages WHERE conversation = ?1 AND seq >= ?2 GROUP BY day ORDER BY day DESC LIMIT 366",
            DayFrom, conversation, firstSeq),
        unit.Query(
            """
            SELECT language, COUNT(*) AS n FROM messages WHERE conversation = ?1 AND seq >= ?2 AND language <> ''
            GROUP BY language ORDER BY n DESC, language LIMIT 10
            """,
            LanguageFrom, conversation, firstSeq));

    private static ConversationStats StatsOf(long messages, List<DayCount> days, List<LanguageCount> languages) =>
        new() { Messages = messages, Days = days, Languages = languages };

    private static DayCount DayFrom(SqliteRow row) => new() { Day = MessageFacts.ToDate(row.Number(0)), Messages = row.Number(1) };

    private static LanguageCount LanguageFrom(SqliteRow row) => new() { Language = row.Text(0), Messages = row.Number(1) };
}
