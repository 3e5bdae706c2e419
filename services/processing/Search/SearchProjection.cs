using CoolChat.Contracts;
using CoolChat.Conversations;
using CoolChat.Engines.Sqlite;
using CoolChat.Processing.Projections;
using Microsoft.Extensions.Logging;

namespace CoolChat.Processing.Search;

/// <summary>Keeps the search index behind the log.</summary>
internal sealed class SearchProjection(SearchDatabase database, ILogFeed feed, TimeProvider time, ILogger<SearchProjection> logger)
    : LogProjection(database.Sql, feed, time, logger)
{
    public override string Name => "search";

    protected override int Form => 1;

    protected override void Apply(SqliteUnit unit, ChatEvent appended)
    {
        switch (appended.Type)
        {
            case EventTypes.MessageSent:
                SearchIndex.Add(unit, appended);
                break;
            case EventTypes.MessageEdited:
                SearchIndex.Replace(unit, appended);
                break;
            case EventTypes.MessageDeleted when appended.MessageId is { } message:
                SearchIndex.Remove(unit, appended.ConversationId, message);
                break;
            case EventTypes.MemberErased:
                SearchIndex.RemoveAllOf(unit, appended.ConversationId, appended.Sender, appended.Seq);
                break;
        }
    }

    protected override void Clear(SqliteUnit unit) => SearchIndex.Clear(unit);
}

/// <summary>The open file search.db; a type of its own, because each module has a database.</summary>
internal sealed class SearchDatabase(string path) : IDisposable
{
    public SqliteDatabase Sql { get; } = SqliteDatabase.Open(path, SearchIndex.Migrations);

    public void Dispose() => Sql.Dispose();
}
