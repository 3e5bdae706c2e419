using CoolChat.Contracts;
using CoolChat.Contracts.Internal;

namespace CoolChat.Chat.Messages;

/// <summary>
/// A command on its way through the writer, and who waits for it: for its outcome, or for null when that takes longer than
/// <see cref="ChatOptions.OutcomeWait"/>; for a refusal when it isn't even known by then to be durable.
/// </summary>
/// <param name="operation">What was handed to the writer.</param>
/// <param name="deadlines">Where it waits.</param>
/// <param name="late">Told the outcome when nobody waits any more.</param>
/// <param name="inline">
/// Whether the caller's answer is written on the thread that settles it: right for a hub call, whose answer is a frame, and wrong for a request, behind
/// which the next one may follow.
/// </param>
/// <param name="accepted">Whether it counts as accepted without <see cref="Accept"/>.</param>
internal sealed class Submission(
    LogCommand operation, OutcomeDeadlines deadlines, Action<LogCommand, Result<OperationResult>> late, bool inline, bool accepted = true)
    : TaskCompletionSource<Result<OperationResult>?>(inline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously), IOutcome
{
    private static readonly Refusal NotTaken =
        new(ErrorCodes.Unavailable, "It is not known whether the command was taken. Send it again with the same commandId.", RetryAfter: 2);

    private volatile bool _accepted = accepted;

    public LogCommand Operation { get; } = operation;

    /// <summary>Place in the queue of <see cref="OutcomeDeadlines"/>, which alone uses these.</summary>
    internal Submission? Before { get; set; }

    internal Submission? After { get; set; }

    internal long StartedAt { get; set; }

    internal bool Queued { get; set; }

    public void Accept() => _accepted = true;

    /// <summary>The wait is over.</summary>
    public void Expire()
    {
        if (_accepted)
            TrySetResult(null);
        else
            TrySetResult((Result<OperationResult>)NotTaken);
    }

    public void Settle(Result<OperationResult> result)
    {
        deadlines.Remove(this);
        if (!TrySetResult(result))
            late(Operation, result);
    }
}
