using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using CoolChat.ServiceDefaults.Identity;

namespace CoolChat.Chat.Messages;

/// <summary>
/// Turns a valid command into the writer's operation: the cheap membership check, and what other services know (people, media, the origin of a forwarded
/// message). Rights, blocks and state are decided by the writer, which alone sees them all in order. Completes synchronously for a plain message
/// of a known member: that is what keeps a client's commands in order without a queue.
/// </summary>
internal sealed class CommandPreparation(IConversationReader conversations, IUserDirectory people, AttachmentCheck attachments)
{
    /// <param name="caller">Who asks.</param>
    /// <param name="command">A command that <see cref="CommandValidation"/> let pass.</param>
    /// <param name="isKnownMember">The caller was a member lately; the writer knows whether still.</param>
    /// <param name="cancellationToken">Ends the look-ups.</param>
    public ValueTask<Result<LogCommand>> PrepareAsync(Caller caller, Command command, bool isKnownMember, CancellationToken cancellationToken)
    {
        bool mustBeMember = command.Type != CommandTypes.MemberJoin && !isKnownMember;
        if (NeedsLookups(command))
            return PrepareWithLookupsAsync(caller, command, mustBeMember, cancellationToken);
        if (!mustBeMember)
            return new(Operation(caller, command, []));
        ValueTask<Membership?> membership = conversations.FindMembershipAsync(command.ConversationId, caller.UserId, cancellationToken);
        return membership.IsCompletedSuccessfully
            ? new(membership.Result is null ? NoSuchConversation() : Operation(caller, command, []))
            : WaitForMembershipAsync(caller, command, membership);
    }

    private static Refusal NoSuchConversation() => Refusal.NotFound("There is no such conversation for you.");

    private static LogCommand Operation(Caller caller, Command command, IReadOnlyList<Guid> members) => new()
    {
        ConversationId = command.ConversationId,
        Actor = caller.UserId,
        DeviceId = caller.DeviceId,
        Command = command,
        Members = members,
    };

    private static bool NeedsLookups(Command command) =>
        command.Content?.Attachments is { Count: > 0 } || command.ForwardedFrom is not null || command.Type == CommandTypes.MemberAdd
        || command.Changes?.Picture is { } picture && picture != Guid.Empty;

    private static async ValueTask<Result<LogCommand>> WaitForMembershipAsync(Caller caller, Command command, ValueTask<Membership?> membership) =>
        await membership is null ? NoSuchConversation() : Operation(caller, command, []);

    private async ValueTask<Result<LogCommand>> PrepareWithLookupsAsync(
        Caller caller, Command command, bool mustBeMember, CancellationToken cancellationToken)
    {
        if (mustBeMember && await conversations.FindMembershipAsync(command.ConversationId, caller.UserId, cancellationToken) is null)
            return NoSuchConversation();
        switch (command.Type)
        {
            case CommandTypes.MessageSend:
                return await PrepareMessageAsync(caller, command, cancellationToken);
            case CommandTypes.MessageEdit:
                return await PrepareContentAsync(caller, command, cancellationToken);
            case CommandTypes.MemberAdd:
                Result<IReadOnlyList<Guid>> members = await people.ResolveAsync(caller.UserId, command.Members!, cancellationToken);
                return members.Ok ? Operation(caller, command, [.. members.Value.Distinct()]) : members.Refusal;
            case CommandTypes.ConversationChange when command.Changes?.Picture is { } picture:
                Refusal? refusal = await attachments.CheckPictureAsync(caller.UserId, picture, "changes.picture", cancellationToken);
                return refusal is null ? Operation(caller, command, []) : refusal;
            default:
                // The fields belong to other types of command: ignored.
                return Operation(caller, command, []);
        }
    }

    private async ValueTask<Result<LogCommand>> PrepareMessageAsync(Caller caller, Command command, CancellationToken cancellationToken)
    {
        if (command.ForwardedFrom is { } origin)
        {
            Result<MessageView> message = await conversations.GetMessageAsync(caller.UserId, origin.ConversationId, origin.MessageId, cancellationToken);
            if (!message.Ok)
                return message.Refusal with { Field = "forwardedFrom" };
            if (message.Value.Content is null)
                return new Refusal(ErrorCodes.Conflict, "The message was deleted.", "forwardedFrom");
            command = command with { ForwardedFrom = origin with { Sender = message.Value.Sender } };
        }
        return await PrepareContentAsync(caller, command, cancellationToken);
    }

    private async ValueTask<Result<LogCommand>> PrepareContentAsync(Caller caller, Command command, CancellationToken cancellationToken)
    {
        Result<Content> content = await attachments.StampAsync(caller.UserId, command.Content!, cancellationToken);
        return content.Ok ? Operation(caller, command with { Content = content.Value }, []) : content.Refusal;
    }
}
