using Microsoft.Extensions.Options;

namespace CoolChat.Chat.Messages;

/// <summary>Section <c>RateLimits:Chat</c>: how much one person may ask over all their connections.</summary>
internal sealed class PersonLimitOptions
{
    public const string Section = "RateLimits:Chat";

    /// <summary>Off only for measurements.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>message.send.</summary>
    public BucketOptions Messages { get; set; } = new() { PerSecond = 50, Burst = 200 };

    /// <summary>Every other command, and settings.</summary>
    public BucketOptions Actions { get; set; } = new() { PerSecond = 50, Burst = 200 };

    /// <summary>Read and delivered marks.</summary>
    public BucketOptions Marks { get; set; } = new() { PerSecond = 100, Burst = 500 };

    /// <summary>New conversations, invites, joins and additions of members.</summary>
    public BucketOptions Creates { get; set; } = new() { PerSecond = 5, Burst = 100 };

    /// <summary>Typing.</summary>
    public BucketOptions Typing { get; set; } = new() { PerSecond = 2, Burst = 10 };

    /// <summary>WatchPresence.</summary>
    public BucketOptions Watches { get; set; } = new() { PerSecond = 2, Burst = 20 };

    /// <summary>Searches.</summary>
    public BucketOptions Searches { get; set; } = new() { PerSecond = 5, Burst = 50 };

    public BucketOptions Of(Allowance allowance) => allowance switch
    {
        Allowance.Messages => Messages,
        Allowance.Actions => Actions,
        Allowance.Marks => Marks,
        Allowance.Creates => Creates,
        Allowance.Typing => Typing,
        Allowance.Watches => Watches,
        Allowance.Searches => Searches,
        _ => throw new ArgumentOutOfRangeException(nameof(allowance)),
    };
}

/// <summary>A token bucket of one person.</summary>
internal sealed class BucketOptions
{
    /// <summary>For as long as one likes.</summary>
    public double PerSecond { get; set; }

    /// <summary>At once.</summary>
    public int Burst { get; set; }
}

/// <summary>Fails the start by the key that is wrong.</summary>
internal sealed class PersonLimitOptionsValidator : IValidateOptions<PersonLimitOptions>
{
    public ValidateOptionsResult Validate(string? name, PersonLimitOptions options)
    {
        foreach (Allowance allowance in Enum.GetValues<Allowance>())
        {
            BucketOptions bucket = options.Of(allowance);
            if (bucket.PerSecond is not (>= 0.001 and <= 1_000_000))
                return ValidateOptionsResult.Fail($"{PersonLimitOptions.Section}:{allowance}:PerSecond is a number from 0.001 to 1000000.");
            if (bucket.Burst is < 1 or > 10_000_000)
                return ValidateOptionsResult.Fail($"{PersonLimitOptions.Section}:{allowance}:Burst is a number from 1 to 10000000.");
        }
        return ValidateOptionsResult.Success;
    }
}
