using CoolChat.Conversations;
using CoolChat.Engines.Redis;
using CoolChat.ServiceDefaults;
using CoolChat.ServiceDefaults.Hosting;
using CoolChat.ServiceDefaults.Identity;
using CoolChat.ServiceDefaults.Peers;
using Microsoft.AspNetCore.Builder;

namespace CoolChat.Media;

/// <summary>The media service as a process of its own.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => ServiceProcess.RunAsync(args, Compose);

    private static WebApplication Compose(WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults("media");
        builder.Services.AddRedisSessionRevocations(AccessTokens.RevocationMemory);
        builder.AddMediaPeers();
        // Who may see what by a message that shows it: read from the log's own database.
        builder.AddConversations();
        builder.AddMedia();
        WebApplication app = builder.Build();
        app.MapServiceDefaults();
        app.MapMedia();
        app.MapMediaPeers();
        return app;
    }
}
