using CoolChat.Engines.Mongo;
using CoolChat.Engines.RabbitMq;
using CoolChat.Engines.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.Engines;

/// <summary>
/// Registers connections to the engines of a cluster, each with a health check of its name. An engine that is away makes a process degraded, not
/// unhealthy: its fellows miss the same engine, so taking it out of service would help nobody, and much goes on without.
/// </summary>
public static class EngineHealth
{
    // Well below what the gateway waits for /health: an engine that hangs must not make every node look dead.
    private static readonly TimeSpan MostForAnswer = TimeSpan.FromSeconds(1.5);

    /// <summary>MongoDB, once in the process.</summary>
    public static IServiceCollection AddMongo(this IServiceCollection services) => services.AddEngine(
        "mongodb",
        static provider => MongoEngine.Open(provider.GetRequiredService<IConfiguration>()),
        static async (mongo, cancellationToken) =>
        {
            await mongo.Database.RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1), ReadPreference.Primary, cancellationToken);
            return true;
        });

    /// <summary>RabbitMQ, once in the process.</summary>
    public static IServiceCollection AddRabbitMq(this IServiceCollection services) => services.AddEngine(
        "rabbitmq",
        static provider => RabbitMqEngine.Open(provider.GetRequiredService<IConfiguration>()),
        // Those who use it hold connections all the time: opening one more for each question would tell no more.
        static (broker, _) => Task.FromResult(broker.IsConnected));

    /// <summary>Redis, once in the process.</summary>
    public static IServiceCollection AddRedis(this IServiceCollection services) => services.AddEngine(
        "redis",
        static provider => RedisEngine.Open(provider.GetRequiredService<IConfiguration>()),
        static async (redis, cancellationToken) =>
        {
            await redis.Database.PingAsync().WaitAsync(cancellationToken);
            return true;
        });

    private static IServiceCollection AddEngine<T>(
        this IServiceCollection services, string name, Func<IServiceProvider, T> open, Func<T, CancellationToken, Task<bool>> answers)
        where T : class
    {
        if (services.Any(service => service.ServiceType == typeof(T)))
            return services;
        services.TryAddSingleton(open);
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            name, provider => new Check<T>(provider.GetRequiredService<T>(), answers), HealthStatus.Degraded, tags: null, MostForAnswer));
        return services;
    }

    /// <summary>Exceptions and time-outs are the service's to report, as the state that was registered.</summary>
    private sealed class Check<T>(T engine, Func<T, CancellationToken, Task<bool>> answers) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            await answers(engine, cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded();
    }
}
