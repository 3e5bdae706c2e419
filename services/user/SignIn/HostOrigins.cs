using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CoolChat.User.SignIn;

/// <summary>The allowed origins of this host. Asked at each sign-in: what the host listens on is known only once it runs.</summary>
internal sealed class HostOrigins(IOptions<SignInOptions> options, IServer server, IHostEnvironment environment)
{
    private AllowedOrigins? _known;

    public AllowedOrigins Current
    {
        get
        {
            if (_known is { } known)
                return known;
            ICollection<string> listening = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
            AllowedOrigins origins = AllowedOrigins.From(options.Value.PublicOrigins, listening, environment.IsDevelopment());
            if (listening.Count > 0 || options.Value.PublicOrigins.Count > 0)
                _known = origins;
            return origins;
        }
    }
}
