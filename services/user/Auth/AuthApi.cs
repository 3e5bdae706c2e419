using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Identity;
using CoolChat.ServiceDefaults.Problems;
using CoolChat.User.Registration;
using CoolChat.User.Sessions;
using CoolChat.User.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace CoolChat.User.Auth;

internal static class AuthApi
{
    private const int MaxRequestId = 128;

    public static void MapAuth(this RouteGroupBuilder user)
    {
        RouteGroupBuilder auth = user.MapGroup("/auth").WithTags("Sign-in").AllowAnonymous();
        auth.AddEndpointFilter(NoStore);
        auth.MapGet("/config", ConfigAsync).WithSummary("What a client needs to know before signing in");
        auth.MapGet("/nonce", Nonce).WithSummary("A nonce for one message to sign (EIP-4361): to sign in, or, signed in, to link a wallet");
        auth.MapPost("/verify", VerifyAsync).WithSummary("Signs in with a signed message");
        auth.MapPost("/refresh", RefreshAsync).WithSummary("Next tokens for a refresh token, from the body or the cookie");
        auth.MapPost("/logout", LogoutAsync).WithSummary("Ends the session of the access token, the refresh token or the cookie");
    }

    private static async Task<Ok<AuthConfig>> ConfigAsync(
        CurrentSettings settings, IOptions<AuthOptions> options, PublicOrigins origins, OwnerClaim claim, CancellationToken cancellationToken)
    {
        ServerSettings current = await settings.ReadAsync(cancellationToken);
        return TypedResults.Ok(new AuthConfig
        {
            ServerName = current.Name!,
            Statement = Statements.For(current.Name!),
            Origins = [.. origins.Known.Select(static origin => origin.ToString())],
            ChainIds = options.Value.Chains,
            Registration = current.Registration!,
            Unclaimed = claim.IsPending ? true : null,
            Limits = new UserLimits(),
        });
    }

    /// <param name="purpose">sign-in (the default) or link.</param>
    /// <param name="requestId">When given, the message must have it as its Request ID.</param>
    /// <param name="proofs">Makes it.</param>
    /// <param name="http">Who asks.</param>
    private static Results<Ok<NonceView>, ProblemHttpResult> Nonce(string? purpose, string? requestId, IWalletProofs proofs, HttpContext http)
    {
        if (requestId is { Length: > MaxRequestId } || !Rfc3986.IsPChars(requestId))
            return Refusal.Invalid("requestId", $"At most {MaxRequestId} characters that RFC 3986 calls pchar.").ToProblem();
        switch (purpose)
        {
            case null or "sign-in":
                return TypedResults.Ok(proofs.IssueNonce(ProofContext.SignIn, requestId));
            case "link":
                return Caller.From(http.User) is { } caller
                    ? TypedResults.Ok(proofs.IssueNonce(ProofContext.Link(caller.UserId), requestId))
                    : new Refusal(ErrorCodes.Unauthenticated, "Only who is signed in can link a wallet.").ToProblem();
            default:
                return Refusal.Invalid("purpose", "It is sign-in or link.").ToProblem();
        }
    }

    private static async Task<Results<Ok<AuthResult>, ProblemHttpResult>> VerifyAsync(
        SignInRequest request, OpenSession open, HttpContext http, CancellationToken cancellationToken)
    {
        Result<OpenedSession> opened = await open.ExecuteAsync(request, http.Request.Headers.UserAgent, cancellationToken);
        return opened.Ok ? Answer(http, opened.Value, request.Device?.Cookie == true) : opened.Refusal.ToProblem();
    }

    private static async Task<Results<Ok<AuthResult>, ProblemHttpResult>> RefreshAsync(
        RefreshRequest? request, RenewSession renew, RefreshCookie cookie, HttpContext http, CancellationToken cancellationToken)
    {
        bool byCookie = string.IsNullOrEmpty(request?.RefreshToken) && RefreshCookie.Read(http.Request) is not null;
        if (byCookie && cookie.Refuse(http.Request) is { } forged)
            return forged.ToProblem();
        Result<OpenedSession> opened = await renew.ExecuteAsync(
            byCookie ? RefreshCookie.Read(http.Request) : request?.RefreshToken, cancellationToken);
        if (opened.Ok)
            return Answer(http, opened.Value, byCookie);
        if (byCookie)
            RefreshCookie.Remove(http);
        return opened.Refusal.ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> LogoutAsync(
        RefreshRequest? request, RenewSession renew, EndSessions end, RefreshCookie cookie, HttpContext http, CancellationToken cancellationToken)
    {
        string? inCookie = RefreshCookie.Read(http.Request);
        if (Caller.From(http.User) is { } caller)
        {
            await end.OneAsync(caller.UserId, caller.SessionId, cancellationToken);
        }
        else
        {
            bool byCookie = string.IsNullOrEmpty(request?.RefreshToken) && inCookie is not null;
            if (byCookie && cookie.Refuse(http.Request) is { } forged)
                return forged.ToProblem();
            if (await renew.FindAsync(byCookie ? inCookie : request?.RefreshToken, cancellationToken) is { } session)
                await end.OneAsync(session.UserId, session.Id, cancellationToken);
        }
        if (inCookie is not null)
            RefreshCookie.Remove(http);
        return TypedResults.NoContent();
    }

    private static Ok<AuthResult> Answer(HttpContext http, OpenedSession opened, bool cookie)
    {
        if (!cookie)
            return TypedResults.Ok(opened.Result);
        RefreshCookie.Write(http, opened.RefreshToken, opened.RefreshExpiresAt);
        return TypedResults.Ok(opened.Result with { RefreshToken = null });
    }

    private static ValueTask<object?> NoStore(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }
}
