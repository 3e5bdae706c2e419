using Microsoft.Extensions.Options;

namespace CoolChat.Chat.Adapters.RabbitMq;

/// <summary>Section <c>Messaging:Commands</c>: how this node waits for the broker and for outcomes.</summary>
internal sealed class CommandQueueOptions
{
    public const string Section = "Messaging:Commands";

    /// <summary>Operations without an outcome that this node remembers; beyond it the answer is busy.</summary>
    public int Capacity { get; set; } = 20_000;

    /// <summary>How long an operation waits for the broker's confirmation before it is refused as unavailable.</summary>
    public TimeSpan ConfirmWait { get; set; } = TimeSpan.FromMilliseconds(1_500);

    /// <summary>How long a call without an answer of its own kind (creating, marks, settings) waits for the outcome of a confirmed operation.</summary>
    public TimeSpan OutcomeWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the outcome of an operation that was answered as accepted is still listened for.</summary>
    public TimeSpan LateWait { get; set; } = TimeSpan.FromMinutes(1);

    public string? Check()
    {
        if (Capacity is < 100 or > 10_000_000)
            return Section + ":Capacity is a number from 100 to 10000000.";
        if (ConfirmWait < TimeSpan.FromMilliseconds(100) || ConfirmWait > TimeSpan.FromMinutes(1))
            return Section + ":ConfirmWait is a time from 00:00:00.100 to 00:01:00.";
        if (OutcomeWait < TimeSpan.FromSeconds(1) || OutcomeWait > TimeSpan.FromMinutes(5))
            return Section + ":OutcomeWait is a time from 00:00:01 to 00:05:00.";
        return LateWait < TimeSpan.FromSeconds(1) || LateWait > TimeSpan.FromHours(1) ? Section + ":LateWait is a time from 00:00:01 to 01:00:00." : null;
    }
}

/// <summary>Fails the start by the key that is wrong.</summary>
internal sealed class CommandQueueOptionsValidator : IValidateOptions<CommandQueueOptions>
{
    public ValidateOptionsResult Validate(string? name, CommandQueueOptions options) =>
        options.Check() is { } wrong ? ValidateOptionsResult.Fail(wrong) : ValidateOptionsResult.Success;
}
