using CoolChat.Contracts.Internal;

namespace CoolChat.Processing.Writing;

/// <summary>An operation on its way through the writer. Its outcome is told once, after its commit is durable.</summary>
internal sealed class Pending(ConversationOperation operation, IOutcome outcome)
{
    public ConversationOperation Operation { get; } = operation;

    public IOutcome Outcome { get; } = outcome;

    /// <summary>What will be answered when the commit succeeds.</summary>
    public Result<OperationResult> Staged { get; set; }

    /// <summary>Deciding it threw: it is set aside instead of being decided again.</summary>
    public bool IsPoison { get; set; }
}

/// <summary>The outcome of an operation that somebody else may have got in the meantime: it is not decided here then.</summary>
internal interface IRevocableOutcome : IOutcome
{
    bool IsRevoked { get; }
}

/// <summary>An outcome that is awaited; whoever awaits it goes on elsewhere than on the writer's thread.</summary>
internal sealed class AwaitedOutcome() : TaskCompletionSource<Result<OperationResult>>(TaskCreationOptions.RunContinuationsAsynchronously), IOutcome
{
    public void Settle(Result<OperationResult> result) => TrySetResult(result);
}
