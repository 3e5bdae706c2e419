using CoolChat.Conversations;
using CoolChat.Engines.Sqlite;
using CoolChat.Processing.Analysis;
using CoolChat.Processing.Projections;
using Microsoft.Extensions.Logging;

namespace CoolChat.Processing.Adapters.Sqlite;

/// <summary>Keeps counts, languages and links behind the log.</summary>
internal sealed class SqliteAnalysisProjection(AnalysisDatabase database, ILogFeed feed, TimeProvider time, ILogger<SqliteAnalysisProjection> logger)
    : SqliteProjection(database.Sql, feed, time, logger)
{
    public override string Name => MessageFacts.Name;

    protected override int Form => MessageFacts.Form;

    protected override IMessageFold FoldInto(SqliteUnit unit) => new SqliteAnalysisFold(unit);

    protected override void Clear(SqliteUnit unit) => SqliteAnalysisFold.Clear(unit);
}

/// <summary>The open file analysis.db; a type of its own, because each module has a database.</summary>
internal sealed class AnalysisDatabase(string path) : IDisposable
{
    public SqliteDatabase Sql { get; } = SqliteDatabase.Open(path, SqliteAnalysisFold.Migrations, inBackground: true);

    public void Dispose() => Sql.Dispose();
}
