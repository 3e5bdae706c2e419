using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Media.Signing;
using CoolChat.ServiceDefaults.Identity;
using CoolChat.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CoolChat.Media.Uploads;

/// <summary>/media/uploads: announce, send parts, complete.</summary>
internal static class UploadsApi
{
    private static readonly Refusal BadAddress = Refusal.Forbidden("This address is not one of ours, or its time is over: ask for the upload again.");

    public static void MapUploads(this IEndpointRouteBuilder media)
    {
        RouteGroupBuilder uploads = media.MapGroup("/uploads").WithTags("uploads");
        uploads.MapPost("/", StartAsync).WithName("StartUpload")
            .WithSummary("Announces a file. Limits and quotas are refused here, before the first byte.");
        uploads.MapGet("/{id:guid}", FindAsync).WithName("GetUpload").WithSummary("Which parts are in, and where the others go.");
        uploads.MapPut("/{id:guid}/parts/{number:int}", PutPartAsync).WithName("PutPart").AllowAnonymous()
            .Accepts<Stream>("application/octet-stream")
            .WithSummary("Takes one part: exactly its size, in any order, repeatable. The signed address stands for the token.");
        uploads.MapPost("/{id:guid}/complete", CompleteAsync).WithName("CompleteUpload")
            .WithSummary("Checks the parts and makes the media object. Can be repeated.");
        uploads.MapDelete("/{id:guid}", AbortAsync).WithName("AbortUpload").WithSummary("Gives the upload up.");
    }

    private static async Task<Results<Created<UploadView>, ProblemHttpResult>> StartAsync(
        StartUploadRequest request, Caller caller, StartUpload start, CancellationToken cancellationToken)
    {
        Result<UploadView> started = await start.ExecuteAsync(caller.UserId, request, cancellationToken);
        return started.Ok ? TypedResults.Created($"/media/uploads/{started.Value.UploadId:D}", started.Value) : started.Refusal.ToProblem();
    }

    private static async Task<Results<Ok<UploadView>, ProblemHttpResult>> FindAsync(
        Guid id, Caller caller, FindUpload find, CancellationToken cancellationToken)
    {
        Result<UploadView> found = await find.ExecuteAsync(caller.UserId, id, cancellationToken);
        return found.Ok ? TypedResults.Ok(found.Value) : found.Refusal.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> PutPartAsync(
        Guid id, int number, string? exp, string? sig, HttpContext context, SignedAddresses addresses, ReceivePart receive,
        CancellationToken cancellationToken)
    {
        if (!addresses.IsValidPart(id, number, exp, sig))
            return BadAddress.ToProblem();
        // The exact size of the part takes the place of the host's general limit.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        Refusal? refusal = await receive.ExecuteAsync(id, number, context.Request.ContentLength, context.Request.Body, cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }

    private static async Task<Results<Ok<MediaView>, ProblemHttpResult>> CompleteAsync(
        Guid id, Caller caller, CompleteUpload complete, CancellationToken cancellationToken)
    {
        Result<MediaView> completed = await complete.ExecuteAsync(caller.UserId, id, cancellationToken);
        return completed.Ok ? TypedResults.Ok(completed.Value) : completed.Refusal.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> AbortAsync(
        Guid id, Caller caller, AbortUpload abort, CancellationToken cancellationToken)
    {
        Refusal? refusal = await abort.ExecuteAsync(caller.UserId, id, cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }
}
