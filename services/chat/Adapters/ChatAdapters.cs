using CoolChat.Chat.Adapters.Redis;
using CoolChat.Chat.Messages;
using CoolChat.Chat.Presence;
using CoolChat.Chat.Realtime;
using CoolChat.Engines;
using CoolChat.Engines.Redis;
using CoolChat.Engines.Redis.Fanout;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CoolChat.Chat.Adapters;

/// <summary>Chooses how chat nodes know of one another: by Redis in a cluster; one alone has nobody to know of.</summary>
internal static class ChatAdapters
{
    public static void AddChatAdapters(this IServiceCollection services, IConfiguration configuration)
    {
        if (!Shape.IsCluster(configuration))
        {
            services.AddSingleton<IPresenceBoard, SingleNodePresence>();
            services.AddSingleton<ITypingRelay, SingleNodeTyping>();
            return;
        }

        services.AddRedis();
        services.AddRedisSharedBuckets(static provider => provider.GetRequiredService<PersonLimits>().Shared);
        services.AddSingleton<RedisPresenceBoard>();
        services.AddSingleton<IPresenceBoard>(static provider => provider.GetRequiredService<RedisPresenceBoard>());
        services.AddHostedService(static provider => provider.GetRequiredService<RedisPresenceBoard>());
        services.AddSingleton<RedisTypingRelay>();
        services.AddSingleton<ITypingRelay>(static provider => provider.GetRequiredService<RedisTypingRelay>());
        services.AddHostedService(static provider => provider.GetRequiredService<RedisTypingRelay>());
        services.AddHostedService(static provider => new RedisFanoutFeed(
            provider.GetRequiredService<RedisEngine>(),
            provider.GetRequiredService<LiveFanout>().Publish,
            provider.GetRequiredService<Audiences>().ResyncEverybody,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RedisFanoutFeed>>()));
    }
}
