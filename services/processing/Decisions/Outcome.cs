using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;

namespace CoolChat.Processing.Decisions;

/// <summary>Results of operations.</summary>
internal static class Outcome
{
    public static OperationResult Appended(StoredEvent stored) => new()
    {
        ConversationId = stored.Header.ConversationId,
        Seq = stored.Header.Seq,
        At = DateTimeOffset.FromUnixTimeMilliseconds(stored.Header.AtUnixMilliseconds),
    };

    /// <summary>What a resend of the same command gets.</summary>
    public static Result<OperationResult> Repeat(Guid conversationId, Guid actor, CommandRecord record)
    {
        if (record.Sender != actor)
            return new Refusal(ErrorCodes.CommandIdConflict, "This commandId belongs to another command.", "commandId");
        if (record.Error is { } error)
            return new Refusal(error.Code, error.Detail, error.Field, error.RetryAfter);
        return new OperationResult
        {
            ConversationId = conversationId,
            Status = record.Status,
            Seq = record.Seq,
            At = DateTimeOffset.FromUnixTimeMilliseconds(record.AtMs),
        };
    }
}
