using CoolChat.Contracts.Internal;
using Microsoft.AspNetCore.Http;

namespace CoolChat.User.Auth;

/// <summary>
/// The refresh token of browsers: HttpOnly, SameSite=Strict, only sent to /user/auth, Secure except on a loopback address over http. Whoever uses it must
/// show that the request is this site's own: an allowed Origin, and a body of JSON or the header X-CoolChat, which other sites can't send
/// unasked.
/// </summary>
internal sealed class RefreshCookie(PublicOrigins origins)
{
    public const string Name = "coolchat_refresh";
    public const string Header = "X-CoolChat";
    private const string Path = "/user/auth";

    public static string? Read(HttpRequest request) => request.Cookies[Name];

    public static void Write(HttpContext http, string token, DateTimeOffset expiresAt) =>
        http.Response.Cookies.Append(Name, token, Options(http.Request, expiresAt));

    public static void Remove(HttpContext http) => http.Response.Cookies.Delete(Name, Options(http.Request, null));

    /// <summary>Why the cookie can't be used in this request; null when it can.</summary>
    public Refusal? Refuse(HttpRequest request)
    {
        bool unforgeable = request.Headers.ContainsKey(Header) || request.HasJsonContentType();
        if (!unforgeable)
            return new Refusal("csrf", $"With the cookie, send a body of application/json or the header {Header}.", Status: 403);
        string? origin = request.Headers.Origin;
        if (origin is not null ? origins.Allows(Origin.Parse(origin)) : request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin")
            return null;
        return new Refusal("csrf", $"The cookie can't be used from another site. {PublicOrigins.Advice}", Status: 403);
    }

    private static CookieOptions Options(HttpRequest request, DateTimeOffset? expiresAt) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Path = Path,
        Secure = request.IsHttps || !new Origin(request.Scheme, request.Host.Host, 80).IsLoopback,
        Expires = expiresAt,
        IsEssential = true,
    };
}
