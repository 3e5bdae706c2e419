using MongoDB.Driver;

namespace CoolChat.Engines.Mongo;

/// <summary>Short transactions of a store: several documents that change together, decided on what the transaction itself reads.</summary>
public static class MongoTransaction
{
    private const int MostAttempts = 20;
    private const int MostCommits = 5;
    private const int PauseMs = 5;
    private static readonly TransactionOptions Options = new(ReadConcern.Snapshot, ReadPreference.Primary, MongoEngine.Durable);

    /// <summary>
    /// Runs <paramref name="work"/> and commits it durably. It runs again from its beginning when another one wrote the same document at the same time,
    /// or inserted the same key first: it must read anew what it decides on, and use the session for every operation.
    /// </summary>
    /// <exception cref="Contracts.Internal.RefusedException">The store is away.</exception>
    public static async Task<T> RunAsync<T>(MongoEngine engine, Func<IClientSessionHandle, Task<T>> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(work);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await OnceAsync(engine, work, cancellationToken);
            }
            catch (Exception failure) when (attempt < MostAttempts && (MongoFailures.IsTransient(failure) || MongoFailures.IsDuplicateKey(failure)))
            {
                await Task.Delay(Random.Shared.Next(PauseMs * attempt), cancellationToken);
            }
            catch (Exception failure) when (MongoFailures.IsAway(failure))
            {
                throw MongoFailures.Unavailable(failure);
            }
        }
    }

    /// <summary>Runs one operation that needs no transaction.</summary>
    /// <exception cref="Contracts.Internal.RefusedException">The store is away.</exception>
    public static async Task<T> GuardAsync<T>(Task<T> operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        try
        {
            return await operation;
        }
        catch (Exception failure) when (MongoFailures.IsAway(failure))
        {
            throw MongoFailures.Unavailable(failure);
        }
    }

    private static async Task<T> OnceAsync<T>(MongoEngine engine, Func<IClientSessionHandle, Task<T>> work, CancellationToken cancellationToken)
    {
        using IClientSessionHandle session = await engine.Client.StartSessionAsync(null, cancellationToken);
        session.StartTransaction(Options);
        T result;
        try
        {
            result = await work(session);
        }
        catch (Exception)
        {
            await AbortAsync(session);
            throw;
        }
        await CommitAsync(session);
        return result;
    }

    /// <summary>Not cancelled: who asked must hear whether it happened. An answer may be lost; asking again is safe and tells.</summary>
    private static async Task CommitAsync(IClientSessionHandle session)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await session.CommitTransactionAsync(CancellationToken.None);
                return;
            }
            catch (MongoException failure) when (MongoFailures.IsUnknownCommit(failure) && attempt < MostCommits)
            {
                await Task.Delay(PauseMs * attempt, CancellationToken.None);
            }
        }
    }

    private static async Task AbortAsync(IClientSessionHandle session)
    {
        try
        {
            await session.AbortTransactionAsync(CancellationToken.None);
        }
        catch (MongoException)
        {
            // The server gives it up by its time limit; what failed before is what the caller must hear.
        }
    }
}
