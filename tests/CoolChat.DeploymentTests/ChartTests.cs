using System.Diagnostics;
using System.Text.RegularExpressions;
using CoolChat.Testing;
using k8s;
using k8s.Models;

namespace CoolChat.DeploymentTests;

/// <summary>The chart under deploy/kubernetes, as a cluster would be given it with the secrets that secrets.sh makes.</summary>
public sealed partial class ChartTests
{
    private static readonly string[] Services = ["chat", "gateway", "media", "processing", "user"];
    private static readonly string[] Engines = ["grafana", "minio", "mongo", "prometheus", "rabbitmq", "redis"];
    private static readonly Lazy<IReadOnlyList<IKubernetesObject<V1ObjectMeta>>> Rendered = new(() => Chart.Render(MakeSecrets()));

    private static IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects => Rendered.Value;

    [GeneratedRegex("(?i)password|secret|keyfile|__key|connectionstrings|_uri$")]
    private static partial Regex SecretName();

    /// <summary>Reading is the check: see <see cref="Chart.Render"/>.</summary>
    [Fact]
    public void Chart_Rendered_IsMadeOfWhatItShouldBe()
    {
        Assert.Equal(Services.Select(name => $"{name}-deployment"), Objects.OfType<V1Deployment>().Select(one => one.Name()).Order());
        Assert.Equal(Engines.Select(name => $"{name}-statefulset"), Objects.OfType<V1StatefulSet>().Select(one => one.Name()).Order());
        Assert.Equal(Objects.Count, Objects.Select(one => (one.Kind, one.Name())).Distinct().Count());
        Assert.All(Objects, one => Assert.Matches("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", one.Name()));
    }

    [Theory]
    [InlineData("chat", 2)]
    [InlineData("gateway", 2)]
    [InlineData("media", 2)]
    [InlineData("processing", 2)]
    [InlineData("user", 1)]
    public void Service_Rendered_HasProbesBoundsAndLeastRights(string name, int replicas)
    {
        V1Deployment deployment = Objects.OfType<V1Deployment>().Single(one => one.Name() == $"{name}-deployment");
        V1PodSpec pod = deployment.Spec.Template.Spec;
        V1Container container = Assert.Single(pod.Containers);

        Assert.Equal(replicas, deployment.Spec.Replicas);
        Assert.Equal("/alive HTTP 8080", Probe(container.LivenessProbe));
        Assert.Equal("/alive HTTP 8080", Probe(container.StartupProbe));
        Assert.Equal("/health HTTP 8080", Probe(container.ReadinessProbe));
        Assert.Superset(new HashSet<string> { "cpu", "memory" }, container.Resources.Requests.Keys.ToHashSet());
        Assert.Superset(new HashSet<string> { "cpu", "memory" }, container.Resources.Limits.Keys.ToHashSet());
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.True(pod.SecurityContext.RunAsUser > 0);
        Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
        Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
        Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
        Assert.False(pod.AutomountServiceAccountToken);
        // A service drains within 25 seconds.
        Assert.True(pod.TerminationGracePeriodSeconds > 25);
        Assert.Matches("^[a-z]+:", container.Image);
    }

    [Fact]
    public void Engine_Rendered_KeepsItsDataAndIsAskedWhetherItIsReady()
    {
        foreach (V1StatefulSet set in Objects.OfType<V1StatefulSet>())
        {
            V1Container container = Assert.Single(set.Spec.Template.Spec.Containers);
            Assert.NotNull(container.ReadinessProbe);
            Assert.Contains(Objects.OfType<V1Service>(), service => service.Name() == set.Spec.ServiceName);
            V1Volume volume = Assert.Single(set.Spec.Template.Spec.Volumes);
            Assert.Contains(container.VolumeMounts, mount => mount.Name == volume.Name);
            V1PersistentVolumeClaim claim = Objects.OfType<V1PersistentVolumeClaim>().Single(one => one.Name() == volume.PersistentVolumeClaim.ClaimName);
            Assert.Equal("keep", claim.GetAnnotation("helm.sh/resource-policy"));
            // An engine whose version is not said is another one after each restart.
            Assert.Matches(@":[^:]*\d[^:]*$", container.Image);
            Assert.DoesNotContain("latest", container.Image, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Secrets_InTheRepository_AreEmpty()
    {
        string values = File.ReadAllText(Path.Combine(Chart.Folder, "values.yaml"));
        string block = Regex.Match(values, @"^secrets:\n((?: .*\n)+)", RegexOptions.Multiline).Groups[1].Value;
        string[] entries = [.. block.Split('\n').Where(line => line.StartsWith("    ", StringComparison.Ordinal))];
        Assert.NotEmpty(entries);
        Assert.All(entries, entry => Assert.EndsWith(": \"\"", entry, StringComparison.Ordinal));
    }

    [Fact]
    public void Secrets_Rendered_StandInSecretsOnlyAndComplete()
    {
        foreach (V1ConfigMap map in Objects.OfType<V1ConfigMap>())
            Assert.All(map.Data.Keys, key => Assert.DoesNotMatch(SecretName(), key));
        foreach (V1Secret secret in Objects.OfType<V1Secret>())
        {
            Assert.All(secret.StringData, entry => Assert.NotEmpty(entry.Value));
            Assert.All(secret.StringData, entry => Assert.DoesNotContain(":@", entry.Value, StringComparison.Ordinal));
            Assert.All(secret.StringData, entry => Assert.False(entry.Value.EndsWith("password=", StringComparison.Ordinal), entry.Key));
        }
        // By reference alone: no container says a value itself.
        foreach (V1Container container in Pods().SelectMany(pod => pod.Containers))
        {
            Assert.Null(container.Env);
            Assert.All(container.EnvFrom, source => Assert.Contains(Objects, one =>
                one.Kind == (source.SecretRef is null ? "ConfigMap" : "Secret") && one.Name() == (source.SecretRef?.Name ?? source.ConfigMapRef.Name)));
        }
    }

    /// <summary>Each service gets the engines that it has a use for, and the keys of the pairs that it is one of.</summary>
    [Theory]
    [InlineData("chat", "mongodb rabbitmq redis", "media processing user", "user")]
    [InlineData("media", "mongodb redis s3", "user", "chat user")]
    [InlineData("processing", "mongodb rabbitmq redis", "user", "chat")]
    [InlineData("user", "mongodb rabbitmq redis", "chat media", "chat media processing")]
    [InlineData("gateway", "redis", "", "")]
    public void Service_Rendered_GetsWhatItNeedsAndNoMore(string name, string engines, string calls, string callers)
    {
        IDictionary<string, string> secrets = Secrets(name);

        Assert.Equal(engines, Names(secrets, "ConnectionStrings__(.+)"));
        Assert.Equal(calls, Names(secrets, "Services__(.+)__Key"));
        Assert.Equal(callers, Names(secrets, "Callers__(.+)__Key"));
        IDictionary<string, string> config = Objects.OfType<V1ConfigMap>().Single(map => map.Name() == $"{name}-config").Data;
        foreach (string called in calls.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.Equal($"http://{called}-service:8080", config[$"services__{called}__http__0"]);
            Assert.Equal(secrets[$"Services__{called}__Key"], Secrets(called)[$"Callers__{name}__Key"]);
            Assert.True(secrets[$"Services__{called}__Key"].Length >= 32);
        }
    }

    [Fact]
    public void Gateway_Rendered_IsTheOnlyWayInAndLeadsToTheServices()
    {
        Assert.All(Objects.OfType<V1Service>(), service => Assert.Contains(service.Spec.Type, new[] { null, "ClusterIP" }));
        V1HTTPIngressPath path = Assert.Single(Assert.Single(Assert.Single(Objects.OfType<V1Ingress>()).Spec.Rules).Http.Paths);
        Assert.Equal("gateway-service http", $"{path.Backend.Service.Name} {path.Backend.Service.Port.Name}");
        V1Service gateway = Objects.OfType<V1Service>().Single(service => service.Name() == "gateway-service");
        Assert.Equal(8080, Assert.Single(gateway.Spec.Ports).Port);
        // Metrics are on a port that the ingress does not know.
        IDictionary<string, string> config = Objects.OfType<V1ConfigMap>().Single(map => map.Name() == "gateway-config").Data;
        Assert.Equal(("8080;9464", "9464"), (config["HTTP_PORTS"], config["Edge__MetricsPort"]));
        Assert.Equal(["http://chat-service:8080", "http://media-service:8080", "http://user-service:8080"],
            config.Where(entry => entry.Key.StartsWith("ReverseProxy__", StringComparison.Ordinal)).Select(entry => entry.Value).Order());
        Assert.DoesNotContain(Pods().SelectMany(pod => pod.Containers).SelectMany(container => container.Ports ?? []), port => port.HostPort is not null);
        Assert.All(Pods(), pod => Assert.True(pod.HostNetwork is null or false));
    }

    [Fact]
    public void Prometheus_Rendered_MeetsEachPodOfEachService()
    {
        string scraped = Objects.OfType<V1ConfigMap>().Single(map => map.Name() == "prometheus-config").Data["SCRAPE"];
        foreach (string name in Services)
        {
            V1Service pods = Objects.OfType<V1Service>().Single(service => service.Name() == $"{name}-pods");
            Assert.Equal("None", pods.Spec.ClusterIP);
            Assert.Equal(Objects.OfType<V1Deployment>().Single(one => one.Name() == $"{name}-deployment").Spec.Selector.MatchLabels, pods.Spec.Selector);
            Assert.Contains($"{name}={name}-pods:{Assert.Single(pods.Spec.Ports).Port} ", scraped, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<V1PodSpec> Pods() =>
        [.. Objects.OfType<V1Deployment>().Select(one => one.Spec.Template.Spec), .. Objects.OfType<V1StatefulSet>().Select(one => one.Spec.Template.Spec)];

    private static IDictionary<string, string> Secrets(string name) =>
        Objects.OfType<V1Secret>().SingleOrDefault(secret => secret.Name() == $"{name}-secrets")?.StringData ?? new Dictionary<string, string>();

    private static string Names(IDictionary<string, string> keys, string pattern) =>
        string.Join(' ', keys.Keys.Select(key => Regex.Match(key, $"^{pattern}$")).Where(match => match.Success).Select(match => match.Groups[1].Value).Order());

    private static string Probe(V1Probe probe) => $"{probe.HttpGet.Path} {probe.HttpGet.Scheme} {probe.HttpGet.Port.Value}";

    private static string MakeSecrets()
    {
        using Process script = Process.Start(new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "deploy", "kubernetes", "secrets.sh")]) { RedirectStandardOutput = true })!;
        string secrets = script.StandardOutput.ReadToEnd();
        script.WaitForExit();
        Assert.Equal(0, script.ExitCode);
        return secrets;
    }
}
