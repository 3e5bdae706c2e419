using CoolChat.Engines.RabbitMq;
using CoolChat.Engines.Redis;
using CoolChat.ServiceDefaults;
using CoolChat.ServiceDefaults.Hosting;
using CoolChat.ServiceDefaults.Peers;
using Microsoft.AspNetCore.Builder;

namespace CoolChat.Processing;

/// <summary>The processing service as a process of its own.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => ServiceProcess.RunAsync(args, Compose);

    private static WebApplication Compose(WebApplicationBuilder builder)
    {
        builder.AddInnerDefaults("processing");
        builder.AddRabbitMqIntegrationEvents("processing");
        builder.AddProcessingPeers();
        // Stopped in reverse: first the queues hand over, then the writer ends what it began, then what it made visible is told.
        builder.Services.AddRedisLiveFanout();
        builder.AddProcessing();
        builder.AddRabbitMqCommands();
        WebApplication app = builder.Build();
        app.MapInnerDefaults();
        app.MapProcessingPeers();
        app.MapDeadLetters();
        return app;
    }
}
