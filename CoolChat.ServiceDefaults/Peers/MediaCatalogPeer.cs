using System.Collections.Concurrent;
using CoolChat.Contracts.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CoolChat.ServiceDefaults.Peers;

/// <summary>
/// <see cref="IMediaCatalog"/> of the media service, from elsewhere. A completed upload never changes, so it is remembered, though not for long: it can be
/// taken off the server.
/// </summary>
internal sealed class MediaCatalogPeer(PeerClient media, TimeProvider time) : IMediaCatalog
{
    private const string Path = "/internal/media-catalog";
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Guid, (MediaInfo Info, long At)> _known = new();

    public async ValueTask<MediaInfo?> FindAsync(Guid mediaId, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(mediaId, out (MediaInfo Info, long At) known) && time.GetElapsedTime(known.At) < Remembered)
            return known.Info;
        MediaInfo? found = await media.FindAsync<MediaInfo>($"{Path}/{mediaId:D}", cancellationToken);
        if (_known.Count >= MostRemembered)
            _known.Clear();
        if (found is null)
            _known.TryRemove(mediaId, out _);
        else
            _known[mediaId] = (found, time.GetTimestamp());
        return found;
    }

    public static void Map(IEndpointRouteBuilder app, params string[] callers) =>
        app.MapGet($"{Path}/{{id:guid}}", AnswerAsync).RequirePeer(callers).ExcludeFromDescription();

    private static async Task<Results<Ok<MediaInfo>, NotFound>> AnswerAsync(Guid id, IMediaCatalog catalog, CancellationToken cancellationToken) =>
        await catalog.FindAsync(id, cancellationToken) is { } info ? TypedResults.Ok(info) : TypedResults.NotFound();
}
