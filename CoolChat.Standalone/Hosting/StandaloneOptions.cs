namespace CoolChat.Standalone.Hosting;

/// <summary>What the command line decides.</summary>
internal sealed record StandaloneOptions
{
    /// <summary>Addresses to listen on; null = from the configuration, else <see cref="DefaultUrls"/>.</summary>
    public string? Urls { get; init; }

    /// <summary>Full path of the data folder.</summary>
    public required string Data { get; init; }

    /// <summary>Furnish a small community.</summary>
    public bool Demo { get; init; }

    /// <summary>key=value.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    public const string DefaultUrls = "http://localhost:5080";
}
