using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using CoolChat.Processing.Writing;

namespace CoolChat.Processing.Decisions;

/// <summary>Creating a conversation, conversation.change, and erasing what somebody wrote.</summary>
internal static class ConversationDecisions
{
    /// <summary>The first event of a conversation that is not there yet.</summary>
    public static Result<OperationResult> Create(DecisionContext context, ConversationState state, CreateConversation operation)
    {
        bool direct = operation.Kind == ConversationKinds.Direct;
        if (direct && operation.Members.Any(other => context.Blocks.IsBlocked(other, operation.Actor)))
            return new Refusal(ErrorCodes.NotFound, "There is nobody with this id or address.", "members[0]");
        Guid[] members = [.. operation.Members.Prepend(operation.Actor).Distinct()];
        if (members.Length > context.Limits.Members)
            return new Refusal(ErrorCodes.TooLarge, $"A conversation has at most {context.Limits.Members} members.", "members");

        string RoleOf(Guid user) => !direct && user == operation.Actor ? Roles.Owner : Roles.Member;
        ConversationCreatedBody body = new()
        {
            Kind = operation.Kind,
            Members = [.. members.Select(user => new MemberEntry { UserId = user, Role = RoleOf(user) })],
            Title = operation.Title,
            Topic = operation.Topic,
            HistoryVisibility = operation.HistoryVisibility,
            Listed = operation.Listed ? true : null,
        };
        context.Change(state, state.Info with { MemberCount = members.Length, MembershipVersion = 1 });
        StoredEvent stored = context.Append(
            state,
            new DecisionContext.Origin(operation.Actor, operation.DeviceId, operation.CommandId),
            EventTypes.ConversationCreated,
            BodyWriter.Of(body),
            joined: members);
        MemberDecisions.Admit(context, state, members, RoleOf, stored.Header.Seq);
        return Outcome.Appended(stored);
    }

    public static Result<OperationResult> Change(DecisionContext context, ConversationState state, MemberState member, LogCommand operation)
    {
        if (operation.Command.Changes is not { } changes)
            return Refusal.Invalid("changes", "changes is missing.");
        bool lifetimeOnly = changes is { ExpiresAfter: not null, Title: null, Topic: null, Picture: null, HistoryVisibility: null, Listed: null, SlowMode: null };
        if (!Rights.Has(state.Info.Kind, member.Role, lifetimeOnly ? Right.ChangeLifetime : Right.ChangeSettings))
            return Refusal.Forbidden("Your role doesn't let you change this conversation.");
        if (context.IsBlocked(state, operation.Actor))
            return Refusal.Forbidden("You can read here but not change anything.");
        if (changes.Listed == true && state.Info.Kind != ConversationKinds.Channel)
            return Refusal.Invalid("changes.listed", "Only a channel can be listed.");
        ConversationInfo info = Apply(state.Info, changes);
        if (info == state.Info)
            return Refusal.Conflict("Nothing would change.");

        StoredEvent stored = context.Append(
            state,
            new DecisionContext.Origin(operation.Actor, operation.DeviceId, operation.Command.CommandId),
            EventTypes.ConversationChanged,
            BodyWriter.Of(changes));
        if (info.Picture != state.Info.Picture)
        {
            if (state.Info.Picture is { } old)
                context.Commit.DeleteGrant(old, state.Id, 0);
            if (info.Picture is { } picture)
                context.Commit.PutGrant(picture, state.Id, 0);
        }
        context.Change(state, info);
        return Outcome.Appended(stored);
    }

    /// <summary>
    /// Erases every body that the actor wrote, and says so with one event; the log stays whole. It is theirs also where they are no member any more.
    /// Done again it finds nothing and says nothing.
    /// </summary>
    public static Result<OperationResult> EraseBodies(DecisionContext context, ConversationState state, EraseBodies operation)
    {
        if (context.Commit.ReadMembership(operation.Actor, state.Id) is null)
            return Refusal.NotFound();
        // What this commit itself appends is not in the store yet.
        IEnumerable<StoredEvent> appended = context.Events
            .Where(live => live.Event.ConversationId == state.Id && live.Event.Sender == operation.Actor)
            .Select(live => context.Commit.ReadEvent(state.Id, live.Event.Seq)!);
        bool found = false;
        foreach (StoredEvent stored in context.Commit.ReadEventsOf(state.Id, operation.Actor).Concat(appended))
        {
            if (stored.Erased || stored.Header.Type is not (EventTypes.MessageSent or EventTypes.MessageEdited))
                continue;
            found = true;
            if (stored.Header.Type == EventTypes.MessageSent)
                EraseMessage(context, state, stored);
            else
                context.Commit.EraseEvent(state.Id, stored.Header.Seq);
        }
        if (!found)
            return new OperationResult { ConversationId = state.Id, Seq = state.Seq, At = context.Now };
        StoredEvent erased = context.Append(
            state,
            new DecisionContext.Origin(operation.Actor, operation.DeviceId, Guid.CreateVersion7(context.Now)),
            EventTypes.MemberErased,
            BodyWriter.Of(new MemberRefBody { UserId = operation.Actor }));
        return Outcome.Appended(erased);
    }

    private static void EraseMessage(DecisionContext context, ConversationState state, StoredEvent stored)
    {
        MessageState before = context.Commit.ReadMessageState(state.Id, stored.Header.Seq) ?? new MessageState();
        if (before.Deleted is not null)
            return;
        Message message = new(stored.Header.CommandId, stored.Header.Seq, stored, before);
        Guid? thread = message.Body?.Thread;
        MessageDecisions.EraseBodies(context, state, message);
        context.Commit.PutMessageState(state.Id, stored.Header.Seq, new MessageState { Deleted = "erased", Replies = before.Replies, Thread = thread });
        context.Commit.PutRemoval(state.Id, stored.Header.Seq);
        context.Commit.DeleteReactions(state.Id, stored.Header.Seq);
        if (before.PinSeq > 0)
        {
            context.Commit.DeletePin(state.Id, before.PinSeq);
            context.Change(state, state.Info with { PinCount = state.Info.PinCount - 1 });
        }
    }

    private static ConversationInfo Apply(ConversationInfo info, ConversationChanges changes) => info with
    {
        Title = changes.Title ?? info.Title,
        Topic = changes.Topic is { } topic ? (topic.Length == 0 ? null : topic) : info.Topic,
        Picture = changes.Picture is { } picture ? (picture == Guid.Empty ? null : picture) : info.Picture,
        HistoryVisibility = changes.HistoryVisibility ?? info.HistoryVisibility,
        Listed = changes.Listed ?? info.Listed,
        ExpiresAfter = changes.ExpiresAfter ?? info.ExpiresAfter,
        SlowMode = changes.SlowMode ?? info.SlowMode,
    };
}
