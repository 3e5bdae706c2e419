using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using CoolChat.Conversations.Adapters.Mongo;
using CoolChat.Conversations.Log;
using CoolChat.Engines;
using CoolChat.Engines.RocksDb;
using CoolChat.Processing.Adapters.Mongo;
using CoolChat.Processing.Adapters.RocksDb;
using CoolChat.Processing.Projections;
using CoolChat.Processing.Writing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CoolChat.Processing;

/// <summary>The processing module: the only writer of conversations.</summary>
public static class ProcessingExtensions
{
    /// <summary>
    /// In a cluster <see cref="AddMongoProcessing"/>; else adds <see cref="IConversationWriter"/> and what works behind the log. Needs IBlockList (user)
    /// and ILiveFanout (chat).
    /// </summary>
    public static IHostApplicationBuilder AddProcessing(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (Shape.IsCluster(builder.Configuration))
            return builder.AddMongoProcessing();
        builder.AddConversations();
        IServiceCollection services = builder.Services;
        services.AddSingleton<IConversationLog>(provider => ActivatorUtilities.CreateInstance<RocksDbConversationLog>(
            provider,
            provider.GetRequiredService<IOptions<RocksDbOptions>>().Value));
        AddWriter(services);
        services.AddSqliteProjections();
        return builder;
    }

    /// <summary>
    /// The writer and what is folded behind the log on MongoDB, in place of <see cref="AddProcessing"/>. Needs <c>ConnectionStrings:mongodb</c>, IBlockList
    /// (user) and ILiveFanout (chat); search also IUserDirectory (user).
    /// </summary>
    public static IHostApplicationBuilder AddMongoProcessing(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddMongoConversations();
        IServiceCollection services = builder.Services;
        services.TryAddSingleton<MembershipCache>();
        services.AddSingleton<IConversationLog, MongoConversationLog>();
        AddWriter(services);
        services.AddMongoProjections();
        return builder;
    }

    private static void AddWriter(IServiceCollection services)
    {
        services.AddOptions<WriterOptions>().BindConfiguration(WriterOptions.Section, static binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<WriterMetrics>();
        services.AddSingleton<ConversationWriter>();
        services.AddSingleton<IConversationWriter>(provider => provider.GetRequiredService<ConversationWriter>());
        services.AddHostedService(provider => provider.GetRequiredService<ConversationWriter>());
        services.AddHostedService<TimerPump>();
    }
}
