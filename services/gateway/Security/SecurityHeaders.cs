using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CoolChat.Gateway.Security;

/// <summary>
/// Headers of every response. By default a response may run, load and frame nothing, so that nothing which is served as data (media that
/// people upload, problem details, metrics) can act as a page of our origin; only the web app's page gets a policy that lets it work.
/// </summary>
internal static class SecurityHeaders
{
    private const string InertPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";
    private const string HstsYear = "max-age=31536000";
    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]");

    public static void Apply(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()";
        headers.ContentSecurityPolicy = InertPolicy;
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = HstsYear;
    }

    /// <summary>The policy of the web app's page: own scripts and styles only, nothing inline; it talks to its own server.</summary>
    public static void AllowApp(HttpContext context)
    {
        // 'self' does not cover WebSockets in every browser, so their address is spelled out.
        string host = context.Request.Host.Value ?? "";
        string sockets = host.Length > 0 && !host.AsSpan().ContainsAnyExcept(HostCharacters) ? $" {(context.Request.IsHttps ? "wss" : "ws")}://{host}" : "";
        context.Response.Headers[HeaderNames.ContentSecurityPolicy] =
            "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
            + $"connect-src 'self'{sockets}; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }
}
