using Aspire.Hosting.ApplicationModel;

namespace CoolChat.AppHost;

internal static class Services
{
    /// <summary>A secret: generated once and kept in user secrets when run, asked for (never written) when published.</summary>
    public static IResourceBuilder<ParameterResource> AddSecret(this IDistributedApplicationBuilder builder, string name) =>
        builder.ExecutionContext.IsPublishMode
            ? builder.AddParameter(name, secret: true)
            : builder.AddParameter(name, new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true, persist: true);

    /// <summary>One of the services, with its engines, what it waits for, and its probes.</summary>
    /// <remarks>
    /// No launch profile: its ports would be fixed, and two checkouts would collide. So the environment is passed on by hand.
    /// </remarks>
    public static IResourceBuilder<ProjectResource> AddService<T>(this IDistributedApplicationBuilder builder, string name, params Engine[] engines)
        where T : IProjectMetadata, new()
    {
        var service = builder.AddProject<T>(name, options => options.ExcludeLaunchProfile = true)
            .WithHttpEndpoint(name: "http")
            .DisableForwardedHeaders() // else a published service believes X-Forwarded-* of anybody; Proxy:Trusted names whom to believe
            .WithEnvironment("CoolChat__Shape", "cluster")
            // each probe is a health check of its own too, named after its path: a second one on a path (or WithHttpHealthCheck) throws
            .WithHttpProbe(ProbeType.Liveness, "/alive", periodSeconds: 10)
            .WithHttpProbe(ProbeType.Readiness, "/health", periodSeconds: 5, timeoutSeconds: 3);
        if (builder.ExecutionContext.IsRunMode)
        {
            service.WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName)
                .WithUrl($"{service.GetEndpoint("http")}/metrics", "Metrics");
        }

        foreach (var engine in engines)
        {
            service.WithReference(engine.Connection);
            foreach (var (variable, parameter) in engine.Parameters ?? [])
            {
                service.WithEnvironment(variable, parameter);
            }

            if (engine.Server is { } server)
            {
                service.WaitFor(server);
            }
        }

        return service;
    }

    /// <summary>Lets one service call others: their addresses, and a secret of each pair at both its ends.</summary>
    public static void Calls(this IResourceBuilder<ProjectResource> caller, params IResourceBuilder<ProjectResource>[] others)
    {
        foreach (var called in others)
        {
            var (from, to) = (caller.Resource.Name, called.Resource.Name);
            var key = caller.ApplicationBuilder.AddSecret($"key-{from}-{to}");
            caller.WithReference(called).WithEnvironment($"Services__{to}__Key", key);
            called.WithEnvironment($"Callers__{from}__Key", key);
        }
    }
}
