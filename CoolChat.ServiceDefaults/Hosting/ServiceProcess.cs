using CoolChat.Contracts.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoolChat.ServiceDefaults.Hosting;

/// <summary>A service of the cluster as a process of its own: what all of their programs share.</summary>
public static class ServiceProcess
{
    /// <summary>A further settings file (JSON), which is watched: what it holds comes before appsettings.json, and after environment and command line.</summary>
    public const string SettingsKey = "CoolChat:Settings";

    private const string ShapeKey = "CoolChat:Shape";
    private const string Shape = "cluster";

    // Kubernetes gives 30.
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(25);

    /// <summary>Composes and runs it until it is told to stop.</summary>
    /// <param name="args">The command line: <c>--Key=value</c>.</param>
    /// <param name="compose">Adds the modules, builds and maps.</param>
    /// <returns>0, or 1 after a line on stderr that says why it could not start.</returns>
    public static async Task<int> RunAsync(string[] args, Func<WebApplicationBuilder, WebApplication> compose)
    {
        ArgumentNullException.ThrowIfNull(compose);
        try
        {
            await using WebApplication app = compose(CreateBuilder(args));
            await app.RunAsync();
            return 0;
        }
        catch (Exception failure) when (Describe(failure) is { } line)
        {
            await Console.Error.WriteLineAsync($"{AppDomain.CurrentDomain.FriendlyName} can't start. {line}");
            return 1;
        }
    }

    /// <summary>The host with its configuration and limits, before any module.</summary>
    /// <exception cref="StartException">The shape or the settings file is wrong.</exception>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        ConfigurationManager configuration = builder.Configuration;
        if (configuration[ShapeKey] is { Length: > 0 } shape && shape != Shape)
            throw new StartException($"{ShapeKey} is '{shape}', but this program is a service of the cluster: remove the setting, or start CoolChat.Standalone.");
        configuration[ShapeKey] = Shape;
        AddSettings(configuration);
        WithoutQueries(builder.Logging);
        builder.WebHost.ConfigureKestrel(KestrelLimits.Apply);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopWithin);
        return builder;
    }

    /// <summary>
    /// What the framework says of each request holds its query, and that may hold a token (a browser's WebSocket can't send it otherwise) or the signature of
    /// a download: it is left out whatever the configuration says. Traces tell of requests.
    /// </summary>
    private static void WithoutQueries(ILoggingBuilder logging)
    {
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        logging.AddFilter("Yarp.ReverseProxy.Forwarder.HttpForwarder", LogLevel.Warning);
    }

    private static void AddSettings(ConfigurationManager configuration)
    {
        if (configuration[SettingsKey] is not { Length: > 0 } file)
            return;
        if (!File.Exists(file))
            throw new StartException($"{SettingsKey}: there is no file {file}.");
        JsonConfigurationSources.InsertBelowEnvironment(configuration, Path.GetFullPath(file));
    }

    /// <summary>One line for what the operator can mend; null for a bug, which shows everything.</summary>
    internal static string? Describe(Exception failure) => failure switch
    {
        StartException => failure.Message,
        OptionsValidationException options => $"Configuration: {string.Join(' ', options.Failures)}",
        AddressInUseException or IOException { InnerException: AddressInUseException } => failure.Message,
        // The binder's own words name the key.
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => $"Configuration: {failure.Message}",
        InvalidDataException { Source: "Microsoft.Extensions.Configuration.FileExtensions" or "Microsoft.Extensions.Configuration.Json" } =>
            $"Configuration: {failure.Message}",
        AggregateException { InnerExceptions.Count: > 0 } many => Describe(many.InnerExceptions[0]),
        { InnerException: { } inner } => Describe(inner),
        _ => null,
    };
}
