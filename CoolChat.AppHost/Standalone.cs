using Aspire.Hosting.ApplicationModel;

namespace CoolChat.AppHost;

internal static class Standalone
{
    /// <summary>Everything in one process, without any engine: <c>--standalone</c>. Its data are in <c>Data</c>, by default ./data beside the solution.</summary>
    public static IResourceBuilder<ProjectResource> AddStandalone(this IDistributedApplicationBuilder builder)
    {
        var server = builder.AddProject<Projects.CoolChat_Standalone>("coolchat", options => options.ExcludeLaunchProfile = true)
            .WithHttpEndpoint(name: "http")
            .WithExternalHttpEndpoints()
            .WithArgs("--data", Path.GetFullPath(builder.Configuration["Data"] ?? "../data", builder.AppHostDirectory))
            .WithHttpProbe(ProbeType.Liveness, "/alive", periodSeconds: 10)
            .WithHttpProbe(ProbeType.Readiness, "/health", periodSeconds: 5, timeoutSeconds: 3)
            .WithUrlForEndpoint("http", url => url.DisplayText = "CoolChat");
        // people come by the address that Aspire gives, which the server itself does not listen on
        return server.WithEnvironment("Auth__PublicOrigins__0", server.GetEndpoint("http"));
    }
}
