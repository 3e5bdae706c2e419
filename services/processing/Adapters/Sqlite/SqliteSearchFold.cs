using CoolChat.Contracts;
using CoolChat.Engines.Sqlite;
using CoolChat.Processing.Projections;
using CoolChat.Processing.Search;
using CoolChat.Processing.Search.Text;

namespace CoolChat.Processing.Adapters.Sqlite;

/// <summary>
/// The file <c>search.db</c>; written by <see cref="SqliteSearchProjection"/> only, and rebuilt from the log at will.
/// <code>
/// messages  id (time of the message in ms * 2^20 + a counter: newest first is descending id), conversation, message, seq, sender
/// terms     FTS5, rowid = messages.id, without content: text = the tokens, scope = the filters (ScopeTerms)
/// progress  the cursor
/// </code>
/// Texts themselves are not kept here: an erased message leaves nothing.
/// </summary>
internal sealed class SqliteSearchFold(SqliteUnit unit) : IMessageFold
{
    public static readonly IReadOnlyList<string> Migrations =
    [
        SqliteProjection.ProgressTable +
        """
        CREATE TABLE messages (
            id INTEGER PRIMARY KEY,
            conversation BLOB NOT NULL,
            message BLOB NOT NULL,
            seq INTEGER NOT NULL,
            sender BLOB NOT NULL,
            UNIQUE (conversation, message));
        CREATE INDEX messages_sender ON messages (conversation, sender);
        CREATE VIRTUAL TABLE terms USING fts5(
            text, scope, content = '', contentless_delete = 1, tokenize = 'ascii');
        """,
    ];

    private const int CounterBits = 20;

    /// <summary>Smallest id of a message of that time.</summary>
    public static long IdAt(DateTimeOffset at)
    {
        long milliseconds = Math.Clamp(at.ToUnixTimeMilliseconds(), 0, (1L << 43) - 1);
        return milliseconds << CounterBits;
    }

    public static void Clear(SqliteUnit unit)
    {
        unit.Execute("DELETE FROM messages");
        unit.Execute("INSERT INTO terms (terms) VALUES ('delete-all')");
    }

    public void Add(ChatEvent sent, MessageBody body)
    {
        Guid message = sent.MessageId ?? sent.CommandId;
        if (FindId(sent.ConversationId, message) != 0)
            return;
        long first = IdAt(sent.At);
        long id = Math.Max(first, 1 + unit.Number("SELECT COALESCE(MAX(id), 0) FROM messages WHERE id BETWEEN ?1 AND ?2", first, first + (1L << CounterBits) - 2));
        unit.Execute(
            "INSERT INTO messages (id, conversation, message, seq, sender) VALUES (?1, ?2, ?3, ?4, ?5)",
            id, sent.ConversationId, message, sent.Seq, sent.Sender);
        AddTerms(id, sent.ConversationId, sent.Sender, body);
    }

    public void Replace(ChatEvent edited, Guid message, MessageBody body)
    {
        long id = FindId(edited.ConversationId, message);
        if (id == 0)
            return;
        Guid sender = unit.Find("SELECT sender FROM messages WHERE id = ?1", row => row.Id(0), id);
        unit.Execute("DELETE FROM terms WHERE rowid = ?1", id);
        AddTerms(id, edited.ConversationId, sender, body);
    }

    public void Remove(Guid conversation, Guid message)
    {
        long id = FindId(conversation, message);
        if (id != 0)
            Remove(id);
    }

    public void RemoveAllOf(Guid conversation, Guid sender, long before)
    {
        foreach (long id in unit.Query(
            "SELECT id FROM messages WHERE conversation = ?1 AND sender = ?2 AND seq < ?3", row => row.Number(0), conversation, sender, before))
            Remove(id);
    }

    private void AddTerms(long id, Guid conversation, Guid sender, MessageBody body)
    {
        string text = string.Join(' ', Tokenizer.Tokenize(SearchText.Of(body.Content)).Select(token => token.Text));
        string scope = string.Join(' ', ScopeTerms.Of(sender, body).Prepend(ScopeTerms.Conversation(conversation)));
        unit.Execute("INSERT INTO terms (rowid, text, scope) VALUES (?1, ?2, ?3)", id, text, scope);
    }

    private void Remove(long id)
    {
        unit.Execute("DELETE FROM terms WHERE rowid = ?1", id);
        unit.Execute("DELETE FROM messages WHERE id = ?1", id);
    }

    private long FindId(Guid conversation, Guid message) =>
        unit.Number("SELECT id FROM messages WHERE conversation = ?1 AND message = ?2", conversation, message);
}
