using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;

namespace CoolChat.ServiceDefaults.Hosting;

/// <summary>Settings files among the sources of a configuration.</summary>
internal static class JsonConfigurationSources
{
    /// <summary>Adds a watched file in its place: stronger than other files, weaker than environment and command line.</summary>
    public static void InsertBelowEnvironment(IConfigurationBuilder configuration, string file)
    {
        JsonConfigurationSource source = new()
        {
            FileProvider = new PhysicalFileProvider(Path.GetDirectoryName(file)!),
            Path = Path.GetFileName(file),
            ReloadOnChange = true,
        };
        // The host's own variables (ASPNETCORE_, DOTNET_) have a prefix and come first; those of the application have none.
        int place = configuration.Sources.ToList().FindIndex(known => known is EnvironmentVariablesConfigurationSource { Prefix: null or "" });
        configuration.Sources.Insert(place < 0 ? configuration.Sources.Count : place, source);
    }
}
