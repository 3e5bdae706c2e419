using CoolChat.Chat.Messages;
using CoolChat.Chat.Realtime;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace CoolChat.Chat.Presence;

/// <summary>Tells other members that somebody types. Worthless late: never queued, never logged, dropped for whoever does not keep up.</summary>
internal sealed class TypingNotices(
    Audiences audiences, IConversationReader conversations, IBlockList blocks, PersonLimits limits, IOptions<ChatOptions> options)
{
    private readonly int _largest = options.Value.TypingAudience;

    public async ValueTask<Refusal?> TellAsync(Guid userId, Guid conversationId, CancellationToken cancellationToken)
    {
        if (limits.Take(userId, Allowance.Typing) is { } limited)
            return limited;
        if (await conversations.FindMembershipAsync(conversationId, userId, cancellationToken) is null)
            return Refusal.NotFound("There is no such conversation for you.");
        if (audiences.CountOf(conversationId) > _largest)
            return null;
        SerializedHubMessage frame = Frames.Make(HubMethods.Typing, new TypingNotice { ConversationId = conversationId, UserId = userId });
        audiences.ForEach(conversationId, (Frame: frame, Typist: userId, Blocks: blocks), static (connection, state) =>
        {
            Guid other = connection.UserId;
            if (other != state.Typist && !state.Blocks.IsBlocked(other, state.Typist) && !state.Blocks.IsBlocked(state.Typist, other))
                connection.SendIfSoon(state.Frame);
        });
        return null;
    }
}
