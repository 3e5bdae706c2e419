using CoolChat.Chat.Messages;
using CoolChat.Chat.Realtime;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace CoolChat.Chat.Presence;

/// <summary>Tells other members that somebody types. Worthless late: never queued, never logged, dropped for whoever does not keep up.</summary>
internal sealed class TypingNotices
{
    private readonly Audiences _audiences;
    private readonly IConversationReader _conversations;
    private readonly IBlockList _blocks;
    private readonly PersonLimits _limits;
    private readonly ITypingRelay _relay;
    private readonly int _largest;

    public TypingNotices(
        Audiences audiences, IConversationReader conversations, IBlockList blocks, PersonLimits limits, ITypingRelay relay, IOptions<ChatOptions> options)
    {
        _audiences = audiences;
        _conversations = conversations;
        _blocks = blocks;
        _limits = limits;
        _relay = relay;
        _largest = options.Value.TypingAudience;
        // Checked by the node that they type on.
        relay.OnTyping(TellHere);
    }

    public async ValueTask<Refusal?> TellAsync(Guid userId, Guid conversationId, CancellationToken cancellationToken)
    {
        if (_limits.Take(userId, Allowance.Typing) is { } limited)
            return limited;
        if (await _conversations.FindMembershipAsync(conversationId, userId, cancellationToken) is null)
            return Refusal.NotFound("There is no such conversation for you.");
        TellHere(conversationId, userId);
        _relay.Tell(conversationId, userId);
        return null;
    }

    private void TellHere(Guid conversationId, Guid userId)
    {
        if (_audiences.CountOf(conversationId) > _largest)
            return;
        SerializedHubMessage frame = Frames.Make(HubMethods.Typing, new TypingNotice { ConversationId = conversationId, UserId = userId });
        _audiences.ForEach(conversationId, (Frame: frame, Typist: userId, Blocks: _blocks), static (connection, state) =>
        {
            Guid other = connection.UserId;
            if (other != state.Typist && !state.Blocks.IsBlocked(other, state.Typist) && !state.Blocks.IsBlocked(state.Typist, other))
                connection.SendIfSoon(state.Frame);
        });
    }
}
