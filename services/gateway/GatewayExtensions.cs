using CoolChat.Engines.Redis;
using CoolChat.Gateway.Limits;
using CoolChat.Gateway.Proxy;
using CoolChat.Gateway.Security;
using CoolChat.Gateway.Tls;
using CoolChat.Gateway.WebApp;
using CoolChat.ServiceDefaults;
using CoolChat.ServiceDefaults.RateLimits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CoolChat.Gateway;

/// <summary>The gateway module: what stands before the services. In one process: security headers and the web app; as a process of its own a reverse proxy too.</summary>
public static class GatewayExtensions
{
    /// <summary>Adds the security headers, which then go out with every response of the process, whoever writes it.</summary>
    public static IHostApplicationBuilder AddGateway(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<WebAppOptions>().BindConfiguration(WebAppOptions.Section, static binder => binder.ErrorOnUnknownConfiguration = true);
        builder.Services.AddSingleton<WebAppFiles>();
        builder.Services.AddTransient<IStartupFilter, SecurityHeadersFilter>();
        return builder;
    }

    /// <summary>Serves the web app for addresses that no endpoint answers. Call it after routing and the modules' endpoints.</summary>
    public static WebApplication MapGateway(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseMiddleware<WebAppMiddleware>();
        return app;
    }

    /// <summary>Adds the reverse proxy before the services, with its limits. For the gateway as a process of its own, beside <see cref="AddGateway"/>.</summary>
    public static IHostApplicationBuilder AddGatewayProxy(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        // First, and so weaker than everything that is said elsewhere.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = DefaultRoutes.Settings });
        IServiceCollection services = builder.Services;
        services.AddSingleton<IValidateOptions<EdgeOptions>, EdgeOptionsRules>();
        services.AddOptions<EdgeOptions>().BindConfiguration(EdgeOptions.Section).ValidateOnStart();
        services.AddSingleton<AccessLists>();
        services.AddSingleton<Maintenance>();
        services.AddSingleton<MetricsPort>();
        services.AddSingleton<Draining>();
        services.AddHostedService(static provider => provider.GetRequiredService<Draining>());
        services.AddHealthChecks().AddCheck<Draining>("gateway");
        if (builder.Configuration.GetValue<bool>($"{EdgeOptions.Section}:{nameof(EdgeOptions.SharedLimits)}"))
            services.AddRedisSharedBuckets(static provider => provider.GetHttpBuckets());
        services.AddTls();
        services.AddProxy(builder.Configuration);
        return builder;
    }

    /// <summary>Maps the routes of <c>ReverseProxy</c> behind the defaults of an edge. Before <see cref="MapGateway"/>.</summary>
    public static WebApplication MapGatewayProxy(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        ProxySetup.RequireDestinations(app.Configuration, app.Logger);
        app.MapEdgeDefaults(admission => admission.UseMiddleware<AccessLists>().UseMiddleware<MetricsPort>().UseMiddleware<Maintenance>());
        Draining draining = app.Services.GetRequiredService<Draining>();
        app.MapReverseProxy(proxy =>
        {
            proxy.Use(ProxyProblems.AnswerAsync);
            proxy.Use(draining.TrackAsync);
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        return app;
    }
}
