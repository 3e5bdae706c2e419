using Microsoft.Extensions.Options;

namespace CoolChat.User.SignIn;

/// <summary>What sign-in messages may say; section <c>Auth</c>.</summary>
internal sealed class SignInOptions
{
    public const string Section = "Auth";

    /// <summary>
    /// Where people open this server, as <c>https://chat.example.com</c>: the only sites for which a wallet's signature is taken. Never read from
    /// a request. None: the loopback addresses that the host listens on, and in Development any loopback address.
    /// </summary>
    public IList<string> PublicOrigins { get; init; } = [];

    /// <summary>Chain ids (EIP-155) that a message may name. None: any. An ordinary wallet signs in the same way whatever the chain.</summary>
    public IList<ulong> AllowedChains { get; init; } = [];

    /// <summary>How long a nonce can be used, and how old a message may be. One minute to one hour.</summary>
    public TimeSpan NonceLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How far a client's clock may be off: Issued At and Not Before are allowed so much of the future. Up to one hour.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(5);
}

internal sealed class SignInOptionsValidator : IValidateOptions<SignInOptions>
{
    public ValidateOptionsResult Validate(string? name, SignInOptions options)
    {
        List<string> failures = [];
        for (int i = 0; i < options.PublicOrigins.Count; i++)
        {
            if (!Origin.TryParse(options.PublicOrigins[i], out _))
                failures.Add($"Auth:PublicOrigins:{i} is \"{options.PublicOrigins[i]}\"; an origin is http:// or https://, a host, perhaps a port, and nothing after it.");
        }
        if (options.NonceLifetime < TimeSpan.FromMinutes(1) || options.NonceLifetime > TimeSpan.FromHours(1))
            failures.Add("Auth:NonceLifetime is between 00:01:00 and 01:00:00.");
        if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > TimeSpan.FromHours(1))
            failures.Add("Auth:ClockSkew is between 00:00:00 and 01:00:00.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
