using CoolChat.Contracts;
using CoolChat.Conversations;
using CoolChat.Engines.Sqlite;
using CoolChat.Processing.Projections;
using Microsoft.Extensions.Logging;

namespace CoolChat.Processing.Adapters.Sqlite;

/// <summary>A projection in a SQLite file, which has the table <c>progress (only_row, form, position)</c>, see <see cref="ProgressTable"/>.</summary>
internal abstract class SqliteProjection(SqliteDatabase database, ILogFeed feed, TimeProvider time, ILogger logger) : LogProjection(time, logger)
{
    /// <summary>To be part of the file's first migration.</summary>
    public const string ProgressTable =
        "CREATE TABLE progress (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), form INTEGER NOT NULL, position TEXT);";

    private bool _formIsChecked;

    protected abstract IMessageFold FoldInto(SqliteUnit unit);

    /// <summary>Empties every table but <c>progress</c>.</summary>
    protected abstract void Clear(SqliteUnit unit);

    protected override async Task RestartAsync(CancellationToken cancellationToken)
    {
        await database.WriteAsync(Restart, cancellationToken);
        _formIsChecked = true;
    }

    protected override async Task<int> AdvanceAsync(CancellationToken cancellationToken)
    {
        await CheckFormAsync(cancellationToken);
        LogFeedPage page = await feed.ReadAsync(ReadPosition(), BatchEvents, cancellationToken);
        if (page.Events.Count > 0)
            await database.WriteAsync(unit => Take(unit, page), cancellationToken);
        return page.Events.Count;
    }

    protected override Task WaitAsync(CancellationToken cancellationToken) => feed.WaitAsync(ReadPosition(), cancellationToken);

    private string? ReadPosition() => database.Read(unit => unit.Find("SELECT position FROM progress", row => row.TextOrNull(0)));

    private void Take(SqliteUnit unit, LogFeedPage page)
    {
        IMessageFold fold = FoldInto(unit);
        foreach (ChatEvent appended in page.Events)
            fold.Apply(appended);
        unit.Execute("UPDATE progress SET position = ?1", page.Position);
    }

    private async Task CheckFormAsync(CancellationToken cancellationToken)
    {
        if (!_formIsChecked && database.Read(unit => unit.Number("SELECT form FROM progress")) != Form)
        {
            TellRestart();
            await database.WriteAsync(Restart, cancellationToken);
        }
        _formIsChecked = true;
    }

    private void Restart(SqliteUnit unit)
    {
        Clear(unit);
        unit.Execute("INSERT OR REPLACE INTO progress (only_row, form, position) VALUES (1, ?1, NULL)", (long)Form);
    }
}
