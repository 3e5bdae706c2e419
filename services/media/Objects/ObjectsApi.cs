using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Media.Signing;
using CoolChat.ServiceDefaults.Identity;
using CoolChat.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CoolChat.Media.Objects;

/// <summary>/media/{id}: addresses, bytes, deletion.</summary>
internal static class ObjectsApi
{
    private static readonly Refusal BadAddress = Refusal.Forbidden("This address is not one of ours, or its time is over: ask for a new one.");
    private static readonly Refusal SignIn = new(ErrorCodes.Unauthenticated, "Sign in, or ask for a signed address.");

    public static void MapObjects(this IEndpointRouteBuilder media)
    {
        RouteGroupBuilder objects = media.MapGroup("/{id:guid}").WithTags("media");
        objects.MapGet("/url", CreateAddressAsync).WithName("GetMediaUrl").WithSummary("A short-lived signed address of the bytes.");
        MapReading(objects, HttpMethods.Get).WithName("GetMedia").WithSummary("The bytes, or a range of them: with a token or at a signed address.");
        MapReading(objects, HttpMethods.Head).WithName("HeadMedia").WithSummary("Size and type of the bytes: with a token or at a signed address.");
        objects.MapDelete("/", DeleteAsync).WithName("DeleteMedia").WithSummary("Takes one's own object off the server, for everybody.");
    }

    /// <summary>An endpoint each, because the name of an operation is one method's.</summary>
    private static RouteHandlerBuilder MapReading(RouteGroupBuilder objects, string method) => objects.MapMethods("/", [method], ReadAsync).AllowAnonymous()
        .Produces(StatusCodes.Status200OK, contentType: MediaTypes.Unknown)
        .Produces(StatusCodes.Status206PartialContent, contentType: MediaTypes.Unknown)
        .ProducesProblem(StatusCodes.Status416RangeNotSatisfiable);

    private static async Task<Results<Ok<MediaUrlView>, ProblemHttpResult>> CreateAddressAsync(
        Guid id, Caller caller, CreateAddress create, CancellationToken cancellationToken)
    {
        Result<MediaUrlView> created = await create.ExecuteAsync(caller.UserId, id, cancellationToken);
        return created.Ok ? TypedResults.Ok(created.Value) : created.Refusal.ToProblem();
    }

    private static async Task<IResult> ReadAsync(
        Guid id, string? by, string? exp, string? sig, HttpContext context, SignedAddresses addresses, MediaAccess access, IMediaStore store,
        CancellationToken cancellationToken)
    {
        bool signed = sig is not null;
        Guid signedFor = Guid.TryParse(by, out Guid named) ? named : Guid.Empty;
        if (signed && !addresses.IsValidObject(id, signedFor, exp, sig))
            return BadAddress.ToProblem();
        Guid? viewer = signed ? signedFor : Caller.From(context.User)?.UserId;
        Result<MediaRecord> found = viewer is { } person ? await access.FindAsync(person, id, cancellationToken) : SignIn;
        if (!found.Ok)
            return found.Refusal.ToProblem();
        if (await store.OpenAsync(id, cancellationToken) is not { } content)
            return Refusal.NotFound().ToProblem();
        return MediaResponse.Create(context.Response, found.Value, content, signed);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        Guid id, Caller caller, DeleteMedia delete, CancellationToken cancellationToken)
    {
        Refusal? refusal = await delete.ExecuteAsync(caller.UserId, id, cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }
}
