using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using CoolChat.Processing.Decisions;

namespace CoolChat.Processing.Writing;

/// <summary>Finds the conversation, checks what holds for every operation (membership, once, expected seq) and hands over to the decision.</summary>
internal sealed class OperationDecider(ConversationCache cache)
{
    public Result<OperationResult> Decide(DecisionContext context, ConversationOperation operation)
    {
        context.Commit.Consult(operation.ConversationId);
        if (operation is CreateConversation create)
            return Create(context, create);
        if (operation is CancelScheduled cancel)
            return PrivateDecisions.CancelScheduled(context, cancel);
        if (cache.Find(operation.ConversationId) is not { } state)
            return Refusal.NotFound();
        if (operation is FireTimer timer)
            return TimerDecisions.Fire(context, state, timer);
        if (operation is LogCommand command)
            return Log(context, state, command);
        if (operation is EraseBodies erase)
            return ConversationDecisions.EraseBodies(context, state, erase);
        if (!state.Members.TryGetValue(operation.Actor, out MemberState? member))
            return Refusal.NotFound();
        return operation switch
        {
            MoveMarks marks => PrivateDecisions.MoveMarks(context, state, marks),
            SetPreferences preferences => PrivateDecisions.SetPreferences(context, state, preferences),
            CreateInvite invite => PrivateDecisions.CreateInvite(context, state, member, invite),
            RevokeInvite revoke => PrivateDecisions.RevokeInvite(context, state, member, revoke),
            _ => Refusal.Invalid("type", "This operation is not known."),
        };
    }

    /// <summary>Writes down that a command fails the same way each time.</summary>
    public static void Poison(DecisionContext context, ConversationOperation operation)
    {
        if (operation is LogCommand { Command.CommandId: var commandId })
        {
            context.Commit.PutCommand(operation.ConversationId, commandId, new CommandRecord
            {
                Sender = operation.Actor,
                Status = CommandResult.Rejected,
                AtMs = context.NowMs,
                Error = PoisonRefusal.ToWire(),
            });
        }
        else if (operation is FireTimer { Timer: var timer })
        {
            context.Commit.DeleteTimer(timer);
        }
    }

    public static readonly Refusal PoisonRefusal = new(ErrorCodes.Poison, "The server can't process this command; it was set aside.");

    private Result<OperationResult> Create(DecisionContext context, CreateConversation operation)
    {
        Guid id = operation.ConversationId;
        if (cache.Find(id) is { } existing)
        {
            return existing.Members.ContainsKey(operation.Actor)
                ? new OperationResult { ConversationId = id, Seq = existing.Seq, At = DateTimeOffset.FromUnixTimeMilliseconds(existing.AtMs) }
                : Refusal.NotFound();
        }
        ConversationState state = new()
        {
            Id = id,
            Epoch = Guid.NewGuid(),
            HeaderHash = HashChain.Genesis.ToArray(),
            Info = new ConversationInfo
            {
                Kind = operation.Kind,
                Title = operation.Title,
                Topic = operation.Topic,
                HistoryVisibility = operation.HistoryVisibility,
                Listed = operation.Listed,
            },
        };
        Result<OperationResult> result = ConversationDecisions.Create(context, state, operation);
        if (result.Ok)
        {
            cache.Add(state);
            context.Commit.PutCommand(id, operation.CommandId, CommandRecords.Of(operation.Actor, result, context.NowMs));
        }
        return result;
    }

    private static Result<OperationResult> Log(DecisionContext context, ConversationState state, LogCommand operation)
    {
        Command command = operation.Command;
        if (context.Commit.FindCommand(state.Id, command.CommandId) is { } earlier)
            return Outcome.Repeat(state.Id, operation.Actor, earlier);
        bool isMember = state.Members.TryGetValue(operation.Actor, out MemberState? member);
        if (!isMember && command.Type != CommandTypes.MemberJoin)
            return Refusal.NotFound();
        Result<OperationResult> result = command.ExpectedSeq is { } expected && expected != state.Seq
            ? new Refusal(ErrorCodes.SeqConflict, $"The last seq is {state.Seq}, not {expected}.", "expectedSeq")
            : Run(context, state, member, operation);
        if (result.Ok || (isMember && !CommandRecords.IsPassing(result.Refusal)))
            context.Commit.PutCommand(state.Id, command.CommandId, CommandRecords.Of(operation.Actor, result, context.NowMs));
        return result;
    }

    private static Result<OperationResult> Run(DecisionContext context, ConversationState state, MemberState? member, LogCommand operation) =>
        (operation.Command.Type, member) switch
        {
            (CommandTypes.MemberJoin, null) => MemberDecisions.JoinSelf(context, state, operation),
            (CommandTypes.MemberJoin, _) => Refusal.Conflict("You are a member already."),
            (_, null) => Refusal.NotFound(),
            (CommandTypes.MessageSend, _) => MessageDecisions.Send(context, state, member, operation),
            (CommandTypes.MessageEdit, _) => MessageDecisions.Edit(context, state, member, operation),
            (CommandTypes.MessageDelete, _) => MessageDecisions.Delete(context, state, member, operation),
            (CommandTypes.MessagePin or CommandTypes.MessageUnpin, _) => MessageDecisions.Pin(context, state, member, operation),
            (CommandTypes.ReactionAdd or CommandTypes.ReactionRemove, _) => ReactionDecisions.React(context, state, member, operation),
            (CommandTypes.PollVote, _) => ReactionDecisions.Vote(context, state, member, operation),
            (CommandTypes.PollClose, _) => ReactionDecisions.Close(context, state, member, operation),
            (CommandTypes.MemberAdd, _) => MemberDecisions.Add(context, state, member, operation),
            (CommandTypes.MemberRemove, _) => MemberDecisions.Remove(context, state, member, operation),
            (CommandTypes.MemberRole, _) => MemberDecisions.ChangeRole(context, state, member, operation),
            (CommandTypes.MemberLeave, _) => MemberDecisions.Leave(context, state, member, operation),
            (CommandTypes.ConversationChange, _) => ConversationDecisions.Change(context, state, member, operation),
            _ => Refusal.Invalid("type", "This type of command is not known."),
        };
}
