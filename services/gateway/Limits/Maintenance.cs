using System.Globalization;
using System.Text.Encodings.Web;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace CoolChat.Gateway.Limits;

/// <summary>While <c>Edge:Maintenance:Enabled</c>: 503 for everything, a page for whoever asked for one.</summary>
internal sealed class Maintenance(IOptionsMonitor<EdgeOptions> options) : IMiddleware
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        MaintenanceOptions maintenance = options.CurrentValue.Maintenance;
        if (!maintenance.Enabled || GatewayProbes.IsProbe(context.Request.Path))
            return next(context);
        return HttpMethods.IsGet(context.Request.Method) && WantsPage(context.Request)
            ? WritePageAsync(context, maintenance)
            : new Refusal(ErrorCodes.Unavailable, maintenance.Message, RetryAfter: maintenance.RetryAfterSeconds).ToProblem().ExecuteAsync(context);
    }

    private static bool WantsPage(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out IList<MediaTypeHeaderValue>? accepted)
        && accepted.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    private static Task WritePageAsync(HttpContext context, MaintenanceOptions maintenance)
    {
        HttpResponse response = context.Response;
        response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.RetryAfter = maintenance.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return response.WriteAsync($"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>CoolChat</title>
            <h1>Back soon</h1>
            <p>{HtmlEncoder.Default.Encode(maintenance.Message)}</p>
            </html>
            """, context.RequestAborted);
    }
}
