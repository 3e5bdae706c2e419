using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using CoolChat.Processing.Writing;

namespace CoolChat.Processing.Decisions;

/// <summary>member.add, member.join, member.remove, member.leave, member.role.</summary>
internal static class MemberDecisions
{
    public static Result<OperationResult> Add(DecisionContext context, ConversationState state, MemberState member, LogCommand operation)
    {
        if (!Rights.Has(state.Info.Kind, member.Role, Right.AddMembers))
            return Refusal.Forbidden("Your role doesn't let you add people.");
        string role = operation.Command.Role ?? Roles.Member;
        if (role == Roles.Owner || (role == Roles.Admin && !Rights.Has(state.Info.Kind, member.Role, Right.ChangeRoles)))
            return new Refusal(ErrorCodes.Forbidden, "Your role doesn't let you add people with this role.", "role");
        Guid[] added = [.. operation.Members.Where(user => !state.Members.ContainsKey(user)).Distinct()];
        if (operation.Members.Count == 0)
            return Refusal.Invalid("members", "members is missing.");
        if (added.Length == 0)
            return Refusal.Conflict("They are members already.");
        return TooMany(context, state, added.Length) is { } full ? full : Join(context, state, operation, added, role, "added");
    }

    /// <summary>The actor is not a member: joins a listed channel, or by an invite.</summary>
    public static Result<OperationResult> JoinSelf(DecisionContext context, ConversationState state, LogCommand operation)
    {
        if (TooMany(context, state, 1) is { } full)
            return full;
        if (operation.Command.Invite is not { } code)
        {
            return state.Info is { Kind: ConversationKinds.Channel, Listed: true }
                ? Join(context, state, operation, [operation.Actor], Roles.Member, "joined")
                : Refusal.NotFound();
        }
        if (context.Commit.FindInvite(code) is not { } target || target.ConversationId != state.Id
            || context.Commit.ReadInvite(state.Id, target.InviteId) is not { } invite)
        {
            return new Refusal(ErrorCodes.NotFound, "There is no such invite.", "invite");
        }
        if (invite.Ended(context.Now))
            return new Refusal(ErrorCodes.InviteEnded, "This invite has ended. Ask whoever sent it for a new one.", "invite");
        context.Commit.PutInvite(state.Id, target.InviteId, invite with { Uses = invite.Uses + 1 });
        return Join(context, state, operation, [operation.Actor], Roles.Member, "invite");
    }

    public static Result<OperationResult> Remove(DecisionContext context, ConversationState state, MemberState member, LogCommand operation)
    {
        if (operation.Command.UserId is not { } user)
            return Refusal.Invalid("userId", "userId is missing.");
        if (user == operation.Actor)
            return Leave(context, state, member, operation);
        if (!Rights.Has(state.Info.Kind, member.Role, Right.RemoveMembers))
            return Refusal.Forbidden("Your role doesn't let you remove people.");
        if (!state.Members.TryGetValue(user, out MemberState? target))
            return new Refusal(ErrorCodes.NotFound, "They are not a member.", "userId");
        if (target.Role != Roles.Member && !Rights.Has(state.Info.Kind, member.Role, Right.RemoveAdmins))
            return Refusal.Forbidden("Only the owner can remove an admin.");
        return Outcome.Appended(Part(context, state, operation, user));
    }

    public static Result<OperationResult> Leave(DecisionContext context, ConversationState state, MemberState member, LogCommand operation)
    {
        if (!Rights.Has(state.Info.Kind, member.Role, Right.Leave))
            return Refusal.Conflict("A direct conversation can't be left; archive it instead.");
        return member.Role == Roles.Owner && state.Members.Count > 1
            ? Refusal.Conflict("Hand the conversation over to somebody first.")
            : Outcome.Appended(Part(context, state, operation, operation.Actor));
    }

    public static Result<OperationResult> ChangeRole(DecisionContext context, ConversationState state, MemberState member, LogCommand operation)
    {
        if (operation.Command.UserId is not { } user)
            return Refusal.Invalid("userId", "userId is missing.");
        if (operation.Command.Role is not (Roles.Owner or Roles.Admin or Roles.Member))
            return Refusal.Invalid("role", "role is owner, admin or member.");
        string role = operation.Command.Role;
        if (!Rights.Has(state.Info.Kind, member.Role, Right.ChangeRoles))
            return Refusal.Forbidden("Only the owner can change roles.");
        if (!state.Members.TryGetValue(user, out MemberState? target))
            return new Refusal(ErrorCodes.NotFound, "They are not a member.", "userId");
        if (user == operation.Actor)
            return Refusal.Conflict("Hand the conversation over to somebody to change your own role.");
        if (target.Role == role)
            return Refusal.Conflict("They have this role already.");

        StoredEvent stored = context.Append(
            state, Origin(operation), EventTypes.MemberRoleChanged, BodyWriter.Of(new MemberRefBody { UserId = user, Role = role }));
        SetRole(context, state, user, target, role);
        if (role == Roles.Owner)
            SetRole(context, state, operation.Actor, member, Roles.Admin);
        context.Change(state, state.Info with { MembershipVersion = stored.Header.Seq });
        return Outcome.Appended(stored);
    }

    /// <summary>Gives people their place: records on both sides, the mark at the event that added them.</summary>
    public static void Admit(DecisionContext context, ConversationState state, IReadOnlyList<Guid> users, Func<Guid, string> role, long seq)
    {
        long first = state.Info.HistoryVisibility == HistoryVisibilities.Shared ? 1 : seq;
        foreach (Guid user in users)
        {
            MemberState joined = new() { Role = role(user), FirstSeq = first, JoinedSeq = seq };
            state.Members[user] = joined;
            context.Commit.PutMember(state, user, joined);
            MembershipRecord? before = context.Commit.ReadMembership(user, state.Id);
            context.Commit.PutMembership(user, state.Id, new MembershipRecord
            {
                Role = joined.Role,
                FirstSeq = first,
                Stamp = context.Commit.Stamp,
                Preferences = before?.Preferences,
            });
            context.Advance(state, user, seq, seq);
        }
    }

    private static Result<OperationResult> Join(
        DecisionContext context, ConversationState state, LogCommand operation, IReadOnlyList<Guid> users, string role, string via)
    {
        StoredEvent stored = context.Append(
            state,
            Origin(operation),
            EventTypes.MemberAdded,
            BodyWriter.Of(new MembersAddedBody { Members = [.. users.Select(user => new MemberEntry { UserId = user, Role = role })], Via = via }),
            joined: users);
        Admit(context, state, users, _ => role, stored.Header.Seq);
        context.Change(state, state.Info with { MemberCount = state.Members.Count, MembershipVersion = stored.Header.Seq });
        return Outcome.Appended(stored);
    }

    private static StoredEvent Part(DecisionContext context, ConversationState state, LogCommand operation, Guid user)
    {
        StoredEvent stored = context.Append(
            state, Origin(operation), EventTypes.MemberRemoved, BodyWriter.Of(new MemberRefBody { UserId = user }), left: [user]);
        state.Members.Remove(user);
        context.Commit.DeleteMember(state.Id, user);
        MembershipRecord before = context.Commit.ReadMembership(user, state.Id) ?? new MembershipRecord { Role = Roles.Member };
        context.Commit.PutMembership(user, state.Id, before with { Removed = true, Stamp = context.Commit.Stamp });
        context.PrivateChanges.Add(new PrivateChange(user, state.Id));
        context.Change(state, state.Info with { MemberCount = state.Members.Count, MembershipVersion = stored.Header.Seq });
        return stored;
    }

    private static void SetRole(DecisionContext context, ConversationState state, Guid user, MemberState member, string role)
    {
        member.Role = role;
        context.Commit.PutMember(state, user, member);
        MembershipRecord before = context.Commit.ReadMembership(user, state.Id) ?? new MembershipRecord { Role = role, FirstSeq = member.FirstSeq };
        context.Commit.PutMembership(user, state.Id, before with { Role = role, Stamp = context.Commit.Stamp });
        context.PrivateChanges.Add(new PrivateChange(user, state.Id));
    }

    private static Refusal? TooMany(DecisionContext context, ConversationState state, int more) =>
        state.Members.Count + more > context.Limits.Members
            ? new Refusal(ErrorCodes.TooLarge, $"A conversation has at most {context.Limits.Members} members.", "members")
            : null;

    private static DecisionContext.Origin Origin(LogCommand operation) => new(operation.Actor, operation.DeviceId, operation.Command.CommandId);
}
