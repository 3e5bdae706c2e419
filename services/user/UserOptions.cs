using CoolChat.ServiceDefaults.Identity;
using Microsoft.Extensions.Options;

namespace CoolChat.User;

/// <summary>Section <c>Auth</c>: signing in and sessions.</summary>
public sealed class AuthOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Auth";

    /// <summary>
    /// Origins under which people reach this server, like https://chat.example.org. A message to sign must name one of them. Unset: the loopback
    /// addresses that the host listens on; in Development any loopback origin.
    /// </summary>
    public IList<string> PublicOrigins { get; } = [];

    /// <summary>EIP-155 chains that a message may name; the first is the one to use (1, Ethereum, when unset).</summary>
    public IList<long> ChainIds { get; } = [];

    /// <summary>
    /// How long an access token is valid, 15 minutes by default and at most. A shorter one makes clients renew more often; ended sessions are refused at once
    /// whatever it is.
    /// </summary>
    public TimeSpan AccessTokenLifetime { get; set; } = AccessTokens.Lifetime;

    /// <summary>How long a session lives without being renewed; 60 days by default.</summary>
    public TimeSpan SessionIdleLifetime { get; set; } = TimeSpan.FromDays(60);

    /// <summary>How long the parent of the current refresh token still answers with the same successor; 30 seconds by default.</summary>
    public TimeSpan RefreshOverlap { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Age at which the key that signs access tokens is replaced; 30 days by default.</summary>
    public TimeSpan KeyRotation { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long a nonce can be used, and how old a message may be; 10 minutes by default.</summary>
    public TimeSpan NonceLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How far a client's clock may be wrong: Issued At and Not Before are allowed so much of the future. 5 minutes by default.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(5);

    internal IReadOnlyList<long> Chains => ChainIds.Count == 0 ? [1] : [.. ChainIds];
}

/// <summary>Section <c>Registration</c>: who may register. What the owner sets in the app comes before it.</summary>
public sealed class RegistrationOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Registration";

    /// <summary>open, invite or closed; open by default.</summary>
    public string Policy { get; set; } = "open";

    /// <summary>Name of the server until its owner gives it another.</summary>
    public string ServerName { get; set; } = "CoolChat";
}

internal sealed class AuthOptionsRules : IValidateOptions<AuthOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        List<string> failures = [];
        for (int i = 0; i < options.PublicOrigins.Count; i++)
        {
            if (Auth.Origin.Parse(options.PublicOrigins[i]) is null)
                failures.Add($"Auth:PublicOrigins:{i} must be an origin like https://chat.example.org, without a path; it is '{options.PublicOrigins[i]}'.");
        }
        for (int i = 0; i < options.ChainIds.Count; i++)
        {
            if (options.ChainIds[i] <= 0)
                failures.Add($"Auth:ChainIds:{i} must be a positive EIP-155 chain id.");
        }
        CheckRange(failures, nameof(options.AccessTokenLifetime), options.AccessTokenLifetime, TimeSpan.FromSeconds(5), AccessTokens.Lifetime);
        CheckRange(failures, nameof(options.SessionIdleLifetime), options.SessionIdleLifetime, TimeSpan.FromHours(1), TimeSpan.FromDays(400));
        CheckRange(failures, nameof(options.RefreshOverlap), options.RefreshOverlap, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        CheckRange(failures, nameof(options.KeyRotation), options.KeyRotation, TimeSpan.FromHours(1), TimeSpan.FromDays(400));
        CheckRange(failures, nameof(options.NonceLifetime), options.NonceLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
        CheckRange(failures, nameof(options.ClockSkew), options.ClockSkew, TimeSpan.Zero, TimeSpan.FromHours(1));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    // By hand: the generated validator drops the message of a range of times, and with it the key.
    private static void CheckRange(List<string> failures, string name, TimeSpan value, TimeSpan from, TimeSpan to)
    {
        if (value < from || value > to)
            failures.Add($"Auth:{name} must be {from:c} to {to:c}.");
    }
}

internal sealed class RegistrationOptionsRules : IValidateOptions<RegistrationOptions>
{
    public ValidateOptionsResult Validate(string? name, RegistrationOptions options)
    {
        if (!Registration.RegistrationPolicies.IsKnown(options.Policy))
            return ValidateOptionsResult.Fail("Registration:Policy must be open, invite or closed.");
        return Profiles.TextRules.Name("serverName", options.ServerName, 60) is { Ok: true, Value.Length: > 0 }
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Registration:ServerName must be 1 to 60 characters without control characters.");
    }
}
