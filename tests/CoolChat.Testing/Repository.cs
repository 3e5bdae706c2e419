namespace CoolChat.Testing;

/// <summary>Where things are in the source tree that this was built from.</summary>
public static class Repository
{
    /// <summary>The folder with CoolChat.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The built standalone server, of the same configuration as this assembly.</summary>
    public static string StandaloneAssembly { get; } =
        Path.Combine(Root, "CoolChat.Standalone", "bin", Configuration, "net10.0", "CoolChat.Standalone.dll");

    /// <summary>A built service of the cluster, by its folder below services, of the same configuration as this assembly.</summary>
    public static string ServiceAssembly(string service)
    {
        ArgumentException.ThrowIfNullOrEmpty(service);
        return Path.Combine(Root, "services", service, "bin", Configuration, "net10.0", $"CoolChat.{char.ToUpperInvariant(service[0])}{service[1..]}.dll");
    }

    private static string Configuration =>
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CoolChat.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No CoolChat.sln above {AppContext.BaseDirectory}.");
    }
}
