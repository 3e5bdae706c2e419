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
    private const string Chat = "chat";
    private const string Media = "media";
    private const string Processing = "processing";
    private const string User = "user";

    /// <summary>
    /// What the user service needs of others and lets others do. Comes after AddUser, whose list of blocks it keeps true beside other processes of the service.
    /// </summary>
    public static IHostApplicationBuilder AddUserPeers(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddPeerAuthentication(User, [Chat, Media, Processing]);
        PeerClient media = AddClient(builder, User, Media);
        builder.Services.AddSingleton<IMediaCatalog>(provider => new MediaCatalogPeer(media, provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<IPersonalData>(new PersonalDataPeer(media, Media));
        builder.Services.AddSingleton<IPersonalData>(new PersonalDataPeer(AddClient(builder, User, Chat), Chat));
        AddBlockListUpkeep(builder.Services);
        return builder;
    }

    /// <summary>Maps what others may ask the user service.</summary>
    public static IEndpointRouteBuilder MapUserPeers(this IEndpointRouteBuilder app)
    {
        PublicMediaPeer.Map(app, Media);
        UserDirectoryPeer.Map(app, Chat, Processing);
        BlockListPeer.Map(app, Chat, Processing);
        LastSeenPeer.Map(app, Chat);
        return app;
    }

    /// <summary>What the media service needs of others and lets others do.</summary>
    public static IHostApplicationBuilder AddMediaPeers(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddPeerAuthentication(Media, [Chat, User]);
        builder.Services.AddSingleton<IPublicMedia>(new PublicMediaPeer(AddClient(builder, Media, User)));
        AddKeys(builder.Services);
        return builder;
    }

    /// <summary>Maps what others may ask the media service.</summary>
    public static IEndpointRouteBuilder MapMediaPeers(this IEndpointRouteBuilder app)
    {
        MediaCatalogPeer.Map(app, Chat, User);
        PersonalDataPeer.Map(app, User);
        return app;
    }

    /// <summary>
    /// What the chat service needs of others (people, blocks, keys, media, search, analysis) and lets others do. Comes before what asks
    /// <see cref="IBlockList"/>: the process starts when the list is there. Needs an <see cref="IIntegrationEvents"/>.
    /// </summary>
    public static IHostApplicationBuilder AddChatPeers(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddPeerAuthentication(Chat, [User]);
        PeerClient user = AddClient(builder, Chat, User), media = AddClient(builder, Chat, Media), processing = AddClient(builder, Chat, Processing);
        AddPeople(builder.Services, user);
        builder.Services.AddSingleton<ILastSeen>(new LastSeenPeer(user));
        builder.Services.AddSingleton<IMediaCatalog>(provider => new MediaCatalogPeer(media, provider.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<IMessageSearch>(new MessageSearchPeer(processing));
        builder.Services.AddSingleton<IConversationAnalysis>(new ConversationAnalysisPeer(processing));
        AddKeys(builder.Services);
        return builder;
    }

    /// <summary>Maps what others may ask the chat service.</summary>
    public static IEndpointRouteBuilder MapChatPeers(this IEndpointRouteBuilder app)
    {
        PersonalDataPeer.Map(app, User);
        return app;
    }

    /// <summary>
    /// What processing needs of others (people, blocks) and lets others do. Comes before what asks <see cref="IBlockList"/>: the process starts when the list
    /// is there. Needs an <see cref="IIntegrationEvents"/>.
    /// </summary>
    public static IHostApplicationBuilder AddProcessingPeers(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddPeerAuthentication(Processing, [Chat]);
        AddPeople(builder.Services, AddClient(builder, Processing, User));
        return builder;
    }

    /// <summary>Maps what others may ask processing.</summary>
    public static IEndpointRouteBuilder MapProcessingPeers(this IEndpointRouteBuilder app)
    {
        MessageSearchPeer.Map(app, Chat);
        ConversationAnalysisPeer.Map(app, Chat);
        return app;
    }

    private static void AddPeople(IServiceCollection services, PeerClient user)
    {
        services.AddSingleton<IUserDirectory>(provider =>
            new UserDirectoryPeer(user, provider.GetRequiredService<IIntegrationEvents>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IBlockFeed>(new BlockListPeer(user));
        services.AddSingleton<BlockProjection>();
        services.AddSingleton<IBlockList>(provider => provider.GetRequiredService<BlockProjection>());
        AddBlockListUpkeep(services);
    }

    private static void AddBlockListUpkeep(IServiceCollection services)
    {
        services.AddSingleton<BlockListUpkeep>();
        services.AddHostedService(provider => provider.GetRequiredService<BlockListUpkeep>());
        services.AddHealthChecks().AddCheck<BlockListUpkeep>("blocks");
    }

    private static void AddKeys(IServiceCollection services)
    {
        services.AddSingleton<VerificationKeysPeer>();
        services.AddSingleton<IVerificationKeys>(provider => provider.GetRequiredService<VerificationKeysPeer>());
        services.AddHostedService(provider => provider.GetRequiredService<VerificationKeysPeer>());
        services.AddHealthChecks().AddCheck<VerificationKeysPeer>("keys");
    }

    /// <summary>Made now: a start with half a configuration ends here.</summary>
    private static PeerClient AddClient(IHostApplicationBuilder builder, string self, string target)
    {
        PeerClient client = new(self, target, builder.Configuration, TimeProvider.System);
        builder.Services.AddSingleton(_ => client);
        return client;
    }
}
