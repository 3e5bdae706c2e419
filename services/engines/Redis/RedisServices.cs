using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace CoolChat.Engines.Redis;

/// <summary>Registers what a process has of Redis.</summary>
public static class RedisServices
{
    /// <summary>
    /// Adds <see cref="IIntegrationEvents"/> and <see cref="ISessionStatus"/>: ended sessions are told to every process, all other events stay in this one.
    /// </summary>
    /// <param name="services">The process.</param>
    /// <param name="memory">How long the last access token of an ended session may live.</param>
    public static IServiceCollection AddRedisSessionRevocations(this IServiceCollection services, TimeSpan memory)
    {
        services.TryAddSingleton(provider => RedisEngine.Open(provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton(provider => new RedisSessionRevocations(
            provider.GetRequiredService<RedisEngine>(), new InProcessIntegrationEvents(), memory, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RedisSessionRevocations>>()));
        services.AddSingleton<IIntegrationEvents>(provider => provider.GetRequiredService<RedisSessionRevocations>());
        services.AddSingleton<ISessionStatus>(provider => provider.GetRequiredService<RedisSessionRevocations>());
        services.AddHostedService(provider => provider.GetRequiredService<RedisSessionRevocations>());
        return services;
    }
}
