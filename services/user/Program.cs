using CoolChat.Contracts.Internal;
using CoolChat.Engines.RabbitMq;
using CoolChat.Engines.RabbitMq.Events;
using CoolChat.Engines.Redis;
using CoolChat.ServiceDefaults;
using CoolChat.ServiceDefaults.Hosting;
using CoolChat.ServiceDefaults.Identity;
using CoolChat.ServiceDefaults.Peers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CoolChat.User;

/// <summary>The user service as a process of its own.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => ServiceProcess.RunAsync(args, Compose);

    private static WebApplication Compose(WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults("user");
        builder.AddRabbitMqIntegrationEvents("user");
        builder.Services.AddRedisSessionRevocations(AccessTokens.RevocationMemory, static provider => provider.GetRequiredService<RabbitMqIntegrationEvents>());
        builder.AddUser();
        builder.AddUserPeers();
        WebApplication app = builder.Build();
        app.MapServiceDefaults();
        app.MapUser();
        app.MapUserPeers();
        app.Lifetime.ApplicationStarted.Register(() => SayHowToClaim(app.Services.GetRequiredService<IOwnerClaim>()));
        return app;
    }

    /// <summary>On the screen of whoever starts it, and in no log.</summary>
    private static void SayHowToClaim(IOwnerClaim claim)
    {
        if (claim.PendingLink is { } link)
            Console.WriteLine($"owner    {link}  (opens once: sign in there to become this server's owner)");
    }
}
