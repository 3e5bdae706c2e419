using CoolChat.Chat;
using CoolChat.Client;
using CoolChat.Contracts.Internal;
using CoolChat.Engines;
using CoolChat.Gateway;
using CoolChat.Media;
using CoolChat.Processing;
using CoolChat.ServiceDefaults;
using CoolChat.ServiceDefaults.Hosting;
using CoolChat.Standalone.Control;
using CoolChat.Standalone.Demo;
using CoolChat.User;
using Microsoft.Extensions.Options;

namespace CoolChat.Standalone.Hosting;

/// <summary>Composes the modules in one process and runs them.</summary>
internal static class StandaloneHost
{
    private const string Shape = "standalone";
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    private static volatile bool s_started;

    /// <summary>Runs the server until it is told to stop.</summary>
    /// <returns>0, or 1 after a line on stderr that says why it could not start.</returns>
    public static async Task<int> RunAsync(StandaloneOptions options)
    {
        try
        {
            WebApplicationBuilder builder = CreateBuilder(options);
            ListenAddresses.RequireFree(builder.Configuration[WebHostDefaults.ServerUrlsKey]!);
            AddModules(builder);
            await using WebApplication app = builder.Build();
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            using DataFolderLock folder = DataFolderLock.Take(options.Data);
            Map(app);
            await app.StartAsync();
            s_started = true;
            StartNotice.Write(app, options.Data);
            // What composing left behind would stay for hours on a quiet server: give it back to the machine.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            await using DemoCommunity? demo = options.Demo ? await StartDemoAsync(app, options.Data) : null;
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception failure) when (StartFailures.Describe(failure) is { } line)
        {
            await Console.Error.WriteLineAsync($"CoolChat can't start. {line}");
            return 1;
        }
    }

    /// <summary>The demo's people come in as anybody else does; a server that lets nobody in stays without them, and runs.</summary>
    private static async Task<DemoCommunity?> StartDemoAsync(WebApplication app, string data)
    {
        Uri url = new(app.Urls.First().Replace("//[::]", "//localhost", StringComparison.Ordinal).Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal));
        try
        {
            DemoCommunity demo = await DemoCommunity.StartAsync(
                url, data, app.Services.GetRequiredService<TimeProvider>(), app.Services.GetRequiredService<ILogger<DemoCommunity>>(), app.Lifetime.ApplicationStopping);
            Console.WriteLine($"  demo     join the channel Lobby, or write to {DemoCommunity.BotName} ({demo.BotAddress})");
            return demo;
        }
        catch (CoolChatException refused)
        {
            Console.WriteLine($"  demo     not furnished: {refused.Message} It needs Registration:Policy=open and no Auth:PublicOrigins.");
            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Runs a command on a data folder that no server uses: everything is composed, nothing is started.</summary>
    public static async Task<string> RunCommandAsync(StandaloneOptions options, string name, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = CreateBuilder(options);
        AddModules(builder);
        using DataFolderLock folder = DataFolderLock.Take(options.Data);
        builder.Services.AddSingleton<IControlCommand, RestoredCommand>();
        await using WebApplication app = builder.Build();
        return await app.Services.GetServices<IControlCommand>().Single(command => command.Name == name).RunAsync("", cancellationToken);
    }

    /// <summary>Settings in rising order of strength: appsettings.json beside the program, environment, --set, and what this shape fixes.</summary>
    internal static WebApplicationBuilder CreateBuilder(StandaloneOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        ConfigurationManager configuration = builder.Configuration;
        configuration.AddInMemoryCollection(options.Settings.Select(SettingChecks.Parse));
        if (configuration["CoolChat:Shape"] is { } shape && shape != Shape)
            throw new StartException($"CoolChat:Shape is '{shape}', but this program is the standalone one: remove the setting, or start the services of the cluster.");
        configuration.AddInMemoryCollection(
        [
            new("CoolChat:Shape", Shape),
            new(DataFolder.Key, options.Data),
            new(WebHostDefaults.ServerUrlsKey, options.Urls ?? configuration[WebHostDefaults.ServerUrlsKey] ?? StandaloneOptions.DefaultUrls),
        ]);
        SettingChecks.RequireLogLevels(configuration);
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        // What the host says about a failed start is said in one line by RunAsync.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => s_started && level >= LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", level => s_started && level >= LogLevel.Warning);
        // stdout is for the start notice.
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(KestrelLimits.Apply);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopWithin);
        return builder;
    }

    private static void AddModules(WebApplicationBuilder builder)
    {
        builder.AddServiceDefaults(Shape);
        builder.Services.AddSingleton<IIntegrationEvents, InProcessIntegrationEvents>();
        builder.AddUser();
        builder.AddProcessing();
        builder.AddMedia();
        builder.AddChat();
        builder.AddGateway();
        builder.Services.AddSingleton<IControlCommand, BackupCommand>();
        builder.Services.AddSingleton<IControlCommand, RebuildCommand>();
        builder.Services.AddSingleton<IControlCommand, OwnerLinkCommand>();
        builder.Services.AddHostedService<ControlSocket>();
    }

    private static void Map(WebApplication app)
    {
        app.MapServiceDefaults();
        app.MapUser();
        app.MapMedia();
        app.MapChat();
        app.MapGateway();
    }
}
