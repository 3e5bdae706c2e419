using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using CoolChat.Engines.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CoolChat.Processing.Projections;

/// <summary>
/// Follows the log into a SQLite file. The cursor moves in the same transaction as what it stands for, so a crash repeats or loses nothing,
/// and a projection whose form has changed reads the log anew by itself. Its file has the table
/// <c>progress (only, form, position)</c>, see <see cref="ProgressTable"/>.
/// </summary>
internal abstract partial class LogProjection(SqliteDatabase database, ILogFeed feed, TimeProvider time, ILogger logger)
    : BackgroundService, IRebuildable
{
    /// <summary>To be part of the file's first migration.</summary>
    public const string ProgressTable =
        "CREATE TABLE progress (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), form INTEGER NOT NULL, position TEXT);";

    private const int BatchEvents = 500;

    /// <summary>
    /// Between batches of a live log: a commit costs an fsync on the disk, and folding costs the CPU, that messages wait for. Under more than
    /// BatchEvents in this time the projection falls behind and catches up afterwards; a rebuild by command does not pause.
    /// </summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _working = new(1, 1);
    private bool _formIsChecked;

    public abstract string Name { get; }

    /// <summary>Raised whenever <see cref="Apply"/> would make something else of the same log.</summary>
    protected abstract int Form { get; }

    /// <summary>Takes one event in. Bodies that were erased are absent.</summary>
    protected abstract void Apply(SqliteUnit unit, ChatEvent appended);

    /// <summary>Empties every table but <c>progress</c>.</summary>
    protected abstract void Clear(SqliteUnit unit);

    public async Task<long> RebuildAsync(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        // Not between another step's reading and its writing: that would move the cursor past everything.
        await WorkAsync(async () =>
        {
            await database.WriteAsync(Restart, cancellationToken);
            _formIsChecked = true;
            return 0;
        }, cancellationToken);
        long total = 0;
        while (await StepAsync(cancellationToken) is > 0 and int read)
        {
            total += read;
            progress?.Report(total);
        }
        return total;
    }

    /// <summary>Reads one batch; 0 when the projection is at the end of the log.</summary>
    public Task<int> StepAsync(CancellationToken cancellationToken) => WorkAsync(async () =>
    {
        await CheckFormAsync(cancellationToken);
        LogFeedPage page = await feed.ReadAsync(ReadPosition(), BatchEvents, cancellationToken);
        if (page.Events.Count > 0)
            await database.WriteAsync(unit => Take(unit, page), cancellationToken);
        return page.Events.Count;
    }, cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await StepAsync(stoppingToken) == 0)
                    await feed.WaitAsync(ReadPosition(), stoppingToken);
                await Task.Delay(Pace, time, stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // The cursor has not moved: the same events come again.
                LogFailed(Name, failure);
                await Task.Delay(RetryAfter, time, stoppingToken);
            }
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _working.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task<int> WorkAsync(Func<Task<int>> work, CancellationToken cancellationToken)
    {
        await _working.WaitAsync(cancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            _working.Release();
        }
    }

    private string? ReadPosition() => database.Read(unit => unit.Find("SELECT position FROM progress", row => row.TextOrNull(0)));

    private void Take(SqliteUnit unit, LogFeedPage page)
    {
        foreach (ChatEvent appended in page.Events)
            Apply(unit, appended);
        unit.Execute("UPDATE progress SET position = ?1", page.Position);
    }

    private async Task CheckFormAsync(CancellationToken cancellationToken)
    {
        if (_formIsChecked)
            return;
        if (database.Read(unit => unit.Number("SELECT form FROM progress")) != Form)
        {
            LogRestart(Name);
            await database.WriteAsync(Restart, cancellationToken);
        }

        _formIsChecked = true;
    }

    private void Restart(SqliteUnit unit)
    {
        Clear(unit);
        unit.Execute("INSERT OR REPLACE INTO progress (only_row, form, position) VALUES (1, ?1, NULL)", (long)Form);
    }

    [LoggerMessage(4101, LogLevel.Error, "Projection {Name} failed; it is tried again")]
    private partial void LogFailed(string name, Exception failure);

    [LoggerMessage(4102, LogLevel.Information, "Projection {Name} has a new form and reads the log from its beginning")]
    private partial void LogRestart(string name);
}
