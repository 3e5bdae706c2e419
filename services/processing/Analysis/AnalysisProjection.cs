using CoolChat.Contracts;
using CoolChat.Conversations;
using CoolChat.Engines.Sqlite;
using CoolChat.Processing.Projections;
using Microsoft.Extensions.Logging;

namespace CoolChat.Processing.Analysis;

/// <summary>Keeps counts, languages and links behind the log.</summary>
internal sealed class AnalysisProjection(AnalysisDatabase database, ILogFeed feed, TimeProvider time, ILogger<AnalysisProjection> logger)
    : LogProjection(database.Sql, feed, time, logger)
{
    public override string Name => "analysis";

    protected override int Form => 1;

    protected override void Apply(SqliteUnit unit, ChatEvent appended)
    {
        switch (appended.Type)
        {
            case EventTypes.MessageSent:
                AnalysisStore.Add(unit, appended);
                break;
            case EventTypes.MessageEdited:
                AnalysisStore.Replace(unit, appended);
                break;
            case EventTypes.MessageDeleted:
                AnalysisStore.Remove(unit, appended.ConversationId, appended.MessageId);
                break;
            case EventTypes.MemberErased:
                AnalysisStore.RemoveAllOf(unit, appended.ConversationId, appended.Sender, appended.Seq);
                break;
        }
    }

    protected override void Clear(SqliteUnit unit) => AnalysisStore.Clear(unit);
}

/// <summary>The open file analysis.db; a type of its own, because each module has a database.</summary>
internal sealed class AnalysisDatabase(string path) : IDisposable
{
    public SqliteDatabase Sql { get; } = SqliteDatabase.Open(path, AnalysisStore.Migrations);

    public void Dispose() => Sql.Dispose();
}
