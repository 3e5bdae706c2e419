using CoolChat.Contracts.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace CoolChat.ServiceDefaults.Peers;

/// <summary><see cref="ILastSeen"/> of the user service, from elsewhere, in batches. Chat coalesces and remembers.</summary>
internal sealed class LastSeenPeer(PeerClient user) : ILastSeen
{
    private const string Path = "/internal/last-seen";
    private const int AtOnce = 1_000;

    public async ValueTask NoteAsync(IReadOnlyCollection<KeyValuePair<Guid, DateTimeOffset>> seen, CancellationToken cancellationToken)
    {
        foreach (KeyValuePair<Guid, DateTimeOffset>[] some in seen.Chunk(AtOnce))
            await user.TellAsync(Path, new Dictionary<Guid, DateTimeOffset>(some), cancellationToken);
    }

    public async ValueTask<IReadOnlyDictionary<Guid, DateTimeOffset>> FindAsync(IReadOnlyCollection<Guid> userIds, CancellationToken cancellationToken)
    {
        Dictionary<Guid, DateTimeOffset> found = [];
        foreach (Guid[] some in userIds.Chunk(AtOnce))
        {
            foreach ((Guid id, DateTimeOffset at) in await user.AskAsync<Dictionary<Guid, DateTimeOffset>>(Path + "/find", some, cancellationToken))
                found[id] = at;
        }
        return found;
    }

    public static void Map(IEndpointRouteBuilder app, params string[] callers)
    {
        RouteGroupBuilder seen = app.MapGroup(Path).RequirePeer(callers).ExcludeFromDescription();
        seen.MapPost("", AnswerNoteAsync);
        seen.MapPost("/find", AnswerFindAsync);
    }

    private static async Task<NoContent> AnswerNoteAsync(Dictionary<Guid, DateTimeOffset> seen, [FromServices] ILastSeen own, CancellationToken cancellationToken)
    {
        await own.NoteAsync(seen, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<IReadOnlyDictionary<Guid, DateTimeOffset>>> AnswerFindAsync(
        Guid[] ids, [FromServices] ILastSeen own, CancellationToken cancellationToken) => TypedResults.Ok(await own.FindAsync(ids, cancellationToken));
}
