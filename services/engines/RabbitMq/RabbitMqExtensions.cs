using CoolChat.Contracts.Internal;
using CoolChat.Engines.RabbitMq.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CoolChat.Engines.RabbitMq;

/// <summary>What processes of a cluster tell one another by RabbitMQ. Needs <c>ConnectionStrings:rabbitmq</c>.</summary>
public static class RabbitMqExtensions
{
    /// <summary>
    /// <see cref="IIntegrationEvents"/> by a topic exchange. Where sessions matter, <c>AddRedisSessionRevocations</c> comes after it, with a
    /// <see cref="RabbitMqIntegrationEvents"/> for the other events.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="service">Its service: user.</param>
    public static IHostApplicationBuilder AddRabbitMqIntegrationEvents(this IHostApplicationBuilder builder, string service)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        services.AddRabbitMq();
        services.AddSingleton(provider => new RabbitMqIntegrationEvents(
            provider.GetRequiredService<RabbitMqEngine>(), service, provider.GetRequiredService<ILogger<RabbitMqIntegrationEvents>>()));
        services.AddSingleton<IIntegrationEvents>(static provider => provider.GetRequiredService<RabbitMqIntegrationEvents>());
        services.AddHostedService(static provider => provider.GetRequiredService<RabbitMqIntegrationEvents>());
        return builder;
    }
}
