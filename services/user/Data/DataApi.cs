using System.IO.Compression;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Identity;
using CoolChat.ServiceDefaults.Problems;
using CoolChat.User.Auth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace CoolChat.User.Data;

internal static class DataApi
{
    public static void MapData(this RouteGroupBuilder user)
    {
        RouteGroupBuilder data = user.MapGroup("/me").WithTags("My data");
        data.MapGet("/export", Export).WithSummary("Everything about me, as a zip");
        data.MapDelete("", DeleteAsync).WithSummary("Deletes my account; confirm with my own address");
    }

    /// <summary>Streamed while it is gathered; when gathering fails the connection breaks, so that half an archive can't pass for a whole one.</summary>
    private static PushStreamHttpResult Export(Caller caller, IEnumerable<IPersonalData> sections, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        // ZipArchive writes the few bytes that end an entry synchronously; everything else is asynchronous.
        http.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true;
        return TypedResults.Stream(
            body => WriteAsync(caller.UserId, sections, body, http.RequestAborted), "application/zip", $"coolchat-{caller.Address}.zip");
    }

    private static async Task WriteAsync(Guid userId, IEnumerable<IPersonalData> sections, Stream body, CancellationToken cancellationToken)
    {
        await using ZipArchive zip = await ZipArchive.CreateAsync(body, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        foreach (IPersonalData section in sections)
        {
            await section.ExportAsync(userId, async (name, write) =>
            {
                ZipArchiveEntry entry = zip.CreateEntry($"{section.Section}/{name}");
                await using Stream file = await entry.OpenAsync(cancellationToken);
                await write(file, cancellationToken);
            }, cancellationToken);
        }
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        [FromBody] DeleteAccountRequest request, Caller caller, DeleteAccount delete, HttpContext http, CancellationToken cancellationToken)
    {
        Result<bool> deleted = await delete.ExecuteAsync(caller.UserId, request, cancellationToken);
        if (!deleted.Ok)
            return deleted.Refusal.ToProblem();
        if (RefreshCookie.Read(http.Request) is not null)
            RefreshCookie.Remove(http);
        return TypedResults.NoContent();
    }
}
