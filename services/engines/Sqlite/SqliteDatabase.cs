using System.Collections.Concurrent;
using System.Threading.Channels;
using CoolChat.Contracts.Internal;
using Microsoft.Data.Sqlite;

namespace CoolChat.Engines.Sqlite;

/// <summary>
/// One SQLite file that this process owns alone. Reads run on any thread, each in a snapshot of its own; writes run one after the other on one
/// thread, and those that wait together share a commit (each in its own savepoint, so that one's failure is not the others').
/// A write that has returned is on disk: WAL with synchronous=FULL.
/// </summary>
public sealed class SqliteDatabase : IDisposable
{
    private const int MaxBatch = 64;
    private const int IdleReaders = 8;
    private const int SqliteIo = 10;
    private const int SqliteFull = 13;

    private readonly string _connectionString;
    private readonly FileStream _owner;
    private readonly ConcurrentBag<SqliteUnit> _readers = [];
    private readonly Channel<Change> _changes = Channel.CreateBounded<Change>(new BoundedChannelOptions(10_000) { SingleReader = true });
    private readonly SqliteUnit _writing;
    private readonly Thread _writer;
    private int _disposed;

    private SqliteDatabase(string path, string connectionString, FileStream owner, SqliteUnit writing, bool inBackground)
    {
        Path = path;
        _connectionString = connectionString;
        _owner = owner;
        _writing = writing;
        _writer = new Thread(() => WriteLoop(inBackground)) { IsBackground = true, Name = "sqlite " + System.IO.Path.GetFileName(path) };
        _writer.Start();
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>
    /// Opens or creates the database. <paramref name="migrations"/>[n] brings a database from <c>user_version</c> n to n + 1; each runs in a
    /// transaction with the change of the version.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="migrations">See above.</param>
    /// <param name="inBackground">Nobody waits for its writes: they leave the CPU to others.</param>
    /// <exception cref="EngineStartException">
    /// Owned by another process, corrupted, written by a newer version, on a network file system or not writable: says what to do.
    /// </exception>
    public static SqliteDatabase Open(string path, IReadOnlyList<string> migrations, bool inBackground = false)
    {
        ArgumentNullException.ThrowIfNull(migrations);
        (FileStream owner, string connectionString, SqliteUnit writing) = SqliteOpening.Open(System.IO.Path.GetFullPath(path), migrations);
        return new SqliteDatabase(System.IO.Path.GetFullPath(path), connectionString, owner, writing, inBackground);
    }

    /// <summary>Runs queries in one read transaction: all of them see the same state, and never wait for the writer.</summary>
    public T Read<T>(Func<SqliteUnit, T> query)
    {
        ArgumentNullException.ThrowIfNull(query);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        SqliteUnit unit = _readers.TryTake(out SqliteUnit? idle) ? idle : SqliteOpening.Connect(_connectionString, readOnly: true);
        bool healthy = false;
        try
        {
            unit.Execute("BEGIN");
            T result = query(unit);
            unit.Execute("COMMIT");
            healthy = true;
            return result;
        }
        finally
        {
            if (healthy && _disposed == 0 && _readers.Count < IdleReaders)
                _readers.Add(unit);
            else
                unit.Close();
        }
    }

    /// <summary>
    /// Runs <paramref name="change"/> in a write transaction and completes when it is on disk. If it throws, nothing of it is written and the
    /// exception arrives here. Cancelling works until it has begun, never after.
    /// </summary>
    /// <exception cref="RefusedException">The disk is full or too many writes wait (storage_full, busy): nothing was written.</exception>
    public Task<T> WriteAsync<T>(Func<SqliteUnit, T> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        Change<T> work = new(change, cancellationToken);
        return _changes.Writer.TryWrite(work)
            ? work.Task
            : throw new RefusedException(new Refusal("busy", "Too many writes wait for the disk.", RetryAfter: 1));
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<SqliteUnit> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        return WriteAsync(unit => { change(unit); return true; }, cancellationToken);
    }

    /// <summary>Writes a consistent, compact copy to <paramref name="target"/> (must not exist) while running; it is on disk when this returns.</summary>
    public void BackUp(string target)
    {
        // An empty file first, because VACUUM INTO would make it readable by everybody.
        SqliteOpening.CreatePrivate(target);
        using (SqliteConnection connection = SqliteOpening.OpenConnection(_connectionString))
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "VACUUM INTO $target";
            command.Parameters.AddWithValue("$target", target);
            command.ExecuteNonQuery();
        }
        using FileStream written = new(target, FileMode.Open, FileAccess.Write);
        written.Flush(flushToDisk: true);
    }

    private void WriteLoop(bool inBackground)
    {
        if (inBackground)
            ThreadPriorities.LowerCurrent();
        List<Change> batch = new(MaxBatch);
        while (Wait())
        {
            while (batch.Count < MaxBatch && _changes.Reader.TryRead(out Change? change))
                batch.Add(change);
            Commit(batch);
            batch.Clear();
        }
    }

    private bool Wait()
    {
        ValueTask<bool> more = _changes.Reader.WaitToReadAsync();
        return more.IsCompleted ? more.Result : more.AsTask().GetAwaiter().GetResult();
    }

    private void Commit(List<Change> batch)
    {
        try
        {
            _writing.Execute("BEGIN IMMEDIATE");
            foreach (Change change in batch)
                Apply(change);
            _writing.Execute("COMMIT");
        }
        catch (SqliteException failure)
        {
            RollBack();
            Exception told = Told(failure);
            foreach (Change change in batch)
                change.Fail(told);
            return;
        }
        foreach (Change change in batch)
            change.Complete();
    }

    private void Apply(Change change)
    {
        if (!change.Begin())
            return;
        _writing.Execute("SAVEPOINT change");
        try
        {
            change.Run(_writing);
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode is SqliteFull or SqliteIo)
        {
            // SQLite has rolled the whole transaction back, savepoints and all: the batch fails together.
            throw;
        }
#pragma warning disable CA1031 // Not swallowed: whoever asked for the change gets it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            change.Fail(Told(failure));
            _writing.Execute("ROLLBACK TO change");
        }
        _writing.Execute("RELEASE change");
    }

    private void RollBack()
    {
        try
        {
            _writing.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // Some failures (disk full, I/O) have already rolled back; then there is no transaction left to end.
        }
    }

    private static Exception Told(Exception failure) => failure is SqliteException { SqliteErrorCode: SqliteFull }
        ? new RefusedException(new Refusal("storage_full", "The server's disk is full."), failure)
        : failure;

    /// <summary>Finishes the writes that wait, then closes the file.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _changes.Writer.TryComplete();
        _writer.Join();
        while (_readers.TryTake(out SqliteUnit? reader))
            reader.Close();
        _writing.Close();
        _owner.Dispose();
    }

    private abstract class Change
    {
        public abstract bool Begin();

        public abstract void Run(SqliteUnit unit);

        public abstract void Complete();

        public abstract void Fail(Exception failure);
    }

    private sealed class Change<T>(Func<SqliteUnit, T> change, CancellationToken cancellation) : Change
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Task => _done.Task;

        public override bool Begin() => !cancellation.IsCancellationRequested || !_done.TrySetCanceled(cancellation);

        public override void Run(SqliteUnit unit) => _result = change(unit);

        public override void Complete() => _done.TrySetResult(_result);

        public override void Fail(Exception failure) => _done.TrySetException(failure);
    }
}
