using System.Globalization;
using System.Net;
using CoolChat.User.SignIn;

namespace CoolChat.User.Auth;

/// <summary>
/// Scheme, host and port (RFC 6454): what a browser calls an origin. In the one spelling by which two are compared: small letters, international names
/// encoded, IPv6 shortened.
/// </summary>
internal sealed record Origin(string Scheme, string Host, int Port)
{
    /// <summary>Host, and port where it isn't the scheme's own: the <c>domain</c> of a message to sign.</summary>
    public string Authority => IsDefaultPort ? Host : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    public bool IsLoopback => Host == "localhost" || Host.EndsWith(".localhost", StringComparison.Ordinal) ||
        (IPAddress.TryParse(Host, out IPAddress? address) && IPAddress.IsLoopback(address));

    private bool IsDefaultPort => Port == DefaultPort(Scheme);

    public override string ToString() => $"{Scheme}://{Authority}";

    /// <summary>An origin without path, query, fragment or user info; null when it is none.</summary>
    public static Origin? Parse(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" } && text[^1] is not ('/' or '?' or '#')
            ? Of(uri)
            : null;

    /// <summary>The origin that a URI belongs to; null when it isn't http or https.</summary>
    public static Origin? Of(Uri uri) =>
        uri.IsAbsoluteUri && uri.Host.Length > 0 && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            ? new Origin(uri.Scheme, Normalize(uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost), uri.Port)
            : null;

    /// <summary>The origin of an authority as a signed message has it; null where no browser could have it as one.</summary>
    public static Origin? Of(string scheme, UriAuthority? authority)
    {
        scheme = scheme.ToLowerInvariant();
        if ((scheme != Uri.UriSchemeHttps && scheme != Uri.UriSchemeHttp) || authority is not { UserInfo: null, Host.Length: > 0 } parts)
            return null;
        int port = DefaultPort(scheme);
        if (!string.IsNullOrEmpty(parts.Port) && !int.TryParse(parts.Port, NumberStyles.None, CultureInfo.InvariantCulture, out port))
            return null;
        return new Origin(scheme, Normalize(parts.Host), port);
    }

    private static int DefaultPort(string scheme) => scheme == Uri.UriSchemeHttps ? 443 : 80;

    private static string Normalize(string host) =>
        host.StartsWith('[') && IPAddress.TryParse(host, out IPAddress? address) ? $"[{address}]" : host.ToLowerInvariant();
}
