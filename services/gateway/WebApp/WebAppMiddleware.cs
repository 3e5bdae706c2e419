using CoolChat.Gateway.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CoolChat.Gateway.WebApp;

/// <summary>
/// Answers GET and HEAD of what no endpoint claims with the web app: its files by name, its page for every other address outside the APIs.
/// A middleware and not a fallback route, because that would answer wrong methods on the APIs' routes too, instead of 405.
/// </summary>
internal sealed class WebAppMiddleware(RequestDelegate next, WebAppFiles files)
{
    private static readonly string[] Apis = ["/user", "/chat", "/media", "/openapi", "/.well-known", "/health", "/alive", "/metrics", "/assets"];

    public Task InvokeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        bool reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (!reads || context.GetEndpoint() is not null)
            return next(context);
        if (files.Find(request.Path) is { } file)
            return SendAsync(context, file);
        if (Array.Exists(Apis, api => request.Path.StartsWithSegments(api, StringComparison.OrdinalIgnoreCase)))
            return next(context);
        if (files.Page is { } page)
            return SendAsync(context, page);
        return request.Path == "/" ? SendMissingAsync(context) : next(context);
    }

    private static Task SendAsync(HttpContext context, WebAppFile file)
    {
        HttpResponse response = context.Response;
        (string path, string? encoding) = Choose(file, context.Request.Headers.AcceptEncoding);
        response.Headers.CacheControl = file.Caching;
        response.Headers.ContentEncoding = encoding;
        response.Headers.ETag = file.Tag.ToString();
        if (file.Brotli is not null)
            response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (file.ContentType == "text/html")
            SecurityHeaders.AllowApp(context);
        RequestHeaders conditions = new(context.Request.Headers);
        if (conditions.IfNoneMatch.Any(tag => tag.Compare(file.Tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        response.ContentType = file.ContentType.StartsWith("text/", StringComparison.Ordinal) ? file.ContentType + "; charset=utf-8" : file.ContentType;
        response.ContentLength = new FileInfo(path).Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.SendFileAsync(path, context.RequestAborted);
    }

    private static (string Path, string? Encoding) Choose(WebAppFile file, StringValues accepted)
    {
        if (!StringWithQualityHeaderValue.TryParseList(accepted, out IList<StringWithQualityHeaderValue>? list))
            return (file.Path, null);
        bool Accepts(string name) => list.Any(entry => entry.Value.Equals(name, StringComparison.OrdinalIgnoreCase) && entry.Quality is not 0);
        if (file.Brotli is not null && Accepts("br"))
            return (file.Brotli, "br");
        return file.Gzip is not null && Accepts("gzip") ? (file.Gzip, "gzip") : (file.Path, null);
    }

    private static Task SendMissingAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        return context.Response.WriteAsync("""
            <!doctype html>
            <html lang="en">
            <title>CoolChat</title>
            <h1>CoolChat runs, but its web app is missing</h1>
            <p>It was built without Node. Install Node 20.19 or newer, then build and start CoolChat again.</p>
            </html>
            """, context.RequestAborted);
    }
}
