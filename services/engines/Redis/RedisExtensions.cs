using CoolChat.Contracts.Internal;
using CoolChat.Engines.Redis.Fanout;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CoolChat.Engines.Redis;

/// <summary>What processes of a cluster tell one another by Redis. All of it needs <c>ConnectionStrings:redis</c>.</summary>
public static class RedisExtensions
{
    /// <summary>For processes with a writer: <see cref="ILiveFanout"/>, told to every chat node.</summary>
    public static IServiceCollection AddRedisLiveFanout(this IServiceCollection services)
    {
        services.AddRedis();
        services.AddSingleton<RedisLiveFanout>();
        services.AddSingleton<ILiveFanout>(static provider => provider.GetRequiredService<RedisLiveFanout>());
        services.AddHostedService(static provider => provider.GetRequiredService<RedisLiveFanout>());
        return services;
    }

    /// <summary>Adds up, over all processes that do the same, what these buckets gave.</summary>
    public static IServiceCollection AddRedisSharedBuckets(this IServiceCollection services, Func<IServiceProvider, ISharedBuckets> buckets)
    {
        services.AddRedis();
        services.AddSingleton<IHostedService>(provider => new RedisSharedBuckets(
            provider.GetRequiredService<RedisEngine>(),
            buckets(provider),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RedisSharedBuckets>>()));
        return services;
    }

    /// <summary>
    /// For every process: <see cref="IIntegrationEvents"/> of which <see cref="SessionRevoked"/> goes by Redis and the others by
    /// <paramref name="inner"/>; and <see cref="ISessionStatus"/>, unless a module that knows better has added one.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="memory">How long the last access token of an ended session may live.</param>
    /// <param name="inner">Makes what takes the other events; by default they stay in the process.</param>
    public static IServiceCollection AddRedisSessionRevocations(
        this IServiceCollection services, TimeSpan memory, Func<IServiceProvider, IIntegrationEvents>? inner = null)
    {
        services.AddRedis();
        services.AddSingleton(provider => new RedisSessionRevocations(
            provider.GetRequiredService<RedisEngine>(),
            inner?.Invoke(provider) ?? new InProcessIntegrationEvents(),
            memory,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RedisSessionRevocations>>()));
        services.AddSingleton<IIntegrationEvents>(static provider => provider.GetRequiredService<RedisSessionRevocations>());
        services.TryAddSingleton<ISessionStatus>(static provider => provider.GetRequiredService<RedisSessionRevocations>());
        services.AddHostedService(static provider => provider.GetRequiredService<RedisSessionRevocations>());
        return services;
    }
}
