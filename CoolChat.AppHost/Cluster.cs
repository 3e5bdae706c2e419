namespace CoolChat.AppHost;

internal static class Cluster
{
    /// <summary>The services that are processes of their own so far: user, media, and the gateway before them.</summary>
    public static void AddCluster(this IDistributedApplicationBuilder builder)
    {
        var engines = new Engines(builder);

        // one process: what happens in it besides ended sessions (blocks, nonces used) is not told to a second one yet
        var user = builder.AddService<Projects.CoolChat_User>("user", engines.MongoDB, engines.Redis);
        var media = builder.AddService<Projects.CoolChat_Media>("media", engines.MongoDB, engines.Redis, engines.S3)
            .WithReplicas(2);
        user.Calls(media);
        media.Calls(user);

        var gateway = builder.AddService<Projects.CoolChat_Gateway>("gateway")
            .WithExternalHttpEndpoints()
            .WithUrlForEndpoint("http", url => url.DisplayText = "CoolChat")
            .WithEnvironment("Gateway__WebApp", WebApp(builder));
        foreach (var service in new[] { user, media })
        {
            var name = service.Resource.Name;
            gateway.WaitFor(service)
                .WithEnvironment($"ReverseProxy__Clusters__{name}__Destinations__{name}__Address", service.GetEndpoint("http"));
            // behind the gateway, all requests come from its address, and it has counted them
            service.WithEnvironment("RateLimits__Http__Enabled", "false");
        }

        user.WithEnvironment("Auth__PublicOrigins__0", gateway.GetEndpoint("http"));
        builder.AddMonitoring(gateway, user, media);
    }

    /// <summary>The built web app lies with the standalone server.</summary>
    private static string WebApp(IDistributedApplicationBuilder builder)
    {
        var configuration = AppContext.BaseDirectory.Split(Path.DirectorySeparatorChar).Contains("Release") ? "Release" : "Debug";
        return Path.GetFullPath(Path.Combine("..", "CoolChat.Standalone", "bin", configuration, "net10.0", "web"), builder.AppHostDirectory);
    }
}
