using System.ComponentModel.DataAnnotations;
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

    /// <summary>EIP-155 chains that a message may name; the first is the home of addresses (1, Ethereum, when unset).</summary>
    public IList<long> ChainIds { get; } = [];

    /// <summary>How long a session lives without being renewed; 60 days by default.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "400.00:00:00", ErrorMessage = "Auth:SessionIdleLifetime must be 01:00:00 to 400.00:00:00.")]
    public TimeSpan SessionIdleLifetime { get; set; } = TimeSpan.FromDays(60);

    /// <summary>How long the parent of the current refresh token still answers with the same successor; 30 seconds by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00", ErrorMessage = "Auth:RefreshOverlap must be 00:00:00 to 00:05:00.")]
    public TimeSpan RefreshOverlap { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Age at which the key that signs access tokens is replaced; 30 days by default.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "400.00:00:00", ErrorMessage = "Auth:KeyRotation must be 01:00:00 to 400.00:00:00.")]
    public TimeSpan KeyRotation { get; set; } = TimeSpan.FromDays(30);

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

[OptionsValidator]
internal sealed partial class AuthOptionsAttributes : IValidateOptions<AuthOptions>;

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
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
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
