using Microsoft.Extensions.Configuration;

namespace CoolChat.Engines;

/// <summary>
/// The shape that a process runs in, configuration key <c>CoolChat:Shape</c>: <c>standalone</c> (the default) keeps everything in embedded engines,
/// <c>cluster</c> in servers. Never guessed from which addresses happen to be set.
/// </summary>
public static class Shape
{
    /// <summary>Configuration key.</summary>
    public const string Key = "CoolChat:Shape";

    /// <summary>Whether it is a part of a cluster.</summary>
    /// <exception cref="EngineStartException">The key has another value.</exception>
    public static bool IsCluster(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration[Key] switch
        {
            null or "" or "standalone" => false,
            "cluster" => true,
            _ => throw new EngineStartException($"{Key} is standalone or cluster."),
        };
    }
}
