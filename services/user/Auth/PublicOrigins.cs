using CoolChat.User.SignIn;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CoolChat.User.Auth;

/// <summary>
/// The origins that this server answers for. Never taken from the Host header, which whoever sends a request chooses: a message signed for another
/// site must not open this one.
/// </summary>
internal sealed class PublicOrigins
{
    private readonly List<Origin> _configured;
    private readonly bool _anyLoopback;
    private readonly Func<IEnumerable<string>> _listening;

    public PublicOrigins(IOptions<AuthOptions> options, IHostEnvironment environment, IServer server)
        : this(options.Value, environment.IsDevelopment(), () => server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
    {
    }

    internal PublicOrigins(AuthOptions options, bool development, Func<IEnumerable<string>> listening)
    {
        _configured = [.. options.PublicOrigins.Select(Origin.Parse).OfType<Origin>()];
        _anyLoopback = development && _configured.Count == 0;
        _listening = listening;
    }

    /// <summary>What a refusal tells the operator.</summary>
    public const string Advice = "If this server is reached under it, its operator must add it to Auth:PublicOrigins.";

    /// <summary>The origins by name, the first to be preferred; in Development further loopback origins are allowed.</summary>
    public IReadOnlyList<Origin> Known => _configured.Count > 0 ? _configured : Loopback();

    public bool Allows(Origin? origin) =>
        origin is not null && ((_anyLoopback && origin.IsLoopback) || Known.Contains(origin));

    /// <summary>The allowed origins that a message may mean by its domain. Without a scheme, which is what wallets send, it may be either.</summary>
    public IReadOnlyList<Origin> Matching(string? scheme, UriAuthority domain)
    {
        string[] schemes = scheme is null ? [Uri.UriSchemeHttps, Uri.UriSchemeHttp] : [scheme];
        return [.. schemes.Select(each => Origin.Of(each, domain)).OfType<Origin>().Where(Allows)];
    }

    /// <summary>For people.</summary>
    public override string ToString() =>
        _anyLoopback ? "any address of this machine itself" : Known is { Count: > 0 } known ? string.Join(", ", known) : "no address that is known";

    private List<Origin> Loopback()
    {
        List<Origin> origins = [];
        foreach (string address in _listening())
        {
            // Wildcards (http://*:80, http://+:80) are no URIs; like 0.0.0.0 and [::] they listen on the loopback too.
            string parsable = address.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal);
            if (!Uri.TryCreate(parsable, UriKind.Absolute, out Uri? uri) || Origin.Of(uri) is not { } origin)
                continue;
            string[] hosts = origin switch
            {
                { Host: "localhost" or "0.0.0.0" or "[::]" } => ["localhost", "127.0.0.1", "[::1]"],
                { IsLoopback: true } => ["localhost", origin.Host],
                _ => [],
            };
            origins.AddRange(hosts.Select(host => origin with { Host = host }));
        }
        return origins;
    }
}
