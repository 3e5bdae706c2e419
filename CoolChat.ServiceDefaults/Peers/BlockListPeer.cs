using CoolChat.Contracts.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace CoolChat.ServiceDefaults.Peers;

/// <summary><see cref="IBlockFeed"/> of the user service, from elsewhere: what <see cref="BlockProjection"/> is kept true by.</summary>
internal sealed class BlockListPeer(PeerClient user) : IBlockFeed
{
    private const string Path = "/internal/blocks";

    public async ValueTask<BlockChanges> ReadChangesAsync(long version, int limit, CancellationToken cancellationToken) =>
        await user.FindAsync<BlockChanges>(FormattableString.Invariant($"{Path}/changes?version={version}&limit={limit}"), cancellationToken) ?? throw user.Missing(Path);

    public async ValueTask<IReadOnlyList<Block>> ReadAsync(Block? after, int limit, CancellationToken cancellationToken)
    {
        string from = after is { } last ? $"&blocker={last.Blocker:D}&blocked={last.Blocked:D}" : "";
        return await user.FindAsync<Block[]>(FormattableString.Invariant($"{Path}?limit={limit}{from}"), cancellationToken) ?? throw user.Missing(Path);
    }

    public static void Map(IEndpointRouteBuilder app, params string[] callers)
    {
        RouteGroupBuilder blocks = app.MapGroup(Path).RequirePeer(callers).ExcludeFromDescription();
        blocks.MapGet("", AnswerAsync);
        blocks.MapGet("/changes", AnswerChangesAsync);
    }

    private static async Task<Ok<IReadOnlyList<Block>>> AnswerAsync(
        Guid? blocker, Guid? blocked, int limit, [FromServices] IBlockFeed feed, CancellationToken cancellationToken) =>
        TypedResults.Ok(await feed.ReadAsync(blocker is { } first && blocked is { } second ? new Block(first, second) : null, limit, cancellationToken));

    private static async Task<Ok<BlockChanges>> AnswerChangesAsync(
        long version, int limit, [FromServices] IBlockFeed feed, CancellationToken cancellationToken) =>
        TypedResults.Ok(await feed.ReadChangesAsync(version, limit, cancellationToken));
}
