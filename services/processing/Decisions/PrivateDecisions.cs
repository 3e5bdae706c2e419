using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using CoolChat.Processing.Writing;
using Timer = CoolChat.Conversations.Log.Timer;

namespace CoolChat.Processing.Decisions;

/// <summary>What changes without an event in the log: marks, settings, drafts, invites, scheduled messages.</summary>
internal static class PrivateDecisions
{
    private const int MostReadReceipts = 50;
    private const int MostInvites = 100;

    public static Result<OperationResult> MoveMarks(DecisionContext context, ConversationState state, MoveMarks operation)
    {
        MembershipRecord? membership = context.Commit.ReadMembership(operation.Actor, state.Id);
        bool unmark = operation.ReadSeq is not null && membership?.Preferences?.MarkedUnread == true;
        if (unmark)
            PutPreferences(context, state, operation.Actor, membership!, membership!.Preferences! with { MarkedUnread = null });
        Marks before = context.Commit.ReadMarks(operation.Actor, state.Id);
        if (context.Advance(state, operation.Actor, operation.ReadSeq ?? 0, operation.DeliveredSeq ?? 0))
        {
            Marks now = context.Commit.ReadMarks(operation.Actor, state.Id);
            if (state.Info.IsDirect || (now.ReadSeq != before.ReadSeq && state.Members.Count <= MostReadReceipts))
            {
                context.Marks.Add(new LiveMarks(state.Id, new ReceiptMark
                {
                    UserId = operation.Actor,
                    ReadSeq = now.ReadSeq,
                    DeliveredSeq = now.DeliveredSeq,
                }));
            }
            if (now.ReadSeq != before.ReadSeq)
                context.PrivateChanges.Add(new PrivateChange(operation.Actor, state.Id));
        }
        else if (unmark)
        {
            context.PrivateChanges.Add(new PrivateChange(operation.Actor, state.Id));
        }
        return Done(context, state);
    }

    public static Result<OperationResult> SetPreferences(DecisionContext context, ConversationState state, SetPreferences operation)
    {
        MemberState member = state.Members[operation.Actor];
        MembershipRecord membership = context.Commit.ReadMembership(operation.Actor, state.Id)
            ?? new MembershipRecord { Role = member.Role, FirstSeq = member.FirstSeq };
        MemberPreferences before = membership.Preferences ?? new MemberPreferences();
        MemberPreferences change = operation.Preferences;
        MemberPreferences after = new()
        {
            MutedUntil = change.MutedUntil is { } until ? (until > context.Now ? until : null) : before.MutedUntil,
            Archived = Flag(change.Archived, before.Archived),
            Favourite = Flag(change.Favourite, before.Favourite),
            MarkedUnread = Flag(change.MarkedUnread, before.MarkedUnread),
            Draft = change.Draft is { } draft ? (draft.Length == 0 ? null : draft) : before.Draft,
        };
        if (after != before)
        {
            PutPreferences(context, state, operation.Actor, membership, after);
            context.PrivateChanges.Add(new PrivateChange(operation.Actor, state.Id));
        }
        return Done(context, state);
    }

    public static Result<OperationResult> CreateInvite(DecisionContext context, ConversationState state, MemberState member, CreateInvite operation)
    {
        if (!Rights.Has(state.Info.Kind, member.Role, Right.ManageInvites))
            return Refusal.Forbidden("Your role doesn't let you invite people.");
        // Delivered again: the first one stands, with the uses that it has had since.
        InviteRecord? first = context.Commit.ReadInvite(state.Id, operation.InviteId);
        if (first is null && context.Commit.CountInvites(state.Id) >= MostInvites)
            return new Refusal(ErrorCodes.TooLarge, $"A conversation keeps at most {MostInvites} invites; revoke some first.");
        InviteRecord invite = first ?? new()
        {
            Code = operation.Code,
            CreatedBy = operation.Actor,
            ExpiresAt = context.Now + operation.ExpiresIn,
            MaxUses = operation.MaxUses,
        };
        if (first is null)
            context.Commit.PutInvite(state.Id, operation.InviteId, invite);
        return new OperationResult
        {
            ConversationId = state.Id,
            At = context.Now,
            Seq = state.Seq,
            Invite = new InviteView
            {
                InviteId = operation.InviteId,
                Code = invite.Code,
                ConversationId = state.Id,
                Kind = state.Info.Kind,
                Title = state.Info.Title,
                MemberCount = state.Members.Count,
                CreatedBy = invite.CreatedBy,
                ExpiresAt = invite.ExpiresAt,
                MaxUses = invite.MaxUses,
                Uses = invite.Uses,
            },
        };
    }

    public static Result<OperationResult> RevokeInvite(DecisionContext context, ConversationState state, MemberState member, RevokeInvite operation)
    {
        if (!Rights.Has(state.Info.Kind, member.Role, Right.ManageInvites))
            return Refusal.Forbidden("Your role doesn't let you manage invites.");
        if (context.Commit.ReadInvite(state.Id, operation.InviteId) is not { } invite)
            return Refusal.NotFound("There is no such invite.");
        context.Commit.DeleteInvite(state.Id, operation.InviteId, invite);
        return Done(context, state);
    }

    public static Result<OperationResult> CancelScheduled(DecisionContext context, CancelScheduled operation)
    {
        if (context.Commit.ReadScheduled(operation.Actor, operation.CommandId) is not { } scheduled || scheduled.ConversationId != operation.ConversationId)
            return Refusal.NotFound("There is no such scheduled message.");
        context.Commit.DeleteScheduled(operation.Actor, operation.CommandId);
        context.Commit.DeleteTimer(Of(scheduled));
        context.Commit.PutCommand(operation.ConversationId, operation.CommandId, new CommandRecord
        {
            Sender = operation.Actor,
            Status = CommandResult.Rejected,
            AtMs = context.NowMs,
            Error = new WireError { Code = ErrorCodes.Conflict, Detail = "Taken back before its time." },
        });
        return new OperationResult { ConversationId = operation.ConversationId, At = context.Now };
    }

    /// <summary>The timer of a scheduled message.</summary>
    public static Timer Of(ScheduledRecord scheduled) => new(
        scheduled.Command.ScheduledFor!.Value.ToUnixTimeMilliseconds(),
        TimerKind.SendScheduled,
        scheduled.ConversationId,
        scheduled.Command.CommandId,
        scheduled.Sender);

    private static void PutPreferences(
        DecisionContext context, ConversationState state, Guid user, MembershipRecord membership, MemberPreferences preferences) =>
        context.Commit.PutMembership(user, state.Id, membership with { Preferences = preferences, Stamp = context.Commit.Stamp });

    private static bool? Flag(bool? change, bool? before) => (change ?? before) == true ? true : null;

    private static OperationResult Done(DecisionContext context, ConversationState state) =>
        new() { ConversationId = state.Id, Seq = state.Seq, At = context.Now };
}
