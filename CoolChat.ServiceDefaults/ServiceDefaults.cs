using CoolChat.Contracts;
using CoolChat.ServiceDefaults.Identity;
using CoolChat.ServiceDefaults.OpenApi;
using CoolChat.ServiceDefaults.Problems;
using CoolChat.ServiceDefaults.RateLimits;
using CoolChat.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;

namespace CoolChat.ServiceDefaults;

/// <summary>What every process of CoolChat shares: one call to register it, one to put it into the pipeline.</summary>
public static class ServiceDefaults
{
    /// <summary>
    /// Telemetry, health, outgoing HTTP, problem details, JSON rules, token validation, rate limits and OpenAPI documents. Once a process,
    /// before the modules it composes. Token validation needs an <c>IVerificationKeys</c> and an <c>ISessionStatus</c> from a module.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="service">Name of the process in telemetry: standalone, chat, user ...</param>
    public static IHostApplicationBuilder AddServiceDefaults(this IHostApplicationBuilder builder, string service)
    {
        builder.AddEdgeDefaults(service);
        builder.Services.AddTokenValidation();
        builder.Services.AddOpenApiDocuments();
        return builder;
    }

    /// <summary>The part of it that holds for a process which passes requests on and knows nobody: no token validation, no documents.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="service">Name of the process in telemetry.</param>
    public static IHostApplicationBuilder AddEdgeDefaults(this IHostApplicationBuilder builder, string service)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.ConfigureHttpJsonOptions(json => CoolChatJson.Apply(json.SerializerOptions));
        builder.AddTelemetry(service);
        builder.Services.AddHealthChecks();
        builder.Services.ConfigureHttpClientDefaults(http => http.AddStandardResilienceHandler(DefaultResilience));
        builder.Services.AddProblems();
        builder.AddHttpRateLimits();
        TrustProxies(builder);
        return builder;
    }

    /// <summary>
    /// The part of it that holds for a process which only other services call (see Peers) and operators: it validates no tokens of people and has no
    /// documents.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="service">Name of the process in telemetry.</param>
    public static IHostApplicationBuilder AddInnerDefaults(this IHostApplicationBuilder builder, string service)
    {
        builder.AddEdgeDefaults(service);
        builder.Services.AddServiceAuthentication();
        return builder;
    }

    /// <summary>The pipeline of a process that was given <see cref="AddInnerDefaults"/>: problem details, routing, authentication, probes.</summary>
    public static WebApplication MapInnerDefaults(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseProblems();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseUtf8Bodies();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint("/metrics");
        return app;
    }

    /// <summary>The pipeline before any endpoint of a module, and /health, /alive, /metrics and the OpenAPI documents. Call it first.</summary>
    public static WebApplication MapServiceDefaults(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseForwardedHeaders();
        app.UseProblems();
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseUtf8Bodies();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapOpenApi("/openapi/{documentName}.json");
        return app;
    }

    /// <summary>The pipeline of a process that was given <see cref="AddEdgeDefaults"/>: forwarded headers, problem details, routing, limits, probes.</summary>
    /// <param name="app">The host.</param>
    /// <param name="admission">What decides about a request before it is routed: it sees the client's own address.</param>
    public static WebApplication MapEdgeDefaults(this WebApplication app, Action<IApplicationBuilder> admission)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(admission);
        app.UseForwardedHeaders();
        app.UseProblems();
        admission(app);
        app.UseRouting();
        app.UseRateLimiter();
        app.MapHealth();
        app.MapPrometheusScrapingEndpoint("/metrics");
        return app;
    }

    private static void DefaultResilience(HttpStandardResilienceOptions resilience)
    {
        resilience.AttemptTimeout.Timeout = TimeSpan.FromSeconds(5);
        resilience.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(15);
        resilience.Retry.MaxRetryAttempts = 2;
        resilience.Retry.DisableForUnsafeHttpMethods();
    }

    /// <summary>X-Forwarded-For and -Proto count only from the loopback and from the proxies named in <c>Proxy:Trusted</c> (addresses or CIDR).</summary>
    private static void TrustProxies(IHostApplicationBuilder builder)
    {
        List<System.Net.IPNetwork> networks = [];
        foreach (string trusted in builder.Configuration.GetSection("Proxy:Trusted").Get<string[]>() ?? [])
        {
            if (System.Net.IPNetwork.TryParse(trusted, out System.Net.IPNetwork network))
                networks.Add(network);
            else if (System.Net.IPAddress.TryParse(trusted, out System.Net.IPAddress? address))
                networks.Add(new System.Net.IPNetwork(address, address.GetAddressBytes().Length * 8));
            else
                throw new OptionsValidationException("", typeof(ForwardedHeadersOptions), [$"Proxy:Trusted: '{trusted}' is neither an IP address nor a network like 10.0.0.0/8."]);
        }
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            networks.ForEach(forwarded.KnownIPNetworks.Add);
        });
    }
}
