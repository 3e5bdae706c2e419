using CoolChat.Contracts.Internal;

namespace CoolChat.Standalone.Hosting;

/// <summary>What the modules' own validators can't see: settings that nobody reads, because their name is mistyped, and those of the framework.</summary>
internal static class SettingChecks
{
    private const string Levels = "LogLevel";

    /// <summary>The sections that something here reads; within them each module refuses what it doesn't know.</summary>
    private static readonly HashSet<string> Sections = new(StringComparer.OrdinalIgnoreCase)
    {
        "AllowedHosts", "Auth", "Chat", "CoolChat", "Ethereum", "Gateway", "Kestrel", "Logging", "Media", "Processing", "Proxy", "RateLimits", "Registration",
        "Storage", "Urls",
    };

    /// <summary>A setting of the command line.</summary>
    /// <exception cref="StartException">It is not <c>key=value</c>, or begins with a section that does not exist.</exception>
    public static KeyValuePair<string, string?> Parse(string setting)
    {
        int equals = setting.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
            throw new StartException($"--set: '{setting}' is no setting; write for example --set Registration:Policy=invite.");
        string key = setting[..equals].Replace("__", ":", StringComparison.Ordinal);
        // A door that was thought closed stays open when its name is mistyped.
        return Sections.Contains(key.Split(':')[0]) || key.StartsWith("OTEL_", StringComparison.OrdinalIgnoreCase)
            ? new(key, setting[(equals + 1)..])
            : throw new StartException($"--set: there is no setting '{key}'; docs/settings.md lists them.");
    }

    /// <summary>The framework's message about a wrong level does not say where it is.</summary>
    public static void RequireLogLevels(IConfiguration configuration)
    {
        foreach ((string key, string? value) in configuration.GetSection("Logging").AsEnumerable())
        {
            if (value is { Length: > 0 } && key.Split(':') is [.., Levels, _] && !Enum.TryParse(value, ignoreCase: true, out LogLevel _))
                throw new StartException($"Configuration: {key} is '{value}'; it must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}.");
        }
    }
}
