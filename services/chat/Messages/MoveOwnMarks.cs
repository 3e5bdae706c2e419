using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Identity;

namespace CoolChat.Chat.Messages;

/// <summary>Says how far the caller has read or received.</summary>
internal sealed class MoveOwnMarks(IConversationWriter writer, PersonLimits limits)
{
    public async ValueTask<Refusal?> MoveAsync(Caller caller, Guid conversationId, long? readSeq, long? deliveredSeq)
    {
        if (limits.Take(caller.UserId, Allowance.Marks) is { } limited)
            return limited;
        Result<OperationResult> result = await writer.ExecuteAsync(
            new MoveMarks
            {
                ConversationId = conversationId,
                Actor = caller.UserId,
                DeviceId = caller.DeviceId,
                ReadSeq = readSeq,
                DeliveredSeq = deliveredSeq,
            },
            CancellationToken.None);
        return result.Refusal;
    }
}
