using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using CoolChat.Processing.Writing;

namespace CoolChat.Processing.Decisions;

/// <summary>A message that a command is about, as the actor may see it.</summary>
/// <param name="Id">messageId.</param>
/// <param name="Seq">Its position.</param>
/// <param name="Sent">Its message.sent event.</param>
/// <param name="State">What became of it; never null here.</param>
internal sealed record Message(Guid Id, long Seq, StoredEvent Sent, MessageState State)
{
    public Guid Sender => Sent.Header.Sender;

    /// <summary>The body, or null when erased.</summary>
    public MessageBody? Body => Sent.Erased ? null : new JsonBody(Sent.Body).As<MessageBody>();

    /// <summary>Finds a message that is there and not deleted; what the member may not see is not there.</summary>
    public static Result<Message> Find(DecisionContext context, ConversationState state, MemberState member, Guid? messageId, string field = "messageId")
    {
        if (messageId is not { } id)
            return Refusal.Invalid(field, $"{field} is missing.");
        CommandRecord? sent = context.Commit.FindCommand(state.Id, id);
        if (sent is not { Status: CommandResult.Appended } || sent.Seq < member.FirstSeq
            || context.Commit.ReadEvent(state.Id, sent.Seq) is not { Header.Type: EventTypes.MessageSent } stored)
        {
            return new Refusal(ErrorCodes.NotFound, "There is no such message here.", field);
        }
        MessageState messageState = context.Commit.ReadMessageState(state.Id, sent.Seq) ?? new MessageState();
        return messageState.Deleted is null
            ? new Message(id, sent.Seq, stored, messageState)
            : new Refusal(ErrorCodes.Conflict, "The message was deleted.", field);
    }
}
