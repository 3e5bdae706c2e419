using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using CoolChat.Processing.Writing;

namespace CoolChat.Processing.Decisions;

/// <summary>A timer is due. The server's own operation: not on the port, only the pump makes it.</summary>
internal sealed record FireTimer : ConversationOperation
{
    public required Conversations.Log.Timer Timer { get; init; }
}

/// <summary>Expiry, closing polls, sending what was scheduled. A timer that fires twice, or too late, does nothing.</summary>
internal static class TimerDecisions
{
    private static readonly MemberState TheServer = new() { Role = Roles.Owner, FirstSeq = 1, JoinedSeq = 1 };

    public static Result<OperationResult> Fire(DecisionContext context, ConversationState state, FireTimer operation)
    {
        Conversations.Log.Timer timer = operation.Timer;
        if (!context.Commit.HasTimer(timer))
            return Done(context, state);
        context.Commit.DeleteTimer(timer);
        return timer.Kind switch
        {
            TimerKind.SendScheduled => SendScheduled(context, state, timer),
            TimerKind.ExpireMessage => OnMessage(context, state, timer, (message, origin) =>
                MessageDecisions.Erase(context, state, message, origin, "expired")),
            TimerKind.ClosePoll => OnMessage(context, state, timer, (message, origin) =>
                message.State.Poll is { Closed: false } ? ReactionDecisions.Close(context, state, message, origin) : null),
            _ => Done(context, state),
        };
    }

    private static Result<OperationResult> OnMessage(
        DecisionContext context, ConversationState state, Conversations.Log.Timer timer, Func<Message, DecisionContext.Origin, StoredEvent?> act)
    {
        Result<Message> found = Message.Find(context, state, TheServer, timer.Subject);
        if (!found.Ok)
            return Done(context, state);
        StoredEvent? stored = act(found.Value, new DecisionContext.Origin(Actors.System, null, Guid.CreateVersion7(context.Now)));
        return stored is null ? Done(context, state) : Outcome.Appended(stored);
    }

    /// <summary>Rights are checked again: somebody may have left, been removed or been blocked since.</summary>
    private static Result<OperationResult> SendScheduled(DecisionContext context, ConversationState state, Conversations.Log.Timer timer)
    {
        if (context.Commit.ReadScheduled(timer.Actor, timer.Subject) is not { } scheduled)
            return Done(context, state);
        context.Commit.DeleteScheduled(timer.Actor, timer.Subject);
        LogCommand send = new()
        {
            ConversationId = scheduled.ConversationId,
            Actor = scheduled.Sender,
            DeviceId = scheduled.DeviceId,
            Command = scheduled.Command with { ScheduledFor = null },
            ByHand = false,
        };
        Result<OperationResult> result = state.Members.TryGetValue(scheduled.Sender, out MemberState? member)
            ? MessageDecisions.Send(context, state, member, send)
            : Refusal.NotFound();
        if (result.Refusal is { Code: ErrorCodes.RateLimited, RetryAfter: { } seconds })
            return Postpone(context, state, scheduled, TimeSpan.FromSeconds(seconds));
        context.Commit.PutCommand(state.Id, timer.Subject, CommandRecords.Of(scheduled.Sender, result, context.NowMs));
        return result;
    }

    /// <summary>Slow mode says nothing about the message: it waits its turn instead of being lost.</summary>
    private static OperationResult Postpone(DecisionContext context, ConversationState state, ScheduledRecord scheduled, TimeSpan wait)
    {
        ScheduledRecord later = scheduled with { Command = scheduled.Command with { ScheduledFor = context.Now + wait } };
        context.Commit.PutScheduled(scheduled.Sender, later);
        context.Commit.PutTimer(PrivateDecisions.Of(later));
        return Done(context, state);
    }

    private static OperationResult Done(DecisionContext context, ConversationState state) =>
        new() { ConversationId = state.Id, Seq = state.Seq, At = context.Now };
}

/// <summary>What is remembered of an outcome.</summary>
internal static class CommandRecords
{
    public static CommandRecord Of(Guid sender, Result<OperationResult> result, long nowMs) => result.Ok
        ? new CommandRecord { Sender = sender, Status = result.Value.Status, Seq = result.Value.Seq, AtMs = result.Value.At.ToUnixTimeMilliseconds() }
        : new CommandRecord { Sender = sender, Status = CommandResult.Rejected, AtMs = nowMs, Error = result.Refusal.ToWire() };

    /// <summary>Refusals that say nothing about the command itself: a resend is decided anew.</summary>
    public static bool IsPassing(Refusal refusal) =>
        refusal.Code is ErrorCodes.Busy or ErrorCodes.Unavailable or ErrorCodes.StorageFull or ErrorCodes.RateLimited or ErrorCodes.NotFound;
}
