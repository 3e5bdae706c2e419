using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace CoolChat.AppHost;

internal static class Monitoring
{
    /// <summary>Prometheus and Grafana, unless <c>Monitoring</c> = <c>none</c>; not without containers.</summary>
    /// <remarks>
    /// Their files are written by the start command from environment variables: the one way that is the same when run, in
    /// Compose and in Kubernetes (WithContainerFiles and bind mounts reach no chart).
    /// </remarks>
    public static void AddMonitoring(this IDistributedApplicationBuilder builder, params IResourceBuilder<ProjectResource>[] services)
    {
        if ((builder.Configuration["Monitoring"] ?? (builder.Configuration["Engines"] == "external" ? "none" : "containers")) == "none")
        {
            return;
        }

        const string startPrometheus = """
            { echo 'scrape_configs:'; for target in $SCRAPE; do echo "$target" | sed "s/\(.*\)=\(.*\)/- { job_name: \1, static_configs: [{ targets: ['\2'] }] }/"; done; } > /tmp/prometheus.yml
            exec /bin/prometheus --config.file=/tmp/prometheus.yml --storage.tsdb.path=/prometheus --web.enable-otlp-receiver
            """;
        var scrape = new ReferenceExpressionBuilder();
        foreach (var service in services)
        {
            scrape.Append($"{service.Resource.Name}={service.GetEndpoint("http").Property(EndpointProperty.HostAndPort)} ");
        }

        var prometheus = builder.AddContainer("prometheus", "prom/prometheus", "v3.5.0")
            .WithEntrypoint("sh")
            .WithArgs("-c", startPrometheus)
            .WithEnvironment("SCRAPE", scrape.Build())
            .WithHttpEndpoint(targetPort: 9090, name: "http")
            .WithVolume("coolchat-prometheus", "/prometheus")
            .WithHttpProbe(ProbeType.Readiness, "/-/ready", endpointName: "http")
            .WithHttpProbe(ProbeType.Liveness, "/-/healthy", endpointName: "http")
            .WithLifetime(ContainerLifetime.Persistent);

        const string startGrafana = """
            mkdir -p /tmp/provisioning/datasources
            echo "{ apiVersion: 1, datasources: [{ name: Prometheus, type: prometheus, access: proxy, isDefault: true, url: '$PROMETHEUS_URL' }] }" > /tmp/provisioning/datasources/prometheus.yaml
            exec /run.sh
            """;
        builder.AddContainer("grafana", "grafana/grafana", "12.1.0")
            .WithEntrypoint("sh")
            .WithArgs("-c", startGrafana)
            .WithEnvironment("GF_PATHS_PROVISIONING", "/tmp/provisioning")
            .WithEnvironment("GF_SECURITY_ADMIN_PASSWORD", builder.AddSecret("grafana-password"))
            .WithEnvironment("PROMETHEUS_URL", prometheus.GetEndpoint("http"))
            .WithHttpEndpoint(targetPort: 3000, name: "http")
            .WithVolume("coolchat-grafana", "/var/lib/grafana")
            .WithHttpProbe(ProbeType.Readiness, "/api/health", endpointName: "http")
            .WithLifetime(ContainerLifetime.Persistent)
            .WaitFor(prometheus);
    }
}
