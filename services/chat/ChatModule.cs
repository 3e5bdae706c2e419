using CoolChat.Chat.Adapters;
using CoolChat.Chat.Analysis;
using CoolChat.Chat.Conversations;
using CoolChat.Chat.History;
using CoolChat.Chat.Invites;
using CoolChat.Chat.Messages;
using CoolChat.Chat.PersonalData;
using CoolChat.Chat.Presence;
using CoolChat.Chat.Protocol;
using CoolChat.Chat.Realtime;
using CoolChat.Chat.Search;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using CoolChat.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CoolChat.Chat;

/// <summary>The chat module: the hub, the conversations API, live fan-out and presence.</summary>
public static class ChatModule
{
    /// <summary>
    /// Adds the module and its <see cref="ILiveFanout"/>. Needs IConversationWriter, IConversationReader, IMediaGrants and IMessageSearch (processing,
    /// conversations), IUserDirectory, ILastSeen, IBlockList and ISessionStatus (user), IMediaCatalog (media) and IIntegrationEvents.
    /// </summary>
    public static IHostApplicationBuilder AddChat(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        services.AddSingleton<IValidateOptions<ChatOptions>, ChatOptionsValidator>();
        services.AddOptions<ChatOptions>().BindConfiguration(ChatOptions.Section, static binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PersonLimitOptions>, PersonLimitOptionsValidator>();
        services.AddOptions<PersonLimitOptions>().BindConfiguration(PersonLimitOptions.Section, static binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(new Limits());
        services.AddSingleton<ChatMetrics>();
        services.AddSingleton<PersonLimits>();
        services.AddSingleton<IPersonalData, ChatPersonalData>();
        AddMessages(services);
        AddRealtime(services);
        AddHub(services);
        services.AddChatAdapters(builder.Configuration);
        return builder;
    }

    /// <summary>Maps the hub and the API of the module.</summary>
    public static IEndpointRouteBuilder MapChat(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapHub<ChatHub>(AccessTokens.HubPath, http =>
        {
            http.Transports = HttpTransportType.WebSockets | HttpTransportType.ServerSentEvents | HttpTransportType.LongPolling;
            // ConnectionEndings closes with a reason that clients understand; SignalR's own way is silent.
            http.CloseOnAuthenticationExpiration = false;
        });
        RouteGroupBuilder chat = app.MapGroup("/chat").RequireAuthorization();
        ConversationsApi.Map(chat);
        CommandsApi.Map(chat);
        HistoryApi.Map(chat);
        InvitesApi.Map(chat);
        SearchApi.Map(chat);
        AnalysisApi.Map(chat);
        return app;
    }

    private static void AddMessages(IServiceCollection services)
    {
        services.AddSingleton<CommandValidation>();
        services.AddSingleton<AttachmentCheck>();
        services.AddSingleton<CommandPreparation>();
        services.AddSingleton<OutcomeDeadlines>();
        services.AddSingleton<SubmitCommand>();
        services.AddSingleton<MoveOwnMarks>();
        services.AddSingleton<Conversations.CreateConversation>();
    }

    private static void AddRealtime(IServiceCollection services)
    {
        services.AddSingleton(provider => new Audiences(provider.GetRequiredService<IConversationReader>().ListConversationIdsAsync));
        services.AddSingleton<TokenRenewal>();
        services.AddSingleton<TypingNotices>();
        services.AddSingleton<PrivateChanges>();
        services.AddSingleton<Receipts>();
        services.AddSingleton<PresenceRights>();
        services.AddSingleton<LastSeenMemory>();
        services.AddSingleton<PresenceTracker>();
        services.AddSingleton<LiveFanout>();
        services.AddSingleton<ILiveFanout>(provider => provider.GetRequiredService<LiveFanout>());
        services.AddHostedService(provider => provider.GetRequiredService<LiveFanout>());
        services.AddHostedService(provider => provider.GetRequiredService<PrivateChanges>());
        services.AddHostedService(provider => provider.GetRequiredService<Receipts>());
        // Stopped in reverse: the tracker's last notes are saved.
        services.AddHostedService(provider => provider.GetRequiredService<LastSeenMemory>());
        services.AddHostedService(provider => provider.GetRequiredService<PresenceTracker>());
        services.AddHostedService<ConnectionEndings>();
        services.AddHostedService<GracefulStop>();
    }

    private static void AddHub(IServiceCollection services)
    {
        services.AddSingleton<HubServices>();
        services.AddSignalR();
        services.AddOptions<HubOptions>().Configure<IOptions<ChatOptions>, Limits>((hub, options, limits) =>
        {
            hub.MaximumParallelInvocationsPerClient = options.Value.ParallelCalls;
            // Larger frames than the limit are still read, to be answered: see RefusingProtocol.
            hub.MaximumReceiveMessageSize = RefusingProtocol.LargestReceived(limits);
        });
        services.AddSingleton<HubLifetimeManager<ChatHub>, ChatLifetimeManager>();
        // The resolver takes the last protocol of a name: these replace SignalR's own, which they contain.
        services.AddSingleton<IHubProtocol>(provider => new RefusingProtocol(
            new JsonHubProtocol(Options.Create(new JsonHubProtocolOptions { PayloadSerializerOptions = CoolChatJson.Options })),
            provider.GetRequiredService<Limits>()));
        services.AddSingleton<IHubProtocol>(provider => new RefusingProtocol(
            new MessagePackHubProtocol(Options.Create(new MessagePackHubProtocolOptions { SerializerOptions = JsonThroughMessagePackResolver.Options })),
            provider.GetRequiredService<Limits>()));
    }
}
