using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.RateLimits;
using Microsoft.Extensions.Options;

namespace CoolChat.Chat.Messages;

/// <summary>What a person's allowance is counted for.</summary>
internal enum Allowance
{
    Messages,
    Actions,
    Marks,
    Creates,
    Typing,
    Watches,
    Searches,
}

/// <summary>Token buckets of each person, over all their connections: hub calls never pass an HTTP limiter.</summary>
internal sealed class PersonLimits
{
    private readonly bool _enabled;
    private readonly TokenBuckets<Guid> _buckets;

    public PersonLimits(IOptions<PersonLimitOptions> options, TimeProvider time)
    {
        _enabled = options.Value.Enabled;
        _buckets = new TokenBuckets<Guid>(
            "person",
            [.. Enum.GetValues<Allowance>().Select(allowance => new TokenBucket(allowance.ToString(), options.Value.Of(allowance).PerSecond, options.Value.Of(allowance).Burst))],
            static userId => userId.ToString("N"),
            time);
    }

    /// <summary>To be added up over several nodes.</summary>
    public ISharedBuckets Shared => _buckets;

    /// <summary>Takes one; the refusal says when there will be one again.</summary>
    public Refusal? Take(Guid userId, Allowance allowance) =>
        _enabled && _buckets.Take(userId, (int)allowance) is { } wait
            ? new Refusal(ErrorCodes.RateLimited, "Too much at once; try again later.", RetryAfter: (int)Math.Ceiling(wait.TotalSeconds))
            : null;
}
