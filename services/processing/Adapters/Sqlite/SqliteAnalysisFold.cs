using CoolChat.Contracts;
using CoolChat.Engines.Sqlite;
using CoolChat.Processing.Analysis;
using CoolChat.Processing.Projections;
using CoolChat.Processing.Search;

namespace CoolChat.Processing.Adapters.Sqlite;

/// <summary>
/// The file <c>analysis.db</c>; written by <see cref="SqliteAnalysisProjection"/> only, and rebuilt from the log at will.
/// <code>
/// messages   conversation, seq, message, sender, at, day (days since 1970), language ('' = can't tell)
/// days       conversation, day, messages           counted from messages, in the same transaction
/// languages  conversation, language, messages      the same
/// links      conversation, seq, position, url      of living messages
/// progress   the cursor
/// </code>
/// Who is mentioned is in the search index (operator mentions:), not here a second time.
/// </summary>
internal sealed class SqliteAnalysisFold(SqliteUnit unit) : IMessageFold
{
    public static readonly IReadOnlyList<string> Migrations =
    [
        SqliteProjection.ProgressTable +
        """
        CREATE TABLE messages (
            conversation BLOB NOT NULL,
            seq INTEGER NOT NULL,
            message BLOB NOT NULL,
            sender BLOB NOT NULL,
            at INTEGER NOT NULL,
            day INTEGER NOT NULL,
            language TEXT NOT NULL,
            PRIMARY KEY (conversation, seq),
            UNIQUE (conversation, message)) WITHOUT ROWID;
        CREATE TABLE days (
            conversation BLOB NOT NULL, day INTEGER NOT NULL, messages INTEGER NOT NULL, PRIMARY KEY (conversation, day)) WITHOUT ROWID;
        CREATE TABLE languages (
            conversation BLOB NOT NULL, language TEXT NOT NULL, messages INTEGER NOT NULL, PRIMARY KEY (conversation, language)) WITHOUT ROWID;
        CREATE TABLE links (
            conversation BLOB NOT NULL, seq INTEGER NOT NULL, position INTEGER NOT NULL, url TEXT NOT NULL,
            PRIMARY KEY (conversation, seq, position)) WITHOUT ROWID;
        """,
    ];

    public static void Clear(SqliteUnit unit)
    {
        unit.Execute("DELETE FROM messages");
        unit.Execute("DELETE FROM days");
        unit.Execute("DELETE FROM languages");
        unit.Execute("DELETE FROM links");
    }

    public void Add(ChatEvent sent, MessageBody body)
    {
        string language = MessageFacts.LanguageOf(body);
        long day = MessageFacts.DayOf(sent.At);
        int added = unit.Execute(
            "INSERT OR IGNORE INTO messages (conversation, seq, message, sender, at, day, language) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            sent.ConversationId, sent.Seq, sent.MessageId ?? sent.CommandId, sent.Sender, sent.At, day, language);
        if (added == 0)
            return;
        Count(sent.ConversationId, day, 1);
        Count(sent.ConversationId, language, 1);
        AddLinks(sent.ConversationId, sent.Seq, body);
    }

    public void Replace(ChatEvent edited, Guid message, MessageBody body)
    {
        if (Find(edited.ConversationId, message) is not { } known)
            return;
        string language = MessageFacts.LanguageOf(body);
        unit.Execute("UPDATE messages SET language = ?3 WHERE conversation = ?1 AND seq = ?2", edited.ConversationId, known.Seq, language);
        Count(edited.ConversationId, known.Language, -1);
        Count(edited.ConversationId, language, 1);
        unit.Execute("DELETE FROM links WHERE conversation = ?1 AND seq = ?2", edited.ConversationId, known.Seq);
        AddLinks(edited.ConversationId, known.Seq, body);
    }

    public void Remove(Guid conversation, Guid message)
    {
        if (Find(conversation, message) is { } known)
            Remove(conversation, known);
    }

    public void RemoveAllOf(Guid conversation, Guid sender, long before)
    {
        foreach (Known known in unit.Query(
            "SELECT seq, day, language FROM messages WHERE conversation = ?1 AND sender = ?2 AND seq < ?3", Known.From, conversation, sender, before))
            Remove(conversation, known);
    }

    private void Remove(Guid conversation, Known known)
    {
        unit.Execute("DELETE FROM messages WHERE conversation = ?1 AND seq = ?2", conversation, known.Seq);
        unit.Execute("DELETE FROM links WHERE conversation = ?1 AND seq = ?2", conversation, known.Seq);
        Count(conversation, known.Day, -1);
        Count(conversation, known.Language, -1);
    }

    private Known? Find(Guid conversation, Guid message) => unit.Find(
        "SELECT seq, day, language FROM messages WHERE conversation = ?1 AND message = ?2", row => (Known?)Known.From(row), conversation, message);

    private void AddLinks(Guid conversation, long seq, MessageBody body)
    {
        long position = 0;
        foreach (string url in SearchText.LinksOf(body.Content.Text))
            unit.Execute("INSERT INTO links (conversation, seq, position, url) VALUES (?1, ?2, ?3, ?4)", conversation, seq, position++, url);
    }

    private void Count(Guid conversation, long day, long change)
    {
        unit.Execute(
            "INSERT INTO days VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET messages = messages + excluded.messages", conversation, day, change);
        unit.Execute("DELETE FROM days WHERE conversation = ?1 AND day = ?2 AND messages = 0", conversation, day);
    }

    private void Count(Guid conversation, string language, long change)
    {
        unit.Execute(
            "INSERT INTO languages VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET messages = messages + excluded.messages",
            conversation, language, change);
        unit.Execute("DELETE FROM languages WHERE conversation = ?1 AND language = ?2 AND messages = 0", conversation, language);
    }

    private readonly record struct Known(long Seq, long Day, string Language)
    {
        public static Known From(SqliteRow row) => new(row.Number(0), row.Number(1), row.Text(2));
    }
}
