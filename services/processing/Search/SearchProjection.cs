using CoolChat.Contracts;
using CoolChat.Conversations;
using CoolChat.Engines.Sqlite;
using CoolChat.Processing.Projections;
using Microsoft.Extensions.Logging;

namespace CoolChat.Processing.Search;

/// <summary>Keeps the search index behind the log.</summary>
internal sealed class SearchProjection(SearchDatabase database, ILogFeed feed, TimeProvider time, ILogger<SearchProjection> logger)
    : MessageProjection(database.Sql, feed, time, logger)
{
    public override string Name => "search";

    protected override int Form => 1;

    protected override void Add(SqliteUnit unit, ChatEvent sent) => SearchIndex.Add(unit, sent);

    protected override void Replace(SqliteUnit unit, ChatEvent edited) => SearchIndex.Replace(unit, edited);

    protected override void Remove(SqliteUnit unit, Guid conversation, Guid message) => SearchIndex.Remove(unit, conversation, message);

    protected override void RemoveAllOf(SqliteUnit unit, Guid conversation, Guid sender, long before) =>
        SearchIndex.RemoveAllOf(unit, conversation, sender, before);

    protected override void Clear(SqliteUnit unit) => SearchIndex.Clear(unit);
}

/// <summary>The open file search.db; a type of its own, because each module has a database.</summary>
internal sealed class SearchDatabase(string path) : IDisposable
{
    public SqliteDatabase Sql { get; } = SqliteDatabase.Open(path, SearchIndex.Migrations);

    public void Dispose() => Sql.Dispose();
}
