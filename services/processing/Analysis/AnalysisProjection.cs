using CoolChat.Contracts;
using CoolChat.Conversations;
using CoolChat.Engines.Sqlite;
using CoolChat.Processing.Projections;
using Microsoft.Extensions.Logging;

namespace CoolChat.Processing.Analysis;

/// <summary>Keeps counts, languages and links behind the log.</summary>
internal sealed class AnalysisProjection(AnalysisDatabase database, ILogFeed feed, TimeProvider time, ILogger<AnalysisProjection> logger)
    : MessageProjection(database.Sql, feed, time, logger)
{
    public override string Name => "analysis";

    protected override int Form => 1;

    protected override void Add(SqliteUnit unit, ChatEvent sent) => AnalysisStore.Add(unit, sent);

    protected override void Replace(SqliteUnit unit, ChatEvent edited) => AnalysisStore.Replace(unit, edited);

    protected override void Remove(SqliteUnit unit, Guid conversation, Guid message) => AnalysisStore.Remove(unit, conversation, message);

    protected override void RemoveAllOf(SqliteUnit unit, Guid conversation, Guid sender, long before) =>
        AnalysisStore.RemoveAllOf(unit, conversation, sender, before);

    protected override void Clear(SqliteUnit unit) => AnalysisStore.Clear(unit);
}

/// <summary>The open file analysis.db; a type of its own, because each module has a database.</summary>
internal sealed class AnalysisDatabase(string path) : IDisposable
{
    public SqliteDatabase Sql { get; } = SqliteDatabase.Open(path, AnalysisStore.Migrations);

    public void Dispose() => Sql.Dispose();
}
