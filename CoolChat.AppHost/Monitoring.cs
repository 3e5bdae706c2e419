using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace CoolChat.AppHost;

internal static class Monitoring
{
    /// <summary>Prometheus and Grafana, unless <c>Monitoring</c> = <c>none</c>; not without containers.</summary>
    /// <remarks>
    /// Their files are written by the start command from environment variables: the one way that is the same when run, in
    /// Compose and in Kubernetes (WithContainerFiles and bind mounts reach no chart). No ${NAME} in them (Aspire escapes only $NAME
    /// for Compose) and no $(command) (Kubernetes expands it as a variable's name). When run, Aspire's proxy stands before the
    /// replicas of a service and each scrape meets one of them; published, each pod is scraped by the name that all of them share.
    /// </remarks>
    public static void AddMonitoring(this IDistributedApplicationBuilder builder, params IResourceBuilder<ProjectResource>[] services)
    {
        if ((builder.Configuration["Monitoring"] ?? (builder.Configuration["Engines"] == "external" ? "none" : "containers")) == "none")
        {
            return;
        }

        const string startPrometheus = """
            { echo 'scrape_configs:'; for target in $SCRAPE; do echo "$target" | sed "s/\(.*\)=\(.*\):\(.*\)/- { job_name: \1, dns_sd_configs: [{ names: ['\2'], type: A, port: \3, refresh_interval: 15s }] }/"; done; } > /tmp/prometheus.yml
            exec /bin/prometheus --config.file=/tmp/prometheus.yml --storage.tsdb.path=/prometheus --web.enable-otlp-receiver
            """;
        var scrape = new ReferenceExpressionBuilder();
        foreach (var service in services)
        {
            if (builder.ExecutionContext.IsPublishMode)
            {
                scrape.AppendLiteral($"{service.Resource.Name}={Publishing.MetricsAddress(service.Resource.Name)} ");
            }
            else
            {
                scrape.Append($"{service.Resource.Name}={service.GetEndpoint("http").Property(EndpointProperty.HostAndPort)} ");
            }
        }

        var prometheus = builder.AddContainer("prometheus", "prom/prometheus", "v3.5.0")
            .WithEntrypoint("sh")
            .WithArgs("-c", startPrometheus)
            .WithEnvironment("SCRAPE", scrape.Build())
            .WithHttpEndpoint(targetPort: 9090, name: "http")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Prometheus")
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
            .WithUrlForEndpoint("http", url => url.DisplayText = "Grafana")
            .WithVolume("coolchat-grafana", "/var/lib/grafana")
            .WithHttpProbe(ProbeType.Readiness, "/api/health", endpointName: "http")
            .WithLifetime(ContainerLifetime.Persistent)
            .WaitFor(prometheus);
    }
}
