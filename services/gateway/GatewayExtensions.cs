using CoolChat.Gateway.Security;
using CoolChat.Gateway.WebApp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CoolChat.Gateway;

/// <summary>The gateway module: what stands before the services. In one process: security headers and the web app.</summary>
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
}
