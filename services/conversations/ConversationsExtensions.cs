using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Adapters.Mongo;
using CoolChat.Conversations.Adapters.RocksDb;
using CoolChat.Conversations.Log;
using CoolChat.Engines;
using CoolChat.Engines.RocksDb;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CoolChat.Conversations;

/// <summary>Registers the read side of conversations.</summary>
public static class ConversationsExtensions
{
    /// <summary>
    /// Adds <see cref="IConversationReader"/>, <see cref="ILogFeed"/> and <see cref="IMediaGrants"/>: in a cluster (<see cref="Shape"/>) on MongoDB, else
    /// in RocksDB. May be called by several services of one process.
    /// </summary>
    public static IHostApplicationBuilder AddConversations(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (Shape.IsCluster(builder.Configuration))
            return builder.AddMongoConversations();
        IServiceCollection services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<CommitSignal>();
        services.TryAddSingleton<MembershipCache>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RocksDbOptions>, RocksDbOptionsValidator>());
        services.AddOptions<RocksDbOptions>()
            .BindConfiguration(RocksDbOptions.Section, static binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.TryAddSingleton(provider => OpenEngine(
            provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<IOptions<RocksDbOptions>>().Value));
        services.TryAddSingleton<ConversationFamilies>();
        services.TryAddSingleton<IConversationReader, RocksDbConversationReader>();
        services.TryAddSingleton<ILogFeed, RocksDbLogFeed>();
        services.TryAddSingleton<IMediaGrants, RocksDbMediaGrants>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IBackupPart, LogBackup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IRestorePart, LogRestore>());
        return builder;
    }

    private static RocksDbEngine OpenEngine(IConfiguration configuration, RocksDbOptions options)
    {
        RocksDbEngine engine = RocksDbEngine.Open(Path.Combine(DataFolder.Of(configuration), LogFolder.Name), ConversationFamilies.Names, options);
        StoreVersion.Ensure(engine);
        return engine;
    }
}
