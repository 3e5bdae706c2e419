using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CoolChat.ServiceDefaults.Problems;

/// <summary>The one place where a refusal's code becomes an HTTP status, and a bare HTTP status a code.</summary>
public static class ProblemMapping
{
    /// <summary>The refusal as problem details (RFC 9457) with <c>code</c>, <c>field</c> and <c>retryAfter</c>, and the Retry-After header.</summary>
    public static ProblemHttpResult ToProblem(this Refusal refusal) => TypedResults.Problem(ToDetails(refusal));

    /// <summary>The HTTP status of a refusal.</summary>
    public static int StatusOf(Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return refusal.Status ?? refusal.Code switch
        {
            ErrorCodes.Invalid => StatusCodes.Status400BadRequest,
            ErrorCodes.Unauthenticated or ErrorCodes.ServerRestored => StatusCodes.Status401Unauthorized,
            ErrorCodes.Forbidden => StatusCodes.Status403Forbidden,
            ErrorCodes.NotFound => StatusCodes.Status404NotFound,
            MethodNotAllowed => StatusCodes.Status405MethodNotAllowed,
            ErrorCodes.CommandIdConflict or ErrorCodes.SeqConflict or ErrorCodes.Conflict => StatusCodes.Status409Conflict,
            ErrorCodes.HistoryTrimmed or ErrorCodes.InviteEnded => StatusCodes.Status410Gone,
            ErrorCodes.TooLarge => StatusCodes.Status413PayloadTooLarge,
            UnsupportedMediaType => StatusCodes.Status415UnsupportedMediaType,
            ErrorCodes.Poison => StatusCodes.Status422UnprocessableEntity,
            ErrorCodes.RateLimited => StatusCodes.Status429TooManyRequests,
            ErrorCodes.Internal => StatusCodes.Status500InternalServerError,
            ErrorCodes.BadGateway => StatusCodes.Status502BadGateway,
            ErrorCodes.GatewayTimeout => StatusCodes.Status504GatewayTimeout,
            ErrorCodes.Busy or ErrorCodes.Unavailable => StatusCodes.Status503ServiceUnavailable,
            ErrorCodes.StorageFull => StatusCodes.Status507InsufficientStorage,
            _ => StatusCodes.Status400BadRequest,
        };
    }

    internal const string MethodNotAllowed = "method_not_allowed";
    internal const string UnsupportedMediaType = "unsupported_media_type";

    internal static ProblemDetails ToDetails(Refusal refusal)
    {
        ProblemDetails details = new() { Status = StatusOf(refusal), Detail = refusal.Detail };
        details.Extensions["code"] = refusal.Code;
        if (refusal.Field is not null)
            details.Extensions["field"] = refusal.Field;
        if (refusal.RetryAfter is { } seconds)
            details.Extensions["retryAfter"] = seconds;
        return details;
    }

    /// <summary>What the framework's own answers (no route, no token ...) mean.</summary>
    internal static Refusal FromStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => new(ErrorCodes.Unauthenticated, "Sign in: a valid access token is needed."),
        StatusCodes.Status403Forbidden => new(ErrorCodes.Forbidden, "You may not do this."),
        StatusCodes.Status404NotFound => Refusal.NotFound(),
        StatusCodes.Status405MethodNotAllowed => new(MethodNotAllowed, "This address does not know that method."),
        StatusCodes.Status413PayloadTooLarge => new(ErrorCodes.TooLarge, "The request is larger than allowed."),
        StatusCodes.Status415UnsupportedMediaType => new(UnsupportedMediaType, "Send the body as application/json in UTF-8."),
        StatusCodes.Status429TooManyRequests => new(ErrorCodes.RateLimited, "Too many requests; try again later."),
        StatusCodes.Status503ServiceUnavailable => new(ErrorCodes.Unavailable, "Not available just now; try again later."),
        StatusCodes.Status502BadGateway => new(ErrorCodes.BadGateway, "The service gave no proper answer; try again later."),
        StatusCodes.Status504GatewayTimeout => new(ErrorCodes.GatewayTimeout, "The service did not answer in time; try again later."),
        >= 500 => new(ErrorCodes.Internal, "Something went wrong on the server.", Status: status),
        _ => new(ErrorCodes.Invalid, "The request is not valid.", Status: status),
    };
}
