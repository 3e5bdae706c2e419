using CoolChat.Contracts.Internal;
using CoolChat.Engines;
using CoolChat.Processing.Adapters.RabbitMq;
using CoolChat.Processing.Writing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CoolChat.Processing;

/// <summary>The processing module behind RabbitMQ's partition queues.</summary>
public static class RabbitMqProcessing
{
    /// <summary>
    /// Feeds the writer from the queues, which it makes. Comes after what adds the writer and ILiveFanout, so that it stops before them. Needs
    /// <c>ConnectionStrings:rabbitmq</c>.
    /// </summary>
    public static IHostApplicationBuilder AddRabbitMqCommands(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        services.AddRabbitMq();
        services.Configure<WriterOptions>(writer => writer.WaitsForStore = true);
        services.AddOptions<CommandConsumerOptions>().BindConfiguration(CommandConsumerOptions.Section, static binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RabbitMqCommandConsumer>();
        services.AddSingleton<IHeldPartitions>(provider => provider.GetRequiredService<RabbitMqCommandConsumer>());
        services.AddHostedService(provider => provider.GetRequiredService<RabbitMqCommandConsumer>());
        services.AddHealthChecks().AddCheck<RabbitMqCommandConsumer>("commands");
        services.AddSingleton<DeadLetters>();
        return builder;
    }

    /// <summary>Maps what operators do with dead letters, if there is an operator's key.</summary>
    /// <exception cref="StartException">The key is too short.</exception>
    public static IEndpointRouteBuilder MapDeadLetters(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        DeadLettersApi.Map(app);
        return app;
    }
}
