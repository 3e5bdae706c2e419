using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using CoolChat.Processing.Writing;

namespace CoolChat.Processing.Decisions;

/// <summary>reaction.add, reaction.remove, poll.vote, poll.close: what changes counts on a message.</summary>
internal static class ReactionDecisions
{
    public static Result<OperationResult> React(DecisionContext context, ConversationState state, MemberState member, LogCommand operation)
    {
        bool add = operation.Command.Type == CommandTypes.ReactionAdd;
        if (operation.Command.Key is not { Length: > 0 } key)
            return Refusal.Invalid("key", "key is missing.");
        Result<Message> found = Message.Find(context, state, member, operation.Command.MessageId);
        if (!found.Ok)
            return found.Refusal;
        Message message = found.Value;
        if (add && CheckMayReact(context, state, member, operation, message, key) is { } refusal)
            return refusal;
        if (context.Commit.HasReaction(state.Id, message.Seq, key, operation.Actor) == add)
            return Refusal.Conflict(add ? "You have reacted with this already." : "You have not reacted with this.");

        StoredEvent stored = context.Append(
            state,
            new DecisionContext.Origin(operation.Actor, operation.DeviceId, operation.Command.CommandId),
            add ? EventTypes.ReactionAdded : EventTypes.ReactionRemoved,
            BodyWriter.Of(new ReactionBody { MessageId = message.Id, Key = key }),
            message.Id);
        if (add)
            context.Commit.PutReaction(state.Id, message.Seq, key, operation.Actor, stored.Header.Seq);
        else
            context.Commit.DeleteReaction(state.Id, message.Seq, key, operation.Actor);
        context.Commit.PutMessageState(state.Id, message.Seq, message.State with { Reactions = Tally(message.State.Reactions, key, add ? 1 : -1) });
        return Outcome.Appended(stored);
    }

    public static Result<OperationResult> Vote(DecisionContext context, ConversationState state, MemberState member, LogCommand operation)
    {
        Result<Message> found = Message.Find(context, state, member, operation.Command.MessageId);
        if (!found.Ok)
            return found.Refusal;
        Message message = found.Value;
        if (message.Body?.Content.Poll is not { } poll || message.State.Poll is not { } tally)
            return Refusal.Invalid("messageId", "This message is not a poll.");
        if (tally.Closed)
            return Refusal.Conflict("The poll is closed.");
        if (!Rights.Has(state.Info.Kind, member.Role, Right.React) || context.IsBlocked(state, operation.Actor))
            return Refusal.Forbidden("You can read here but not vote.");
        int[] options = [.. (operation.Command.Options ?? []).Distinct().Order()];
        if (options.Any(option => option < 0 || option >= poll.Options.Count))
            return Refusal.Invalid("options", $"Options are numbered 0 to {poll.Options.Count - 1}.");
        if (options.Length > 1 && poll.Multiple != true)
            return Refusal.Invalid("options", "This poll takes one option.");

        IReadOnlyList<int> before = context.Commit.ReadVote(state.Id, message.Seq, operation.Actor);
        StoredEvent stored = context.Append(
            state,
            new DecisionContext.Origin(operation.Actor, operation.DeviceId, operation.Command.CommandId),
            EventTypes.PollVoted,
            BodyWriter.Of(new PollVoteBody { MessageId = message.Id, Options = options }),
            message.Id);
        int[] counts = [.. tally.Counts];
        foreach (int option in before)
            counts[option]--;
        foreach (int option in options)
            counts[option]++;
        int voters = tally.Voters + (options.Length > 0 ? 1 : 0) - (before.Count > 0 ? 1 : 0);
        context.Commit.PutVote(state.Id, message.Seq, operation.Actor, options);
        context.Commit.PutMessageState(state.Id, message.Seq, message.State with { Poll = new PollTally(counts, voters, false) });
        return Outcome.Appended(stored);
    }

    public static Result<OperationResult> Close(DecisionContext context, ConversationState state, MemberState member, LogCommand operation)
    {
        Result<Message> found = Message.Find(context, state, member, operation.Command.MessageId);
        if (!found.Ok)
            return found.Refusal;
        Message message = found.Value;
        if (message.State.Poll is not { } tally)
            return Refusal.Invalid("messageId", "This message is not a poll.");
        if (tally.Closed)
            return Refusal.Conflict("The poll is closed already.");
        if (message.Sender != operation.Actor && !Rights.Has(state.Info.Kind, member.Role, Right.ClosePolls))
            return Refusal.Forbidden("Only its author or an admin can close a poll.");
        if (context.IsBlocked(state, operation.Actor))
            return Refusal.Forbidden("You can read here but not close polls.");
        return Outcome.Appended(Close(context, state, message, new DecisionContext.Origin(operation.Actor, operation.DeviceId, operation.Command.CommandId)));
    }

    /// <summary>Closes an open poll.</summary>
    public static StoredEvent Close(DecisionContext context, ConversationState state, Message message, DecisionContext.Origin origin)
    {
        StoredEvent stored = context.Append(
            state, origin, EventTypes.PollClosed, BodyWriter.Of(new MessageRefBody { MessageId = message.Id }), message.Id);
        context.Commit.PutMessageState(state.Id, message.Seq, message.State with { Poll = message.State.Poll! with { Closed = true } });
        return stored;
    }

    private static Refusal? CheckMayReact(
        DecisionContext context, ConversationState state, MemberState member, LogCommand operation, Message message, string key)
    {
        if (!Rights.Has(state.Info.Kind, member.Role, Right.React))
            return Refusal.Forbidden("You can read here but not react.");
        if (context.IsBlocked(state, operation.Actor))
            return Refusal.Forbidden("You can read here but not react.");
        return message.State.Reactions.Count >= context.Limits.ReactionsPerMessage && message.State.Reactions.All(tally => tally.Key != key)
            ? new Refusal(ErrorCodes.TooLarge, $"A message has at most {context.Limits.ReactionsPerMessage} different reactions.", "key")
            : null;
    }

    private static List<ReactionTally> Tally(IReadOnlyList<ReactionTally> tallies, string key, int change)
    {
        List<ReactionTally> result = [.. tallies];
        int at = result.FindIndex(tally => tally.Key == key);
        if (at < 0)
            result.Add(new ReactionTally(key, change));
        else if (result[at].Count + change == 0)
            result.RemoveAt(at);
        else
            result[at] = new ReactionTally(key, result[at].Count + change);
        return result;
    }
}
