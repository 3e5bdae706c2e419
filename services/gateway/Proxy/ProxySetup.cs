using CoolChat.Contracts.Internal;
using CoolChat.Gateway.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Transforms;

namespace CoolChat.Gateway.Proxy;

/// <summary>The reverse proxy on the configuration section <c>ReverseProxy</c>, which is watched.</summary>
internal static partial class ProxySetup
{
    public const string Section = "ReverseProxy";

    public static void AddProxy(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddReverseProxy()
            .LoadFromConfig(configuration.GetSection(Section))
            // Headers of safety are the gateway's: those of a service would stand beside them and be one too many.
            .AddTransforms(route => route.AddResponseTransform(response =>
            {
                SecurityHeaders.Apply(response.HttpContext);
                return ValueTask.CompletedTask;
            }));
    }

    /// <summary>A gateway to nowhere is a mistake; one that lacks a service runs, and says so.</summary>
    /// <exception cref="StartException">No service has an address.</exception>
    public static void RequireDestinations(IConfiguration configuration, ILogger logger)
    {
        string[] lacking = [.. DefaultRoutes.Services.Where(service => !HasDestination(configuration, service))];
        if (lacking.Length == DefaultRoutes.Services.Length && !configuration.GetSection($"{Section}:Clusters").GetChildren().Any(HasDestination))
            throw new StartException($"No service has an address: set {KeyOf("chat")}, {KeyOf("user")} and {KeyOf("media")}, for example to http://10.0.0.5:8080.");
        foreach (string service in lacking)
            LogLacking(logger, service, KeyOf(service));
    }

    private static string KeyOf(string service) => $"{Section}:Clusters:{service}:Destinations:1:Address";

    private static bool HasDestination(IConfiguration configuration, string service) => HasDestination(configuration.GetSection($"{Section}:Clusters:{service}"));

    private static bool HasDestination(IConfigurationSection cluster) =>
        cluster.GetSection("Destinations").GetChildren().Any(destination => !string.IsNullOrWhiteSpace(destination["Address"]));

    [LoggerMessage(211, LogLevel.Warning, "The service {Service} has no address ({Key}): what is for it is answered 503")]
    private static partial void LogLacking(ILogger logger, string service, string key);
}
