using Microsoft.Extensions.Hosting;

namespace CoolChat.Engines.Mongo;

/// <summary>Collections of a module.</summary>
public interface IMongoCollections
{
    /// <summary>Makes what the database lacks: collections, indexes, shard keys. Idempotent: every instance of a service may do it at start.</summary>
    void Migrate();
}

/// <summary>Makes what the database lacks before anything uses it.</summary>
public sealed class MongoMigration<TCollections>(TCollections collections) : IHostedLifecycleService
    where TCollections : IMongoCollections
{
    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.Run(collections.Migrate, cancellationToken);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
