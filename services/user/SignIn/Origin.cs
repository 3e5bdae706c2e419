using System.Globalization;
using System.Net;

namespace CoolChat.User.SignIn;

/// <summary>A web origin, in the one spelling by which two are compared: small letters, IPv6 shortened, the port always there.</summary>
internal readonly record struct Origin(string Scheme, string Host, int Port)
{
    private const string Http = "http";
    private const string Https = "https";

    /// <summary>Reads what an owner configures: forgiving as to capitals, a slash at the end and international names, to nothing else.</summary>
    public static bool TryParse(string? text, out Origin origin)
    {
        origin = default;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || uri.Scheme is not (Http or Https) || uri.Host.Length == 0 ||
            uri.UserInfo.Length != 0 || uri.PathAndQuery != "/" || uri.Fragment.Length != 0 || text!.Contains('?', StringComparison.Ordinal))
            return false;
        origin = new Origin(uri.Scheme, NormalizeHost(uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost), uri.Port);
        return true;
    }

    /// <summary>The origin of an authority as a message has it; null where no browser could have it as one.</summary>
    public static Origin? Of(string scheme, UriAuthority? authority)
    {
        scheme = scheme.ToLowerInvariant();
        if (scheme is not (Http or Https) || authority is not { UserInfo: null, Host.Length: > 0 } parts)
            return null;
        int port = scheme == Https ? 443 : 80;
        if (!string.IsNullOrEmpty(parts.Port) && !int.TryParse(parts.Port, NumberStyles.None, CultureInfo.InvariantCulture, out port))
            return null;
        return new Origin(scheme, NormalizeHost(parts.Host), port);
    }

    public bool IsLoopback => Host == "localhost" || Host.EndsWith(".localhost", StringComparison.Ordinal) ||
        (IPAddress.TryParse(Host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    public override string ToString()
    {
        bool isDefault = Port == (Scheme == Https ? 443 : 80);
        return isDefault ? $"{Scheme}://{Host}" : string.Create(CultureInfo.InvariantCulture, $"{Scheme}://{Host}:{Port}");
    }

    private static string NormalizeHost(string host) => host.StartsWith('[') && IPAddress.TryParse(host, out IPAddress? address)
        ? $"[{address}]"
        : host.ToLowerInvariant();
}
