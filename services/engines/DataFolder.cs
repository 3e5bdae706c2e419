using Microsoft.Extensions.Configuration;

namespace CoolChat.Engines;

/// <summary>The folder that holds everything of a standalone server: configuration key <c>CoolChat:Data</c> (<c>--data</c>), by default ./data.</summary>
public static class DataFolder
{
    /// <summary>Configuration key.</summary>
    public const string Key = "CoolChat:Data";

    /// <summary>Its full path; a relative one counts from the current directory.</summary>
    public static string Of(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        string? configured = configuration[Key];
        return Path.GetFullPath(string.IsNullOrWhiteSpace(configured) ? "data" : configured);
    }
}
