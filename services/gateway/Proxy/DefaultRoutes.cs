using System.Net.Quic;

namespace CoolChat.Gateway.Proxy;

/// <summary>
/// The weakest settings of the gateway: routes to the services, so that only their addresses
/// (<c>ReverseProxy:Clusters:chat:Destinations:NAME:Address</c>) are left to be said. Every key of it can be set otherwise.
/// </summary>
internal static class DefaultRoutes
{
    /// <summary>The services that it leads to.</summary>
    public static readonly string[] Services = ["chat", "user", "media"];

    private const string SmallBody = "1048576";

    // A part of the largest upload that the media service allows by default has 8 MiB.
    private const string PartBody = "134217728";

    public static IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        .. Services.SelectMany(Cluster),
        .. Route("chat", "chat", "/chat/{**rest}"),
        .. Route("user", "user", "/user/{**rest}"),
        .. Route("media", "media", "/media/{**rest}", PartBody),
        .. Route("keys", "user", "/.well-known/jwks.json"),
        .. Services.SelectMany(service => Route($"{service}-openapi", service, $"/openapi/{service}.json")),
        // Signing in costs work and is what strangers try: tighter than the rest.
        new("RateLimits:Http:Routes:sign-in:Path", "/user/auth"),
        new("RateLimits:Http:Routes:sign-in:PerSecond", "20"),
        new("RateLimits:Http:Routes:sign-in:Burst", "300"),
        new("Kestrel:EndpointDefaults:Protocols", IsHttp3Here ? "Http1AndHttp2AndHttp3" : "Http1AndHttp2"),
    ];

    private static bool IsHttp3Here => (OperatingSystem.IsLinux() || OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()) && QuicListener.IsSupported;

    private static IEnumerable<KeyValuePair<string, string?>> Route(string id, string cluster, string path, string body = SmallBody)
    {
        string route = $"ReverseProxy:Routes:{id}:";
        return
        [
            new(route + "ClusterId", cluster),
            new(route + "Match:Path", path),
            new(route + "MaxRequestBodySize", body),
            // What a service says of its own address should be what the client knows.
            new(route + "Transforms:0:RequestHeaderOriginalHost", "true"),
        ];
    }

    private static IEnumerable<KeyValuePair<string, string?>> Cluster(string service)
    {
        string cluster = $"ReverseProxy:Clusters:{service}:";
        return
        [
            new(cluster + "LoadBalancingPolicy", "PowerOfTwoChoices"),
            // Nobody well: 503 at once. YARP's own way would be to try those that are not.
            new(cluster + "HealthCheck:AvailableDestinationsPolicy", "HealthyAndUnknown"),
            new(cluster + "HealthCheck:Active:Enabled", "true"),
            new(cluster + "HealthCheck:Active:Path", "/health"),
            new(cluster + "HealthCheck:Active:Interval", "00:00:05"),
            new(cluster + "HealthCheck:Active:Timeout", "00:00:03"),
            new(cluster + "HealthCheck:Active:Policy", "ConsecutiveFailures"),
            new(cluster + "HealthCheck:Passive:Enabled", "true"),
            new(cluster + "HealthCheck:Passive:Policy", "TransportFailureRate"),
            new(cluster + "HealthCheck:Passive:ReactivationPeriod", "00:00:10"),
            // Without a byte in either direction; live connections are pinged every 15 s.
            new(cluster + "HttpRequest:ActivityTimeout", "00:01:40"),
            new(cluster + "HttpClient:MaxConnectionsPerServer", "20000"),
        ];
    }
}
