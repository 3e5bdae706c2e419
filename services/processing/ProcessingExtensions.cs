using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using CoolChat.Engines.RocksDb;
using CoolChat.Processing.Adapters.RocksDb;
using CoolChat.Processing.Projections;
using CoolChat.Processing.Writing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CoolChat.Processing;

/// <summary>The processing module: the only writer of conversations.</summary>
public static class ProcessingExtensions
{
    /// <summary>Adds <see cref="IConversationWriter"/> and what works behind the log. Needs IBlockList (user) and ILiveFanout (chat).</summary>
    public static IHostApplicationBuilder AddProcessing(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddConversations();
        IServiceCollection services = builder.Services;
        services.AddOptions<WriterOptions>().BindConfiguration(WriterOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<WriterMetrics>();
        services.AddSingleton<IConversationLog>(provider => ActivatorUtilities.CreateInstance<RocksDbConversationLog>(
            provider,
            provider.GetRequiredService<IConfiguration>().GetSection(RocksDbOptions.Section).Get<RocksDbOptions>() ?? new RocksDbOptions()));
        services.AddSingleton<ConversationWriter>();
        services.AddSingleton<IConversationWriter>(provider => provider.GetRequiredService<ConversationWriter>());
        services.AddHostedService(provider => provider.GetRequiredService<ConversationWriter>());
        services.AddHostedService<TimerPump>();
        services.AddProjections();
        return builder;
    }
}
