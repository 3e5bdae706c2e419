using Microsoft.Extensions.Options;

namespace CoolChat.Gateway;

/// <summary>Section <c>Edge</c>: the gateway as a process of its own. All of it may change while it runs, except <see cref="Drain"/> and <see cref="SharedLimits"/>.</summary>
public sealed class EdgeOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Edge";

    /// <summary>Addresses and networks (10.0.0.0/8) that alone are let in; none = everybody. Probes are always answered.</summary>
    public IList<string> Allow { get; } = [];

    /// <summary>Addresses and networks that are kept out; stronger than <see cref="Allow"/>.</summary>
    public IList<string> Deny { get; } = [];

    /// <summary>Closed for a while: everybody is answered 503, browsers with a page.</summary>
    public MaintenanceOptions Maintenance { get; } = new();

    /// <summary>
    /// How long it goes on serving after it was told to stop, while it says at /health that it doesn't, 0 to 20 seconds: time for whatever balances before it
    /// to turn elsewhere. WebSockets are cut spread over it, so that their clients don't come back all at once.
    /// </summary>
    public TimeSpan Drain { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether <c>RateLimits:Http</c> counts what all gateways let through together, by the Redis of <c>ConnectionStrings:redis</c>. Otherwise, and
    /// while Redis is away, each counts for itself.
    /// </summary>
    public bool SharedLimits { get; set; }

    /// <summary>The port on which alone /metrics is answered, one that it listens on besides those for people; null: on every port.</summary>
    public int? MetricsPort { get; set; }
}

/// <summary>Section <c>Edge:Maintenance</c>.</summary>
public sealed class MaintenanceOptions
{
    /// <summary>Whether it is on.</summary>
    public bool Enabled { get; set; }

    /// <summary>What people are told.</summary>
    public string Message { get; set; } = "CoolChat is being worked on and will be back soon.";

    /// <summary>Seconds after which clients try again, 1 to 86400.</summary>
    public int RetryAfterSeconds { get; set; } = 60;
}

internal sealed class EdgeOptionsRules : IValidateOptions<EdgeOptions>
{
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(20);

    public ValidateOptionsResult Validate(string? name, EdgeOptions options)
    {
        List<string> failures = [];
        CheckNetworks(failures, nameof(options.Allow), options.Allow);
        CheckNetworks(failures, nameof(options.Deny), options.Deny);
        if (options.Drain < TimeSpan.Zero || options.Drain > LongestDrain)
            failures.Add($"Edge:Drain must be 00:00:00 to {LongestDrain:c}.");
        if (options.MetricsPort is < 1 or > 65_535)
            failures.Add("Edge:MetricsPort must be 1 to 65535.");
        if (options.Maintenance.RetryAfterSeconds is < 1 or > 86_400)
            failures.Add("Edge:Maintenance:RetryAfterSeconds must be 1 to 86400.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void CheckNetworks(List<string> failures, string key, IList<string> networks)
    {
        for (int i = 0; i < networks.Count; i++)
        {
            if (Limits.AccessLists.Parse(networks[i]) is null)
                failures.Add($"Edge:{key}:{i}: '{networks[i]}' is neither an IP address nor a network like 10.0.0.0/8.");
        }
    }
}
