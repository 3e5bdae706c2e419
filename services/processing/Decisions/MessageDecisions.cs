using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using CoolChat.Processing.Writing;
using Timer = CoolChat.Conversations.Log.Timer;

namespace CoolChat.Processing.Decisions;

/// <summary>message.send, message.edit, message.delete, message.pin, message.unpin.</summary>
internal static class MessageDecisions
{
    private static readonly TimeSpan MostAhead = TimeSpan.FromDays(366);

    public static Result<OperationResult> Send(DecisionContext context, ConversationState state, MemberState member, LogCommand operation)
    {
        Command command = operation.Command;
        if (command.Content is not { } content)
            return Refusal.Invalid("content", "content is missing.");
        if (CheckMayWrite(context, state, member, operation) is { } refusal)
            return refusal;
        if (command.ReplyTo is not null && Message.Find(context, state, member, command.ReplyTo, "replyTo") is { Ok: false, Refusal: var noReply })
            return noReply;
        Message? root = null;
        if (command.Thread is not null)
        {
            Result<Message> found = Message.Find(context, state, member, command.Thread, "thread");
            if (!found.Ok)
                return found.Refusal;
            root = found.Value;
            if (root.Body?.Thread is not null)
                return Refusal.Invalid("thread", "A thread starts at a message that is not in a thread itself.");
        }
        if (command.ScheduledFor is { } when && when > context.Now)
            return Schedule(context, operation, when);

        MessageBody body = Body(context, state, command, content);
        StoredEvent stored = context.Append(state, Origin(operation), EventTypes.MessageSent, BodyWriter.Message(body));
        long seq = stored.Header.Seq;
        if (content.Poll is { } poll)
            context.Commit.PutMessageState(state.Id, seq, new MessageState { Poll = new PollTally(new int[poll.Options.Count], 0, false) });
        if (root is not null)
            AddToThread(context, state, root, stored);
        IndexMentions(context, state, operation.Actor, seq, body.Mentions);
        PutGrants(context, state, seq, content);
        PutTimers(context, state, command.CommandId, body);
        if (operation.ByHand)
            context.Advance(state, operation.Actor, seq, seq);
        member.LastSentMs = context.NowMs;
        return Outcome.Appended(stored);
    }

    public static Result<OperationResult> Edit(DecisionContext context, ConversationState state, MemberState member, LogCommand operation)
    {
        Command command = operation.Command;
        if (command.Content is not { } content)
            return Refusal.Invalid("content", "content is missing.");
        Result<Message> found = Message.Find(context, state, member, command.MessageId);
        if (!found.Ok)
            return found.Refusal;
        Message message = found.Value;
        if (message.Sender != operation.Actor)
            return Refusal.Forbidden("Only its author can edit a message.");
        if (message.Body is not { } original)
            return Refusal.Conflict("The message was erased.");
        if (original.Content.Type == ContentTypes.Poll || content.Type == ContentTypes.Poll)
            return Refusal.Conflict("A poll can't be edited.");
        if (CheckMayWrite(context, state, member, operation, edit: true) is { } refusal)
            return refusal;

        Mentions? before = message.State.EditSeqs is [.., var last] && context.Commit.ReadEvent(state.Id, last) is { Erased: false } edit
            ? new JsonBody(edit.Body).As<MessageBody>().Mentions
            : original.Mentions;
        IReadOnlyList<Guid> called = before?.Users ?? [];
        bool calledEveryone = before?.Everyone == true;
        MessageBody body = new() { MessageId = message.Id, Content = content, Mentions = Known(state, command.Mentions) };
        StoredEvent stored = context.Append(state, Origin(operation), EventTypes.MessageEdited, BodyWriter.Message(body), message.Id);
        context.Commit.PutMessageState(state.Id, message.Seq, message.State with
        {
            EditSeqs = [.. message.State.EditSeqs, stored.Header.Seq],
            EditedAtMs = stored.Header.AtUnixMilliseconds,
        });
        foreach (Guid dropped in called.Except(body.Mentions?.Users ?? []))
            context.Commit.DeleteMention(dropped, state.Id, message.Seq);
        if (calledEveryone && body.Mentions?.Everyone != true)
            context.Commit.DeleteMention(Guid.Empty, state.Id, message.Seq);
        IndexMentions(context, state, operation.Actor, message.Seq, body.Mentions);
        PutGrants(context, state, message.Seq, content);
        return Outcome.Appended(stored);
    }

    public static Result<OperationResult> Delete(DecisionContext context, ConversationState state, MemberState member, LogCommand operation)
    {
        Result<Message> found = Message.Find(context, state, member, operation.Command.MessageId);
        if (!found.Ok)
            return found.Refusal;
        bool own = found.Value.Sender == operation.Actor;
        return own || Rights.Has(state.Info.Kind, member.Role, Right.DeleteOthers)
            ? Outcome.Appended(Erase(context, state, found.Value, Origin(operation), own ? "author" : "moderator"))
            : Refusal.Forbidden("Your role doesn't let you delete other people's messages.");
    }

    /// <summary>Deletes for everyone: erases every body of the message, its reactions, votes in sight, pins, mentions and media grants.</summary>
    public static StoredEvent Erase(DecisionContext context, ConversationState state, Message message, DecisionContext.Origin origin, string reason)
    {
        Guid? thread = message.Body?.Thread;
        if (thread is { } rootId)
            TakeFromThread(context, state, rootId);
        EraseBodies(context, state, message);
        StoredEvent stored = context.Append(
            state, origin, EventTypes.MessageDeleted, BodyWriter.Of(new MessageRefBody { MessageId = message.Id, Reason = reason }), message.Id);
        context.Commit.PutMessageState(state.Id, message.Seq, new MessageState { Deleted = reason, Replies = message.State.Replies, Thread = thread });
        context.Commit.PutRemoval(state.Id, message.Seq);
        context.Commit.DeleteReactions(state.Id, message.Seq);
        if (message.State.PinSeq > 0)
        {
            context.Commit.DeletePin(state.Id, message.State.PinSeq);
            context.Change(state, state.Info with { PinCount = state.Info.PinCount - 1 });
        }
        return stored;
    }

    public static void EraseBodies(DecisionContext context, ConversationState state, Message message)
    {
        foreach (long seq in message.State.EditSeqs.Prepend(message.Seq))
        {
            if (context.Commit.ReadEvent(state.Id, seq) is not { Erased: false } stored)
                continue;
            MessageBody body = new JsonBody(stored.Body).As<MessageBody>();
            foreach (Guid user in body.Mentions?.Users ?? [])
                context.Commit.DeleteMention(user, state.Id, message.Seq);
            if (body.Mentions?.Everyone == true)
                context.Commit.DeleteMention(Guid.Empty, state.Id, message.Seq);
            foreach (Attachment attachment in body.Content.Attachments ?? [])
                context.Commit.DeleteGrant(attachment.MediaId, state.Id, message.Seq);
            context.Commit.EraseEvent(state.Id, seq);
        }
    }

    public static Result<OperationResult> Pin(DecisionContext context, ConversationState state, MemberState member, LogCommand operation)
    {
        bool pin = operation.Command.Type == CommandTypes.MessagePin;
        if (!Rights.Has(state.Info.Kind, member.Role, Right.Pin))
            return Refusal.Forbidden("Your role doesn't let you pin messages.");
        if (context.IsBlocked(state, operation.Actor))
            return Refusal.Forbidden("You can read here but not pin.");
        Result<Message> found = Message.Find(context, state, member, operation.Command.MessageId);
        if (!found.Ok)
            return found.Refusal;
        Message message = found.Value;
        if (pin == message.State.PinSeq > 0)
            return Refusal.Conflict(pin ? "The message is pinned already." : "The message is not pinned.");
        if (pin && state.Info.PinCount >= context.Limits.Pins)
            return new Refusal(ErrorCodes.TooLarge, $"A conversation has at most {context.Limits.Pins} pinned messages.");

        StoredEvent stored = context.Append(
            state,
            Origin(operation),
            pin ? EventTypes.MessagePinned : EventTypes.MessageUnpinned,
            BodyWriter.Of(new MessageRefBody { MessageId = message.Id }),
            message.Id);
        if (pin)
            context.Commit.PutPin(state.Id, stored.Header.Seq, message.Seq);
        else
            context.Commit.DeletePin(state.Id, message.State.PinSeq);
        context.Commit.PutMessageState(state.Id, message.Seq, message.State with { PinSeq = pin ? stored.Header.Seq : 0 });
        context.Change(state, state.Info with { PinCount = state.Info.PinCount + (pin ? 1 : -1) });
        return Outcome.Appended(stored);
    }

    private static Refusal? CheckMayWrite(DecisionContext context, ConversationState state, MemberState member, LogCommand operation, bool edit = false)
    {
        if (!Rights.Has(state.Info.Kind, member.Role, Right.Write))
            return Refusal.Forbidden("You can read here but not write.");
        if (context.IsBlocked(state, operation.Actor))
            return Refusal.Forbidden("You can read here but not write.");
        if (operation.Command.Mentions?.Everyone == true && !Rights.Has(state.Info.Kind, member.Role, Right.MentionEveryone))
            return new Refusal(ErrorCodes.Forbidden, "Your role doesn't let you mention everyone.", "mentions.everyone");
        long waited = context.NowMs - member.LastSentMs;
        if (!edit && state.Info.SlowMode > 0 && member.Role == Roles.Member && waited < state.Info.SlowMode * 1000L)
        {
            int seconds = (int)Math.Ceiling((state.Info.SlowMode * 1000L - waited) / 1000.0);
            return new Refusal(ErrorCodes.RateLimited, $"Slow mode: again in {seconds} s.", RetryAfter: seconds);
        }
        return null;
    }

    private static Result<OperationResult> Schedule(DecisionContext context, LogCommand operation, DateTimeOffset when)
    {
        if (when > context.Now + MostAhead)
            return Refusal.Invalid("scheduledFor", "At most a year ahead.");
        if (context.Commit.CountScheduled(operation.Actor) >= context.Limits.Scheduled)
            return new Refusal(ErrorCodes.TooLarge, $"At most {context.Limits.Scheduled} messages can wait.", "scheduledFor");
        context.Commit.PutScheduled(operation.Actor, new ScheduledRecord
        {
            ConversationId = operation.ConversationId,
            Sender = operation.Actor,
            DeviceId = operation.DeviceId,
            Command = operation.Command,
        });
        context.Commit.PutTimer(new Timer(when.ToUnixTimeMilliseconds(), TimerKind.SendScheduled, operation.ConversationId, operation.Command.CommandId, operation.Actor));
        return new OperationResult { ConversationId = operation.ConversationId, Status = CommandResult.Scheduled, At = when };
    }

    private static MessageBody Body(DecisionContext context, ConversationState state, Command command, Content content)
    {
        int lifetime = command.ExpiresAfter ?? state.Info.ExpiresAfter;
        return new MessageBody
        {
            Content = content,
            ReplyTo = command.ReplyTo,
            Thread = command.Thread,
            Mentions = Known(state, command.Mentions),
            ForwardedFrom = command.ForwardedFrom,
            ExpiresAt = lifetime > 0 ? context.Now.AddSeconds(lifetime) : null,
        };
    }

    /// <summary>Mentions of people who are members; somebody who just left is not called.</summary>
    private static Mentions? Known(ConversationState state, Mentions? mentions)
    {
        if (mentions is null)
            return null;
        Guid[] users = [.. (mentions.Users ?? []).Where(state.Members.ContainsKey).Distinct()];
        bool? everyone = mentions.Everyone == true ? true : null;
        return users.Length == 0 && everyone is null ? null : new Mentions { Users = users.Length == 0 ? null : users, Everyone = everyone };
    }

    private static void AddToThread(DecisionContext context, ConversationState state, Message root, StoredEvent reply)
    {
        context.Commit.PutThreadEntry(state.Id, root.Seq, reply.Header.Seq);
        ThreadTally tally = root.State.Replies ?? new ThreadTally(0, 0, 0, []);
        Guid[] participants = [reply.Header.Sender, .. tally.Participants.Where(user => user != reply.Header.Sender).Take(2)];
        context.Commit.PutMessageState(state.Id, root.Seq, root.State with
        {
            Replies = new ThreadTally(tally.Count + 1, reply.Header.Seq, reply.Header.AtUnixMilliseconds, participants),
        });
    }

    private static void TakeFromThread(DecisionContext context, ConversationState state, Guid rootId)
    {
        if (context.Commit.FindCommand(state.Id, rootId) is { Status: CommandResult.Appended } root
            && context.Commit.ReadMessageState(state.Id, root.Seq) is { Replies: { } tally } rootState)
        {
            context.Commit.PutMessageState(state.Id, root.Seq, rootState with { Replies = tally with { Count = tally.Count - 1 } });
        }
    }

    private static void IndexMentions(DecisionContext context, ConversationState state, Guid sender, long seq, Mentions? mentions)
    {
        foreach (Guid user in mentions?.Users ?? [])
        {
            if (user != sender)
                context.Commit.PutMention(user, state.Id, seq);
        }
        if (mentions?.Everyone == true)
            context.Commit.PutMention(Guid.Empty, state.Id, seq);
    }

    private static void PutGrants(DecisionContext context, ConversationState state, long seq, Content content)
    {
        foreach (Attachment attachment in content.Attachments ?? [])
            context.Commit.PutGrant(attachment.MediaId, state.Id, seq);
    }

    private static void PutTimers(DecisionContext context, ConversationState state, Guid messageId, MessageBody body)
    {
        if (body.ExpiresAt is { } expires)
            context.Commit.PutTimer(new Timer(expires.ToUnixTimeMilliseconds(), TimerKind.ExpireMessage, state.Id, messageId, Actors.System));
        if (body.Content.Poll?.ClosesAt is { } closes)
            context.Commit.PutTimer(new Timer(closes.ToUnixTimeMilliseconds(), TimerKind.ClosePoll, state.Id, messageId, Actors.System));
    }

    private static DecisionContext.Origin Origin(LogCommand operation) => new(operation.Actor, operation.DeviceId, operation.Command.CommandId);
}
