using System.Globalization;
using CoolChat.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace CoolChat.ServiceDefaults.Problems;

/// <summary>Writes problem details whatever the client accepts, fills in a code where there is none, and sets Retry-After.</summary>
internal sealed class ProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context) => new(WriteAsync(context.HttpContext, context.ProblemDetails));

    public static Task WriteAsync(HttpContext context, ProblemDetails details)
    {
        int status = details.Status ?? context.Response.StatusCode;
        if (!details.Extensions.ContainsKey("code"))
        {
            ProblemDetails standard = ProblemMapping.ToDetails(ProblemMapping.FromStatus(status));
            details.Detail ??= standard.Detail;
            details.Extensions["code"] = standard.Extensions["code"];
        }
        details.Status = status;
        details.Title ??= Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
        // The type adds nothing to the code; absent means about:blank (RFC 9457 section 4.2.1).
        details.Type = null;
        context.Response.StatusCode = status;
        context.Response.Headers[HeaderNames.CacheControl] = "no-store";
        if (details.Extensions.TryGetValue("retryAfter", out object? after) && after is int seconds)
            context.Response.Headers[HeaderNames.RetryAfter] = seconds.ToString(CultureInfo.InvariantCulture);
        return context.Response.WriteAsJsonAsync(details, CoolChatJson.Options, "application/problem+json", context.RequestAborted);
    }
}
