using CoolChat.ServiceDefaults;
using CoolChat.ServiceDefaults.Hosting;
using Microsoft.AspNetCore.Builder;

namespace CoolChat.Gateway;

/// <summary>The gateway as a process of its own.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => ServiceProcess.RunAsync(args, Compose);

    private static WebApplication Compose(WebApplicationBuilder builder)
    {
        builder.AddEdgeDefaults("gateway");
        builder.AddGateway();
        builder.AddGatewayProxy();
        WebApplication app = builder.Build();
        app.MapGatewayProxy();
        app.MapGateway();
        return app;
    }
}
