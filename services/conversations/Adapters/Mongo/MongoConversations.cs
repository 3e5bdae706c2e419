using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using CoolChat.Engines;
using CoolChat.Engines.Mongo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace CoolChat.Conversations.Adapters.Mongo;

/// <summary>Registers the read side of conversations on MongoDB, in place of <see cref="ConversationsExtensions.AddConversations"/>.</summary>
public static class MongoConversations
{
    /// <summary>
    /// Adds <see cref="IConversationReader"/>, <see cref="ILogFeed"/> and <see cref="IMediaGrants"/>. Needs <see cref="MongoEngine.ConnectionStringKey"/>;
    /// without it the host doesn't start. May be called by several services of one process.
    /// </summary>
    public static IHostApplicationBuilder AddMongoConversations(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<CommitSignal>();
        services.AddMongo();
        services.TryAddSingleton<ConversationCollections>();
        services.TryAddSingleton<IConversationReader, MongoConversationReader>();
        services.TryAddSingleton<MongoLogFeed>();
        services.TryAddSingleton<ILogFeed>(provider => provider.GetRequiredService<MongoLogFeed>());
        services.TryAddSingleton<IMediaGrants, MongoMediaGrants>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, MongoMigration<ConversationCollections>>());
        return builder;
    }
}
