using CoolChat.Contracts.Internal;
using CoolChat.Media.Adapters;
using CoolChat.Media.Objects;
using CoolChat.Media.PersonalData;
using CoolChat.Media.Signing;
using CoolChat.Media.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CoolChat.Media;

/// <summary>The media service: resumable uploads and signed downloads.</summary>
public static class MediaModule
{
    /// <summary>
    /// Registers the service, its <see cref="IMediaCatalog"/> and its <see cref="IPersonalData"/>. Needs an <see cref="IMediaGrants"/>;
    /// every <see cref="IPublicMedia"/> that is registered makes objects visible to all who are signed in.
    /// </summary>
    public static IHostApplicationBuilder AddMedia(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        IServiceCollection services = builder.Services;
        services.AddSingleton<IValidateOptions<MediaOptions>, MediaOptionsValidator>();
        services.AddOptions<MediaOptions>().BindConfiguration(MediaOptions.Section).ValidateOnStart();
        services.AddMediaAdapters(builder.Configuration);
        services.AddSingleton<SignedAddresses>();
        services.AddSingleton<UploadLocks>();
        services.AddSingleton<PartSlots>();
        services.AddSingleton<UploadViews>();
        services.AddSingleton<StartUpload>();
        services.AddSingleton<FindUpload>();
        services.AddSingleton<ReceivePart>();
        services.AddSingleton<CompleteUpload>();
        services.AddSingleton<AbortUpload>();
        services.AddSingleton<MediaAccess>();
        services.AddSingleton<CreateAddress>();
        services.AddSingleton<DeleteMedia>();
        services.AddSingleton<RemoveMedia>();
        services.AddSingleton<IMediaCatalog, MediaCatalog>();
        services.AddSingleton<IPersonalData, MediaPersonalData>();
        services.AddHostedService<UploadSweeper>();
        return builder;
    }

    /// <summary>Maps /media.</summary>
    public static IEndpointRouteBuilder MapMedia(this IEndpointRouteBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        RouteGroupBuilder media = app.MapGroup("/media").RequireAuthorization();
        media.MapUploads();
        media.MapObjects();
        return app;
    }
}
