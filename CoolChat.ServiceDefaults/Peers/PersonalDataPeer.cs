using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace CoolChat.ServiceDefaults.Peers;

/// <summary><see cref="IPersonalData"/> of another service: its files are streamed, its erasing is waited for.</summary>
internal sealed class PersonalDataPeer(PeerClient peer, string section) : IPersonalData
{
    private const string Path = "/internal/personal-data";

    public string Section => section;

    public async Task ExportAsync(
        Guid userId, Func<string, Func<Stream, CancellationToken, Task>, Task> writeFile, CancellationToken cancellationToken)
    {
        using HttpResponseMessage files = await peer.SendAsync(HttpMethod.Get, $"{Path}/{userId:D}", cancellationToken) ?? throw Missing();
        await using Stream body = await files.Content.ReadAsStreamAsync(cancellationToken);
        await FileFrames.ReadAsync(body, writeFile, cancellationToken);
    }

    public async Task EraseAsync(Guid userId, bool eraseMessages, CancellationToken cancellationToken)
    {
        using HttpResponseMessage done =
            await peer.SendAsync(HttpMethod.Delete, $"{Path}/{userId:D}?eraseMessages={(eraseMessages ? "true" : "false")}", cancellationToken) ?? throw Missing();
    }

    /// <summary>The person need not be known there, so 404 means that nobody offers this.</summary>
    private RefusedException Missing() => new(new Refusal(ErrorCodes.Unavailable, $"Nobody answers for the section {section}."));

    public static void Map(IEndpointRouteBuilder app, params string[] callers)
    {
        RouteGroupBuilder data = app.MapGroup(Path + "/{userId:guid}").RequirePeer(callers).ExcludeFromDescription();
        data.MapGet("", Export);
        data.MapDelete("", AnswerAsync);
    }

    private static PushStreamHttpResult Export(Guid userId, [FromServices] IPersonalData own, HttpContext http) => TypedResults.Stream(
        async body =>
        {
            // Headers first: gathering may take longer than a caller waits for them.
            await body.FlushAsync(http.RequestAborted);
            await FileFrames.WriteAsync(body, writeFile => own.ExportAsync(userId, writeFile, http.RequestAborted), http.RequestAborted);
        },
        "application/octet-stream");

    private static async Task<NoContent> AnswerAsync(Guid userId, bool eraseMessages, [FromServices] IPersonalData own)
    {
        // Not cancelled: half an erasure is worse than one whose answer nobody waits for.
        await own.EraseAsync(userId, eraseMessages, CancellationToken.None);
        return TypedResults.NoContent();
    }
}
