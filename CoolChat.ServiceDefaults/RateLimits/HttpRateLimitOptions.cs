namespace CoolChat.ServiceDefaults.RateLimits;

/// <summary>Section <c>RateLimits:Http</c>: how much one network address may ask over HTTP. Hub calls have limits of their own, by person.</summary>
internal sealed class HttpRateLimitOptions
{
    public const string Section = "RateLimits:Http";

    /// <summary>Off only for measurements, or behind an edge that limits.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Requests a second, for as long as one likes. An office behind one address fits in.</summary>
    public int PerSecond { get; set; } = 100;

    /// <summary>Requests at once.</summary>
    public int Burst { get; set; } = 2_000;

    /// <summary>Tighter limits for parts of the address space, by a name of one's choice; each counts for itself, beside the whole.</summary>
    public Dictionary<string, RouteRateLimit> Routes { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A limit of one access token, beside that of its address: one client must not use up an office's. None by default.</summary>
    public TokenRateLimit? Token { get; set; }

    /// <summary>The first key that is wrong, with what it may be; null = none.</summary>
    public string? Check() =>
        Check($"{Section}:", PerSecond, Burst)
        ?? (Token is { } token ? Check($"{Section}:{nameof(Token)}:", token.PerSecond, token.Burst) : null)
        ?? Routes.Select(route => CheckRoute(route.Key, route.Value)).FirstOrDefault(wrong => wrong is not null);

    private static string? CheckRoute(string name, RouteRateLimit route) => route.Path.StartsWith('/')
        ? Check($"{Section}:{nameof(Routes)}:{name}:", route.PerSecond, route.Burst)
        : $"{Section}:{nameof(Routes)}:{name}:{nameof(route.Path)} is a path like /user/auth.";

    private static string? Check(string section, int perSecond, int burst) =>
        perSecond is < 1 or > 1_000_000 ? $"{section}{nameof(PerSecond)} is a number from 1 to 1000000."
        : burst is < 1 or > 10_000_000 ? $"{section}{nameof(Burst)} is a number from 1 to 10000000."
        : null;
}

/// <summary>How much one network address may ask below one path.</summary>
internal sealed class RouteRateLimit
{
    /// <summary>Where it counts: /user/auth.</summary>
    public string Path { get; set; } = "";

    /// <summary>Requests a second, for as long as one likes.</summary>
    public int PerSecond { get; set; }

    /// <summary>Requests at once.</summary>
    public int Burst { get; set; }
}

/// <summary>How much may be asked with one access token.</summary>
internal sealed class TokenRateLimit
{
    /// <summary>Requests a second, for as long as one likes.</summary>
    public int PerSecond { get; set; }

    /// <summary>Requests at once.</summary>
    public int Burst { get; set; }
}
