using Aspire.Hosting.ApplicationModel;

namespace CoolChat.AppHost;

internal static class Cluster
{
    /// <summary>The five services on their engines, the gateway before them, the web app in it.</summary>
    public static void AddCluster(this IDistributedApplicationBuilder builder)
    {
        var engines = new Engines(builder);
        var run = builder.ExecutionContext.IsRunMode;

        var user = builder.AddService<Projects.CoolChat_User>("user", engines.MongoDB, engines.Redis, engines.RabbitMQ);
        var media = builder.AddService<Projects.CoolChat_Media>("media", engines.MongoDB, engines.Redis, engines.S3)
            .WithReplicas(2)
            // it can't make its bucket where its user may not; here it may
            .WithEnvironment("Media__S3__CreateBucket", "true");
        var processing = builder.AddService<Projects.CoolChat_Processing>("processing", engines.MongoDB, engines.Redis, engines.RabbitMQ)
            .WithReplicas(2);
        var chat = builder.AddService<Projects.CoolChat_Chat>("chat", engines.MongoDB, engines.Redis, engines.RabbitMQ)
            .WithReplicas(2);

        user.Calls(media, chat);
        media.Calls(user);
        processing.Calls(user);
        chat.Calls(user, media, processing);
        // both read the list of blocks before they start; what user asks of them it asks later
        processing.WaitFor(user);
        chat.WaitFor(user).WaitFor(processing);

        var gateway = builder.AddService<Projects.CoolChat_Gateway>("gateway", engines.Redis)
            .WithEnvironment("Edge__SharedLimits", "true")
            .WithExternalHttpEndpoints()
            .WithUrlForEndpoint("http", url => url.DisplayText = "CoolChat");
        foreach (var service in new[] { chat, user, media })
        {
            var name = service.Resource.Name;
            gateway.WaitFor(service)
                .WithEnvironment($"ReverseProxy__Clusters__{name}__Destinations__{name}__Address", service.GetEndpoint("http"));
            // behind the gateway, all requests come from its address, and it has counted them
            service.WithEnvironment("RateLimits__Http__Enabled", "false");
        }

        if (run)
        {
            gateway.WithEnvironment("Gateway__WebApp", WebApp(builder));
            user.WithEnvironment("Auth__PublicOrigins__0", gateway.GetEndpoint("http"));
        }
        else
        {
            user.WithEnvironment("Auth__PublicOrigins__0", builder.AddParameter("public-origin", "https://chat.example.com", publishValueAsDefault: true));
            // addresses from which X-Forwarded-For counts: the ingress at the gateway, the gateway at the services
            var proxies = builder.AddParameter("proxy-network", "10.0.0.0/8", publishValueAsDefault: true);
            foreach (var service in new[] { gateway, chat, user, media })
            {
                service.WithEnvironment("Proxy__Trusted__0", proxies);
            }
        }

        var services = new[] { gateway, chat, user, processing, media };
        builder.AddMonitoring(services);
        builder.AddPublishing(services);
    }

    /// <summary>The built web app lies with the standalone server; in an image it lies with the gateway.</summary>
    private static string WebApp(IDistributedApplicationBuilder builder)
    {
        var configuration = AppContext.BaseDirectory.Split(Path.DirectorySeparatorChar).Contains("Release") ? "Release" : "Debug";
        return Path.GetFullPath(Path.Combine("..", "CoolChat.Standalone", "bin", configuration, "net10.0", "web"), builder.AppHostDirectory);
    }
}
