using CoolChat.Contracts.Internal;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CoolChat.ServiceDefaults.Peers;

/// <summary>
/// The ports between services that are processes of their own: HTTP under /internal, which no gateway leads to, called with tokens of a pair of services.
/// Both sides of a port stand in one file each, so that they can't drift apart.
/// </summary>
public static class Peers
{
    /// <summary>What the user service needs of others and lets others do.</summary>
    public static IHostApplicationBuilder AddUserPeers(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddPeerAuthentication("user", ["media"]);
        PeerClient media = AddClient(builder, "user", "media");
        builder.Services.AddSingleton<IMediaCatalog>(provider => new MediaCatalogPeer(media, provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<IPersonalData>(new PersonalDataPeer(media, "media"));
        return builder;
    }

    /// <summary>Maps what others may ask the user service.</summary>
    public static IEndpointRouteBuilder MapUserPeers(this IEndpointRouteBuilder app)
    {
        PublicMediaPeer.Map(app, "media");
        return app;
    }

    /// <summary>What the media service needs of others and lets others do.</summary>
    public static IHostApplicationBuilder AddMediaPeers(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddPeerAuthentication("media", ["user"]);
        PeerClient user = AddClient(builder, "media", "user");
        builder.Services.AddSingleton<IPublicMedia>(new PublicMediaPeer(user));
        builder.Services.AddSingleton<VerificationKeysPeer>();
        builder.Services.AddSingleton<IVerificationKeys>(provider => provider.GetRequiredService<VerificationKeysPeer>());
        builder.Services.AddHostedService(provider => provider.GetRequiredService<VerificationKeysPeer>());
        builder.Services.AddHealthChecks().AddCheck<VerificationKeysPeer>("keys");
        return builder;
    }

    /// <summary>Maps what others may ask the media service.</summary>
    public static IEndpointRouteBuilder MapMediaPeers(this IEndpointRouteBuilder app)
    {
        MediaCatalogPeer.Map(app, "user");
        PersonalDataPeer.Map(app, "user");
        return app;
    }

    /// <summary>Made now: a start with half a configuration ends here.</summary>
    private static PeerClient AddClient(IHostApplicationBuilder builder, string self, string target)
    {
        PeerClient client = new(self, target, builder.Configuration, TimeProvider.System);
        builder.Services.AddSingleton(_ => client);
        return client;
    }
}
