using System.Globalization;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using CoolChat.Engines.Sqlite;
using CoolChat.Processing.Search;

namespace CoolChat.Processing.Analysis;

/// <summary>Answers from the analysis, within what the viewer may read of the log.</summary>
internal sealed class ConversationAnalysis(AnalysisDatabase database, IConversationReader reader) : IConversationAnalysis
{
    private const int MaxLimit = 200;

    public async ValueTask<Result<ConversationStats>> GetStatsAsync(Guid viewer, Guid conversationId, CancellationToken cancellationToken)
    {
        if (await reader.FindMembershipAsync(conversationId, viewer, cancellationToken) is not { } membership)
            return Refusal.NotFound();
        return database.Sql.Read(unit => membership.FirstSeq <= 1 ? CountAll(unit, conversationId) : CountFrom(unit, conversationId, membership.FirstSeq));
    }

    public async ValueTask<Result<Page<LinkView>>> ListLinksAsync(
        Guid viewer, Guid conversationId, string? next, int limit, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaxLimit)
            return Refusal.Invalid("limit", $"1 to {MaxLimit}.");
        if (LinkPlace.Parse(next) is not { } below)
            return Refusal.Invalid("next", "Not from an earlier answer.");
        if (await reader.FindMembershipAsync(conversationId, viewer, cancellationToken) is not { } membership)
            return Refusal.NotFound();
        List<(LinkPlace Place, LinkView Link)> rows = ReadLinks(conversationId, membership.FirstSeq, below, limit + 1);
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

    private List<(LinkPlace Place, LinkView Link)> ReadLinks(Guid conversation, long firstSeq, LinkPlace below, int limit) =>
        database.Sql.Read(unit => unit.Query(
            """
            SELECT l.seq, l.position, l.url, m.message, m.sender, m.at
            FROM links l JOIN messages m ON m.conversation = l.conversation AND m.seq = l.seq
            WHERE l.conversation = ?1 AND l.seq >= ?2 AND (l.seq < ?3 OR (l.seq = ?3 AND l.position > ?4))
            ORDER BY l.seq DESC, l.position LIMIT ?5
            """,
            row => (
                new LinkPlace(row.Number(0), row.Number(1)),
                new LinkView { Seq = row.Number(0), Url = row.Text(2), MessageId = row.Id(3), Sender = row.Id(4), At = row.Time(5) }),
            conversation, firstSeq, below.Seq, below.Position, (long)limit));

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

    private static DayCount DayFrom(SqliteRow row) => new()
    {
        Day = DateOnly.FromDateTime(DateTimeOffset.UnixEpoch.AddDays(row.Number(0)).UtcDateTime),
        Messages = row.Number(1),
    };

    private static LanguageCount LanguageFrom(SqliteRow row) => new() { Language = row.Text(0), Messages = row.Number(1) };

    /// <summary>A link's place: seq of its message and which of its links.</summary>
    private readonly record struct LinkPlace(long Seq, long Position)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seq}.{Position}");

        public static LinkPlace? Parse(string? text)
        {
            if (text is null)
                return new LinkPlace(long.MaxValue, 0);
            string[] parts = text.Split('.');
            return parts.Length == 2
                && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long seq)
                && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long position)
                    ? new LinkPlace(seq, position)
                    : null;
        }
    }
}
