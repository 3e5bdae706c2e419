using System.Globalization;

namespace CoolChat.User.Auth;

/// <summary>Scheme, host and port (RFC 6454): what a browser calls an origin.</summary>
internal sealed record Origin(string Scheme, string Host, int Port)
{
    /// <summary>Host, and port where it isn't the scheme's own: the <c>domain</c> of a message to sign.</summary>
    public string Authority => IsDefaultPort ? Host : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    public bool IsLoopback => Host is "localhost" or "[::1]" || (Host.StartsWith("127.", StringComparison.Ordinal) && System.Net.IPAddress.TryParse(Host, out _));

    private bool IsDefaultPort => Port == (Scheme == Uri.UriSchemeHttps ? 443 : 80);

    public override string ToString() => $"{Scheme}://{Authority}";

    /// <summary>An origin without path, query, fragment or user info; null when it is none.</summary>
    public static Origin? Parse(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" } && !text.EndsWith('/')
            ? Of(uri)
            : null;

    /// <summary>The origin that a URI belongs to; null when it isn't http or https.</summary>
    public static Origin? Of(Uri uri) =>
        uri.IsAbsoluteUri && uri.Host.Length > 0 && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
            ? new Origin(uri.Scheme, uri.Host.ToLowerInvariant(), uri.Port)
            : null;
}
