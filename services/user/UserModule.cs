using CoolChat.Contracts.Internal;
using CoolChat.Engines;
using CoolChat.Engines.Mongo;
using CoolChat.User.Accounts;
using CoolChat.User.Adapters.Mongo;
using CoolChat.User.Adapters.Sqlite;
using CoolChat.User.Auth;
using CoolChat.User.Data;
using CoolChat.User.Hosting;
using CoolChat.User.Profiles;
using CoolChat.User.Registration;
using CoolChat.User.Relations;
using CoolChat.User.Sessions;
using CoolChat.User.SignIn;
using CoolChat.User.Tokens;
using CoolChat.User.Wallets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CoolChat.User;

/// <summary>The user module: wallet sign-in, sessions, profiles, contacts, blocks, registration.</summary>
public static class UserModule
{
    /// <summary>
    /// Registers the module. It provides <see cref="IVerificationKeys"/>, <see cref="ISessionStatus"/>, <see cref="IBlockList"/>,
    /// <see cref="IBlockFeed"/>, <see cref="IUserDirectory"/>, <see cref="IContactLists"/>, <see cref="ILastSeen"/>, <see cref="IPersonalData"/>, <see cref="IPublicMedia"/> and <see cref="IOwnerClaim"/>, and needs
    /// <see cref="IIntegrationEvents"/> and, for pictures, <see cref="IMediaCatalog"/>.
    /// </summary>
    public static IHostApplicationBuilder AddUser(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        AddOptions(services);
        AddStores(services, Shape.IsCluster(builder.Configuration));
        services.AddSingleton<PublicOrigins>();
        services.AddWalletProof();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<IVerificationKeys>(static provider => provider.GetRequiredService<KeyRing>());
        services.AddSingleton<TokenIssuer>();
        services.AddSingleton<RefreshTokens>();
        services.AddSingleton<RefreshCookie>();
        services.AddSingleton<OpenSession>();
        services.AddSingleton<RenewSession>();
        services.AddSingleton<SessionAnswers>();
        services.AddSingleton<EndSessions>();
        services.AddSingleton<EndedSessions>();
        services.AddSingleton<ISessionStatus>(static provider => provider.GetRequiredService<EndedSessions>());
        services.AddSingleton<IBlockFeed, BlockFeed>();
        services.AddSingleton<BlockProjection>();
        services.AddSingleton<IBlockList>(static provider => provider.GetRequiredService<BlockProjection>());
        services.AddSingleton<CurrentSettings>();
        services.AddSingleton<OwnerClaim>();
        services.AddSingleton<IOwnerClaim>(static provider => provider.GetRequiredService<OwnerClaim>());
        services.AddSingleton<Admission>();
        services.AddSingleton<ProfileViews>();
        services.AddSingleton<ChangeProfile>();
        services.AddSingleton<People>();
        services.AddSingleton<IUserDirectory>(static provider => provider.GetRequiredService<People>());
        services.AddSingleton<IContactLists>(static provider => provider.GetRequiredService<People>());
        services.AddSingleton<ILastSeen, LastSeenTimes>();
        services.AddSingleton<IPublicMedia, PublicAvatars>();
        services.AddSingleton<NoteRelation>();
        services.AddSingleton<InviteToRegister>();
        services.AddSingleton<ChangeStanding>();
        services.AddSingleton<UserPersonalData>();
        services.AddSingleton<IPersonalData>(static provider => provider.GetRequiredService<UserPersonalData>());
        services.AddSingleton<DeleteAccount>();
        services.AddHostedService<UserStartup>();
        return builder;
    }

    /// <summary>Maps /user and /.well-known/jwks.json.</summary>
    public static IEndpointRouteBuilder MapUser(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        RouteGroupBuilder user = app.MapGroup("/user").RequireAuthorization();
        user.MapAuth();
        user.MapSessions();
        user.MapProfiles();
        user.MapWallets();
        user.MapRelations();
        user.MapRegistration();
        user.MapAdmin();
        user.MapData();
        app.MapJwks();
        return app;
    }

    private static void AddOptions(IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<AuthOptions>, AuthOptionsRules>();
        services.AddOptions<AuthOptions>().BindConfiguration(AuthOptions.Section, static binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RegistrationOptions>, RegistrationOptionsRules>();
        services.AddOptions<RegistrationOptions>().BindConfiguration(RegistrationOptions.Section, static binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
    }

    /// <summary>The only place that chooses adapters.</summary>
    private static void AddStores(IServiceCollection services, bool cluster)
    {
        if (cluster)
            AddMongo(services);
        else
            AddSqlite(services);
    }

    private static void AddMongo(IServiceCollection services)
    {
        services.AddMongo();
        services.AddSingleton<UserCollections>();
        services.AddHostedService<MongoMigration<UserCollections>>();
        services.AddSingleton<IAccountStore, MongoAccounts>();
        services.AddSingleton<ISessionStore, MongoSessions>();
        services.AddSingleton<IRelationStore, MongoRelations>();
        services.AddSingleton<IServerStore, MongoServer>();
    }

    private static void AddSqlite(IServiceCollection services)
    {
        services.AddSingleton<UserDatabase>(static provider => new UserDatabase(
            provider.GetRequiredService<IConfiguration>()));
        services.AddSingleton<IAccountStore, SqliteAccounts>();
        services.AddSingleton<IBackupPart, UserBackup>();
        services.AddSingleton<IRestorePart, UserRestore>();
        services.AddSingleton<ISessionStore, SqliteSessions>();
        services.AddSingleton<IRelationStore, SqliteRelations>();
        services.AddSingleton<IServerStore, SqliteServer>();
    }
}
