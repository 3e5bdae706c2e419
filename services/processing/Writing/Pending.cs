using CoolChat.Contracts.Internal;

namespace CoolChat.Processing.Writing;

/// <summary>An operation on its way through the writer. Completed once, after its commit is durable.</summary>
internal sealed class Pending(ConversationOperation operation)
    : TaskCompletionSource<Result<OperationResult>>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public ConversationOperation Operation { get; } = operation;

    /// <summary>What will be answered when the commit succeeds.</summary>
    public Result<OperationResult> Staged { get; set; }

    /// <summary>Deciding it threw: it is set aside instead of being decided again.</summary>
    public bool IsPoison { get; set; }
}
