using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CoolChat.ServiceDefaults.Telemetry;

/// <summary>
/// Metrics always (Prometheus scrapes them); traces, logs and pushed metrics only with an OTLP endpoint, because without one they would
/// cost work on each request for nobody.
/// </summary>
internal static class Telemetry
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Combinations of tags an instrument keeps apart: routes times statuses that occur; more are counted together.</summary>
    private const int MostPoints = 500;

    public static void AddTelemetry(this IHostApplicationBuilder builder, string service)
    {
        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService($"coolchat-{service}", serviceNamespace: "coolchat"))
            .WithMetrics(metrics => metrics
                .AddMeter("CoolChat.*", "Microsoft.AspNetCore.SignalR.Server", "Microsoft.AspNetCore.Http.Connections")
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                // Points are allocated ahead, 2,000 an instrument if nobody says less: 8 MiB that hold some hundred.
                .AddView(static _ => new MetricStreamConfiguration { CardinalityLimit = MostPoints })
                .AddPrometheusExporter());
        if (builder.Configuration[OtlpEndpoint] is not { Length: > 0 } endpoint)
            return;
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
            throw new OptionsValidationException("", typeof(OtlpExporterOptions), [$"{OtlpEndpoint} is '{endpoint}'; it must be an address like http://localhost:4317."]);
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
        });
        telemetry
            .WithTracing(tracing => tracing
                .AddSource("CoolChat.*", "Microsoft.AspNetCore.SignalR.Server")
                .AddAspNetCoreInstrumentation(http => http.Filter = context => !Probes.IsProbe(context.Request.Path))
                .AddHttpClientInstrumentation())
            .UseOtlpExporter();
    }
}
