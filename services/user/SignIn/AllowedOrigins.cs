using System.Net;

namespace CoolChat.User.SignIn;

/// <summary>The sites for which signatures are taken.</summary>
/// <param name="Listed">These.</param>
/// <param name="AnyLoopback">And any on this machine: for development, where the web app has a server of its own.</param>
internal sealed record AllowedOrigins(IReadOnlyList<Origin> Listed, bool AnyLoopback)
{
    /// <param name="configured"><c>Auth:PublicOrigins</c>, valid ones.</param>
    /// <param name="listening">The host's own addresses, as Kestrel tells them.</param>
    /// <param name="development">Whether the environment is Development.</param>
    public static AllowedOrigins From(IEnumerable<string> configured, IEnumerable<string> listening, bool development)
    {
        List<Origin> listed = [.. configured.Select(static text => Origin.TryParse(text, out Origin origin)
            ? origin
            : throw new ArgumentException($"\"{text}\" is not an origin.", nameof(configured)))];
        return listed.Count > 0 ? new AllowedOrigins(listed, AnyLoopback: false) : new AllowedOrigins([.. listening.SelectMany(LoopbackOf).Distinct()], development);
    }

    /// <summary>Allowed sites whose authority is the message's domain. A domain without a scheme (what wallets send) stands for either.</summary>
    public IEnumerable<Origin> Matching(string? scheme, UriAuthority domain)
    {
        string[] schemes = scheme is null ? ["https", "http"] : [scheme];
        return schemes.Select(each => Origin.Of(each, domain)).OfType<Origin>()
            .Where(origin => Listed.Contains(origin) || (AnyLoopback && origin.IsLoopback));
    }

    public override string ToString() =>
        AnyLoopback ? "any address of this machine itself" : Listed.Count == 0 ? "no address" : string.Join(", ", Listed);

    /// <summary>The names under which a browser on this machine reaches an address that the host listens on; none for an address of the network.</summary>
    private static IEnumerable<Origin> LoopbackOf(string address)
    {
        // Kestrel tells "any address" as http://[::]:5000, http://0.0.0.0:5000, http://*:5000 or http://+:5000.
        string readable = address.Replace("://*", "://[::]", StringComparison.Ordinal).Replace("://+", "://[::]", StringComparison.Ordinal);
        if (!Origin.TryParse(readable, out Origin origin))
            return [];
        string[] hosts = origin.Host switch
        {
            "localhost" or "[::]" or "0.0.0.0" => ["localhost", "127.0.0.1", "[::1]"],
            _ when IPAddress.TryParse(origin.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip) => ["localhost", origin.Host],
            _ => [],
        };
        return hosts.Select(host => origin with { Host = host });
    }
}
