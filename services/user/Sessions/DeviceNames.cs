using System.Text.RegularExpressions;

namespace CoolChat.User.Sessions;

/// <summary>A session's name from its User-Agent: browser and system, as a person would say it. A hint for people, never trusted.</summary>
internal static partial class DeviceNames
{
    public const string Unknown = "Unknown device";

    /// <summary>Token in the header and the browser's name; the first that is there counts, because browsers also carry the names of others.</summary>
    private static readonly (string Token, string Name)[] Browsers =
    [
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("OPR/", "Opera"), ("Opera/", "Opera"), ("Vivaldi/", "Vivaldi"),
        ("SamsungBrowser/", "Samsung Internet"), ("YaBrowser/", "Yandex Browser"), ("DuckDuckGo/", "DuckDuckGo"), ("Electron/", "Electron"),
        ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("HeadlessChrome/", "Chrome"), ("Chromium/", "Chromium"),
        ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Token, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
        ("Macintosh", "macOS"), ("Mac OS X", "macOS"), ("FreeBSD", "FreeBSD"), ("Linux", "Linux"),
    ];

    public static string From(string? userAgent)
    {
        if (string.IsNullOrWhiteSpace(userAgent))
            return Unknown;
        string text = userAgent.Length > 512 ? userAgent[..512] : userAgent;
        string? browser = First(Browsers, text);
        string? system = First(Systems, text);
        if (browser is null && Program().Match(text) is { Success: true } program && program.Groups[1].Value != "Mozilla")
            browser = program.Groups[1].Value;
        return (browser, system) switch
        {
            (null, null) => Unknown,
            (null, _) => system,
            (_, null) => browser,
            _ => $"{browser} on {system}",
        };
    }

    private static string? First((string Token, string Name)[] known, string text)
    {
        foreach ((string token, string name) in known)
        {
            if (text.Contains(token, StringComparison.Ordinal))
                return name;
        }
        return null;
    }

    /// <summary>Programs that are no browsers: CoolChat.Client/1.0, curl/8.5.</summary>
    [GeneratedRegex(@"^([A-Za-z][A-Za-z0-9._-]{0,39})(?:/|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Program();
}
