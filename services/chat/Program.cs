using CoolChat.Conversations;
using CoolChat.Engines.RabbitMq;
using CoolChat.Engines.RabbitMq.Events;
using CoolChat.Engines.Redis;
using CoolChat.ServiceDefaults;
using CoolChat.ServiceDefaults.Hosting;
using CoolChat.ServiceDefaults.Identity;
using CoolChat.ServiceDefaults.Peers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CoolChat.Chat;

/// <summary>The chat service as a process of its own.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => ServiceProcess.RunAsync(args, Compose);

    private static WebApplication Compose(WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults("chat");
        builder.AddRabbitMqIntegrationEvents("chat");
        builder.Services.AddRedisSessionRevocations(AccessTokens.RevocationMemory, static provider => provider.GetRequiredService<RabbitMqIntegrationEvents>());
        builder.AddChatPeers();
        // Reads go to the log's own database, writes to processing by its queues.
        builder.AddConversations();
        builder.AddRabbitMqCommands();
        builder.AddChat();
        WebApplication app = builder.Build();
        app.MapServiceDefaults();
        app.MapChat();
        app.MapChatPeers();
        return app;
    }
}
