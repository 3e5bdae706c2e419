using CoolChat.Contracts.Internal;
using CoolChat.User.Auth;
using Microsoft.Extensions.Options;
using static CoolChat.User.SignIn.SignInErrors;

namespace CoolChat.User.SignIn;

/// <summary>Whether a well-formed message is one that this server would sign somebody in with, now. Nonce and signature are others' business.</summary>
internal sealed class SignInPolicy(PublicOrigins origins, IOptions<AuthOptions> options, TimeProvider time)
{
    /// <summary>Null where there is nothing to object to. <paramref name="message"/> was parsed.</summary>
    public Refusal? Check(SiweMessage message) => CheckOrigin(message) ?? CheckChain(message) ?? CheckTimes(message, time.GetUtcNow());

    private Refusal? CheckOrigin(SiweMessage message)
    {
        if (!Rfc3986.TryParseAuthority(message.Domain, out UriAuthority domain) || !Rfc3986.TryParseUri(message.Uri, out UriHead uri))
            throw new ArgumentException("The message was not parsed.", nameof(message));
        IReadOnlyList<Origin> asking = origins.Matching(message.Scheme, domain);
        if (asking.Count == 0)
        {
            return message.Scheme is not null && origins.Matching(null, domain).Count > 0
                ? Proof(SchemeNotAllowed, "scheme", $"{message.Scheme}://{message.Domain} is not where this server is opened: {origins}.")
                : Proof(DomainNotAllowed, "domain", $"The message is for {message.Domain}; this server is opened at {origins}. {PublicOrigins.Advice}");
        }
        return Origin.Of(uri.Scheme, uri.Authority) is { } target && asking.Contains(target)
            ? null
            : Proof(UriNotAllowed, "uri", $"URI is not below {asking[0]}, the site that the message is for.");
    }

    private Refusal? CheckChain(SiweMessage message) => message.ChainId <= long.MaxValue && options.Value.Chains.Contains((long)message.ChainId)
        ? null
        : Proof(ChainNotAllowed, "chainId", $"This server signs people in on the chains {string.Join(", ", options.Value.Chains)} (Auth:ChainIds).");

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
}
