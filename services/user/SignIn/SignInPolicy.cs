using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Options;
using static CoolChat.User.SignIn.SignInErrors;

namespace CoolChat.User.SignIn;

/// <summary>Whether a well-formed message is one that this server would sign somebody in with, now. Nonce and signature are others' business.</summary>
internal sealed class SignInPolicy(IOptions<SignInOptions> options, TimeProvider time)
{
    /// <param name="message">A parsed message: its version is 1, and its URI is one.</param>
    /// <param name="origins">Where this server is opened; never taken from the request's Host header.</param>
    /// <param name="requestId">What Request ID must be; null = anything, as it means nothing to us.</param>
    /// <returns>Null where there is nothing to object to.</returns>
    public Refusal? Check(SiweMessage message, AllowedOrigins origins, string? requestId) =>
        CheckOrigin(message, origins) ?? CheckChain(message) ?? CheckTimes(message, time.GetUtcNow()) ?? CheckRequestId(message, requestId);

    private static Refusal? CheckOrigin(SiweMessage message, AllowedOrigins origins)
    {
        if (!Rfc3986.TryParseAuthority(message.Domain, out UriAuthority domain) || !Rfc3986.TryParseUri(message.Uri, out UriHead uri))
            throw new ArgumentException("The message was not parsed.", nameof(message));
        List<Origin> asking = [.. origins.Matching(message.Scheme, domain)];
        if (asking.Count == 0)
        {
            return message.Scheme is not null && origins.Matching(null, domain).Any()
                ? Proof(SchemeNotAllowed, "scheme", $"{message.Scheme}://{message.Domain} is not where this server is opened: {origins}.")
                : Proof(DomainNotAllowed, "domain", $"The message is for {message.Domain}; this server is opened at {origins}. Its owner sets Auth:PublicOrigins.");
        }
        return Origin.Of(uri.Scheme, uri.Authority) is { } target && asking.Contains(target)
            ? null
            : Proof(UriNotAllowed, "uri", $"URI is not below {asking[0]}, the site that the message is for.");
    }

    private Refusal? CheckChain(SiweMessage message) =>
        options.Value.AllowedChains is { Count: > 0 } chains && !chains.Contains(message.ChainId)
            ? Proof(ChainNotAllowed, "chainId", $"This server signs people in on the chains {string.Join(", ", chains)} (Auth:AllowedChains).")
            : null;

    /// <summary>
    /// What the client's clock wrote gets the allowance for its error; Expiration Time gets none, for a message that has ended must not be taken.
    /// </summary>
    private Refusal? CheckTimes(SiweMessage message, DateTimeOffset now)
    {
        TimeSpan skew = options.Value.ClockSkew;
        if (message.IssuedAt.Instant > now + skew)
            return Proof(IssuedInFuture, "issuedAt", $"Issued At is in the future; it is {Rfc3339Time.Of(now).Text} here.");
        if (message.IssuedAt.Instant < now - options.Value.NonceLifetime - skew)
            return Proof(IssuedTooLongAgo, "issuedAt", $"Issued At is too long ago; it is {Rfc3339Time.Of(now).Text} here.");
        if (message.ExpirationTime is { } expiration && expiration.Instant <= now)
            return Proof(Expired, "expirationTime", $"The message expired at {expiration.Text}; it is {Rfc3339Time.Of(now).Text} here.");
        if (message.NotBefore is { } notBefore && notBefore.Instant > now + skew)
            return Proof(NotYetValid, "notBefore", $"The message is not valid before {notBefore.Text}; it is {Rfc3339Time.Of(now).Text} here.");
        return null;
    }

    private static Refusal? CheckRequestId(SiweMessage message, string? requestId) =>
        requestId is not null && message.RequestId != requestId
            ? Proof(RequestIdMismatch, "requestId", "Request ID is not the one that was asked for.")
            : null;
}
