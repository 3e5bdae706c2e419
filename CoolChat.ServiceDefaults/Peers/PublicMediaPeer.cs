using CoolChat.Contracts.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CoolChat.ServiceDefaults.Peers;

/// <summary><see cref="IPublicMedia"/> of the user service, from elsewhere. Never remembered: it decides who may see something.</summary>
internal sealed class PublicMediaPeer(PeerClient user) : IPublicMedia
{
    private const string Path = "/internal/public-media";

    public async ValueTask<bool> IsPublicAsync(Guid mediaId, CancellationToken cancellationToken)
    {
        using HttpResponseMessage? found = await user.SendAsync(HttpMethod.Get, $"{Path}/{mediaId:D}", cancellationToken);
        return found is not null;
    }

    public static void Map(IEndpointRouteBuilder app, params string[] callers) =>
        app.MapGet($"{Path}/{{id:guid}}", AnswerAsync).RequirePeer(callers).ExcludeFromDescription();

    private static async Task<Results<NoContent, NotFound>> AnswerAsync(Guid id, IPublicMedia shown, CancellationToken cancellationToken) =>
        await shown.IsPublicAsync(id, cancellationToken) ? TypedResults.NoContent() : TypedResults.NotFound();
}
