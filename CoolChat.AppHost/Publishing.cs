using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace CoolChat.AppHost;

/// <summary>What <c>--operation publish</c> writes: a Helm chart.</summary>
internal static class Publishing
{
    /// <summary>Where a published gateway answers /metrics: no port that anybody is led to from outside.</summary>
    public const int GatewayMetricsPort = 9464;

    private const int ServicePort = 8080;

    // what the .NET images call "app"; a number, because Kubernetes can't see that a name isn't root's
    private const int AppUser = 1654;

    // volume = size; the same names as in WithVolume / WithDataVolume
    private static readonly Dictionary<string, string> s_sizes = new()
    {
        ["coolchat-mongodb"] = "20Gi",
        ["coolchat-redis"] = "2Gi",
        ["coolchat-rabbitmq"] = "10Gi",
        ["coolchat-media"] = "50Gi",
        ["coolchat-prometheus"] = "10Gi",
        ["coolchat-grafana"] = "1Gi",
    };

    /// <summary>Where a published service is scraped: a name that stands for each of its pods by itself.</summary>
    public static string MetricsAddress(string service) => $"{PodsName(service)}:{MetricsPort(service)}";

    public static void AddPublishing(this IDistributedApplicationBuilder builder, params IResourceBuilder<ProjectResource>[] services)
    {
        if (!builder.ExecutionContext.IsPublishMode)
        {
            return;
        }

        var k8s = builder.AddKubernetesEnvironment("k8s")
            .WithHelm(helm => helm.WithChartName("coolchat").WithChartVersion("0.1.0").WithChartDescription("CoolChat: real-time chat whose identity is a wallet")
                .WithNamespace("coolchat").WithReleaseName("coolchat"))
            .WithDashboard(enabled: false);

        var gateway = services.Single(service => service.Resource.Name == "gateway");
        gateway.WithReplicas(2)
            .WithHttpEndpoint(name: "metrics", targetPort: GatewayMetricsPort)
            .WithEnvironment("Edge__MetricsPort", GatewayMetricsPort.ToString(CultureInfo.InvariantCulture));
        AddIngress(builder, k8s, gateway);
        foreach (var service in services)
        {
            service.PublishAsKubernetesService(FinishService);
        }

        foreach (var container in builder.Resources.OfType<ContainerResource>().Select(builder.CreateResourceBuilder).ToList())
        {
            foreach (var mount in container.Resource.Annotations.OfType<ContainerMountAnnotation>().ToList())
            {
                container.WithPersistentVolume(k8s.AddPersistentVolume(mount.Source!).WithCapacity(s_sizes[mount.Source!])
                    .WithVolumeAnnotation("helm.sh/resource-policy", "keep")); // the claim is part of the chart: an uninstall would delete it
            }

            container.PublishAsKubernetesService(FinishEngine);
        }
    }

    /// <summary>The one way in: to the gateway. Literals in the chart, since Aspire makes no values of an ingress' parameters.</summary>
    private static void AddIngress(IDistributedApplicationBuilder builder, IResourceBuilder<KubernetesEnvironmentResource> k8s, IResourceBuilder<ProjectResource> gateway)
    {
        var host = builder.Configuration["Publish:Host"] ?? "chat.example.com";
        k8s.AddIngress("ingress")
            .WithIngressClass(builder.Configuration["Publish:IngressClass"] ?? "nginx")
            .WithHostname(host) // the certificate's; the rule's host only comes with the path
            .WithTls("coolchat-tls")
            .WithPath(host, "/", gateway.GetEndpoint("http"))
            .WithIngressAnnotation("nginx.ingress.kubernetes.io/proxy-read-timeout", "3600") // WebSockets
            .WithIngressAnnotation("nginx.ingress.kubernetes.io/proxy-body-size", "128m"); // parts of uploads; the gateway's own limit
    }

    private static void FinishService(KubernetesResource r)
    {
        var name = r.TargetName();
        var pod = r.Workload!.PodTemplate.Spec;
        pod.AutomountServiceAccountToken = false;
        pod.EnableServiceLinks = false;
        pod.TerminationGracePeriodSeconds = 30; // services drain within 25 s
        pod.SecurityContext = new() { RunAsNonRoot = true, RunAsUser = AppUser, FsGroup = AppUser, SeccompProfile = new() { Type = "RuntimeDefault" } };
        pod.Volumes.Add(new() { Name = "tmp", EmptyDir = new() });
        var container = pod.Containers.Single();
        Finish(container, name is "chat" or "processing" ? ("250m", "256Mi") : ("100m", "128Mi"), name is "chat" or "processing" ? ("2", "1Gi") : ("1", "512Mi"));
        // made here: a startup probe on the liveness probe's path would be a second health check of the same name, which throws
        var alive = container.LivenessProbe!.HttpGet!;
        container.StartupProbe = new() { HttpGet = new() { Scheme = alive.Scheme, Path = alive.Path, Port = alive.Port }, PeriodSeconds = 2, FailureThreshold = 60 };
        container.SecurityContext = new() { AllowPrivilegeEscalation = false, ReadOnlyRootFilesystem = true, Capabilities = new() { Drop = { "ALL" } } };
        container.VolumeMounts.Add(new() { Name = "tmp", MountPath = "/tmp" });

        var deployment = (Deployment)r.Workload;
        deployment.Spec.Strategy.RollingUpdate!.MaxUnavailable = 0; // the new one first, also where there is one
        r.Service!.Spec.Ports.RemoveAll(port => port.Name == "metrics");
        // every pod by itself, for Prometheus: behind the usual service it would meet another one each time
        r.AdditionalResources.Add(new Manifest("v1", "Service", PodsName(name))
        {
            Spec =
            {
                ["clusterIP"] = "None",
                ["selector"] = deployment.Spec.Selector.MatchLabels,
                ["ports"] = new object[] { new Dictionary<string, object> { ["name"] = "metrics", ["port"] = MetricsPort(name) } },
            },
        });
    }

    private static void FinishEngine(KubernetesResource r)
    {
        ((StatefulSet)r.Workload!).Spec.ServiceName = r.Service!.Metadata.Name; // required by the API's schema, left out by Aspire
        var name = r.TargetName();
        if (name == "mongo")
        {
            // the set's only member must reach itself by its name before it is ready: the name is the pod's own address
            r.Service.Spec.ClusterIp = "None";
            r.Service.Spec.PublishNotReadyAddresses = true;
        }

        var pod = r.Workload.PodTemplate.Spec;
        pod.AutomountServiceAccountToken = false;
        pod.EnableServiceLinks = false;
        pod.TerminationGracePeriodSeconds = 60;
        // the other images start as root, give the volume to their user, and go on as that one
        if (name switch { "prometheus" => 65534, "grafana" => 472, _ => 0 } is var user and > 0)
        {
            pod.SecurityContext = new() { RunAsNonRoot = true, RunAsUser = user, FsGroup = user, SeccompProfile = new() { Type = "RuntimeDefault" } };
        }

        var container = pod.Containers.Single();
        container.SecurityContext = new() { AllowPrivilegeEscalation = false };
        if (Check(name) is { } check)
        {
            container.StartupProbe = Exec(check, failures: 60);
            container.ReadinessProbe = Exec(check, failures: 3);
        }

        Finish(container, ("100m", "256Mi"), ("2", "2Gi"));
    }

    private static string[]? Check(string engine) => engine switch
    {
        "mongo" => ["bash", "-c", """mongosh --quiet -u "$MONGO_INITDB_ROOT_USERNAME" -p "$MONGO_INITDB_ROOT_PASSWORD" --authenticationDatabase admin --eval 'quit(db.hello().isWritablePrimary ? 0 : 1)'"""],
        "redis" => ["sh", "-c", """REDISCLI_AUTH="$REDIS_PASSWORD" redis-cli ping | grep -q PONG"""],
        "rabbitmq" => ["rabbitmq-diagnostics", "-q", "check_port_connectivity"],
        _ => null,
    };

    /// <summary>What every container needs: resources, and a scheme that Kubernetes accepts (Aspire writes "http", it wants "HTTP").</summary>
    private static void Finish(ContainerV1 container, (string Cpu, string Memory) requests, (string Cpu, string Memory) limits)
    {
        container.Resources = new()
        {
            Requests = { ["cpu"] = requests.Cpu, ["memory"] = requests.Memory },
            Limits = { ["cpu"] = limits.Cpu, ["memory"] = limits.Memory },
        };
        foreach (var http in new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe }.Select(p => p?.HttpGet).OfType<HttpGetActionV1>())
        {
            http.Scheme = http.Scheme.ToUpperInvariant();
        }
    }

    private static ProbeV1 Exec(string[] command, int failures)
    {
        var exec = new ExecActionV1();
        exec.Command.AddRange(command);
        return new() { Exec = exec, PeriodSeconds = 10, TimeoutSeconds = 10, FailureThreshold = failures };
    }

    private static string PodsName(string service) => $"{service}-pods";

    private static int MetricsPort(string service) => service == "gateway" ? GatewayMetricsPort : ServicePort;

    // "chat-service" is r.Name; the label is what names the resource itself
    private static string TargetName(this KubernetesResource r) => r.Workload!.PodTemplate.Metadata.Labels["app.kubernetes.io/component"];

    /// <summary>Any object by its spec.</summary>
    private sealed class Manifest : BaseKubernetesResource
    {
        public Manifest(string apiVersion, string kind, string name) : base(apiVersion, kind) => Metadata.Name = name;

        public Dictionary<string, object> Spec { get; } = [];
    }
}
