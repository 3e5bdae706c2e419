using CoolChat.Conversations;
using CoolChat.Engines.Sqlite;
using CoolChat.Processing.Projections;
using CoolChat.Processing.Search;
using Microsoft.Extensions.Logging;

namespace CoolChat.Processing.Adapters.Sqlite;

/// <summary>Keeps the search index behind the log.</summary>
internal sealed class SqliteSearchProjection(SearchDatabase database, ILogFeed feed, TimeProvider time, ILogger<SqliteSearchProjection> logger)
    : SqliteProjection(database.Sql, feed, time, logger)
{
    public override string Name => SearchForm.Name;

    protected override int Form => SearchForm.Version;

    protected override IMessageFold FoldInto(SqliteUnit unit) => new SqliteSearchFold(unit);

    protected override void Clear(SqliteUnit unit) => SqliteSearchFold.Clear(unit);
}

/// <summary>The open file search.db; a type of its own, because each module has a database.</summary>
internal sealed class SearchDatabase(string path) : IDisposable
{
    public SqliteDatabase Sql { get; } = SqliteDatabase.Open(path, SqliteSearchFold.Migrations, inBackground: true);

    public void Dispose() => Sql.Dispose();
}
