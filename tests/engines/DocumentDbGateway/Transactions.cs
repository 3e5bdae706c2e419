using System.Collections.Concurrent;
using System.Data;
using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace CoolChat.DocumentDbGateway;

/// <summary>
/// A MongoDB transaction is a PostgreSQL transaction on a connection of its own. One command has it at a time: a client that gave up waiting for an answer
/// aborts while the command still runs.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore without a wait handle holds nothing; commands may still wait for it at the end.")]
internal sealed record Transaction(NpgsqlConnection Connection, NpgsqlTransaction Inner, long Number, long Began)
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>A command has failed, and the transaction with it.</summary>
    public bool Failed { get; set; }

    /// <summary>Committed or rolled back; set by who has the turn.</summary>
    public bool Ended { get; set; }

    public async Task<IDisposable> EnterAsync()
    {
        await _turn.WaitAsync();
        return new Turn(_turn);
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}

/// <summary>The open transactions, one a logical session. Like mongod, one that is a minute old is aborted: its client may be dead.</summary>
internal sealed class Transactions(NpgsqlDataSource source, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<string, Transaction> _open = new();

    /// <summary>The transaction that a request belongs to, begun when it says so; null when it belongs to none.</summary>
    public async Task<Transaction?> FindAsync(Request request)
    {
        if (!request.InTransaction)
            return null;
        string session = SessionOf(request);
        if (request.StartsTransaction)
            return await BeginAsync(session, request.TransactionNumber);
        return _open.TryGetValue(session, out Transaction? open) && open.Number == request.TransactionNumber
            ? open
            : throw Missing(request.TransactionNumber);
    }

    public async Task CommitAsync(Request request)
    {
        if (!_open.TryRemove(SessionOf(request), out Transaction? open))
            throw Missing(request.TransactionNumber);
        using IDisposable turn = await open.EnterAsync();
        open.Ended = true;
        await using (open.Connection)
        await using (open.Inner)
            await open.Inner.CommitAsync();
    }

    public async Task AbortAsync(string? session)
    {
        if (session is null || !_open.TryRemove(session, out Transaction? open))
            return;
        using IDisposable turn = await open.EnterAsync();
        open.Ended = true;
        await using (open.Connection)
        {
            try
            {
                await open.Inner.RollbackAsync();
            }
            catch (Exception broken) when (broken is NpgsqlException or InvalidOperationException or ObjectDisposedException)
            {
                // The connection is lost, and the transaction with it.
            }
        }
    }

    public async Task AbortOldAsync()
    {
        foreach ((string session, Transaction open) in _open)
        {
            if (time.GetElapsedTime(open.Began) > Lifetime)
                await AbortAsync(session);
        }
    }

    private async Task<Transaction> BeginAsync(string session, long number)
    {
        await AbortAsync(session);
        NpgsqlConnection connection = await source.OpenConnectionAsync();
        NpgsqlTransaction inner = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        // mongod fails the second writer at once.
        await using (NpgsqlCommand command = new("SET LOCAL lock_timeout = '20ms'", connection))
            await command.ExecuteNonQueryAsync();
        return _open[session] = new Transaction(connection, inner, number, time.GetTimestamp());
    }

    private static string SessionOf(Request request) => request.Session ?? throw new MongoException(72, "a transaction needs an lsid");

    public static MongoException Missing(long number) =>
        new(Errors.NoSuchTransaction, $"Given transaction number {number} does not match any in-progress transactions", transient: true);
}
