using CoolChat.Chat.Adapters.RabbitMq;
using CoolChat.Contracts.Internal;
using CoolChat.Engines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CoolChat.Chat;

/// <summary>The chat module's way to the writer where processing is another process.</summary>
public static class RabbitMqChat
{
    /// <summary>
    /// Adds the <see cref="IConversationWriter"/> that goes by RabbitMQ's partition queues, for a process without processing. Needs
    /// <c>ConnectionStrings:rabbitmq</c>.
    /// </summary>
    public static IHostApplicationBuilder AddRabbitMqCommands(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddRabbitMq();
        services.AddSingleton<IValidateOptions<CommandQueueOptions>, CommandQueueOptionsValidator>();
        services.AddOptions<CommandQueueOptions>().BindConfiguration(CommandQueueOptions.Section, static binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<RabbitMqConversationWriter>();
        services.AddSingleton<IConversationWriter>(provider => provider.GetRequiredService<RabbitMqConversationWriter>());
        services.AddHostedService(provider => provider.GetRequiredService<RabbitMqConversationWriter>());
        services.AddHealthChecks().AddCheck<RabbitMqConversationWriter>("commands");
        return builder;
    }
}
