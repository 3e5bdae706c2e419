using CoolChat.Contracts;
using CoolChat.Contracts.Internal;

namespace CoolChat.Conversations;

/// <summary>
/// The read side of the log. Every answer is for one viewer; what the viewer may not see is <c>not_found</c>, like what isn't there.
/// </summary>
public interface IConversationReader
{
    /// <summary>The cheap check before a command is queued: null when not a member.</summary>
    ValueTask<Membership?> FindMembershipAsync(Guid conversationId, Guid userId, CancellationToken cancellationToken);

    /// <summary>Ids of all conversations that a person is a member of: fills a chat node's fan-out tables.</summary>
    ValueTask<IReadOnlyList<Guid>> ListConversationIdsAsync(Guid userId, CancellationToken cancellationToken);

    /// <summary>Ids of all conversations that a person was a member of and is no more: what they wrote there is still theirs to take along and to erase.</summary>
    ValueTask<IReadOnlyList<Guid>> ListFormerConversationIdsAsync(Guid userId, CancellationToken cancellationToken);

    /// <summary>
    /// What a person wrote in a conversation, whether they are a member or not: ascending, after a seq (0 = from the first). A page may be empty and
    /// yet not the last.
    /// </summary>
    ValueTask<OwnEventPage> ReadOwnEventsAsync(Guid sender, Guid conversationId, long after, int limit, CancellationToken cancellationToken);

    /// <summary>A conversation that two people share, or null (bounded search): the right to see presence, for as long as both are in it.</summary>
    ValueTask<Guid?> FindSharedConversationAsync(Guid a, Guid b, CancellationToken cancellationToken);

    /// <summary>One conversation; a listed channel also for people who are not members (without role).</summary>
    ValueTask<Result<ConversationView>> GetAsync(Guid viewer, Guid conversationId, CancellationToken cancellationToken);

    /// <summary>The viewer's conversations, latest change first.</summary>
    ValueTask<Result<Page<ConversationView>>> ListAsync(Guid viewer, string? next, int limit, CancellationToken cancellationToken);

    /// <summary>Listed channels by title, those that the viewer has not joined included.</summary>
    ValueTask<Result<Page<ConversationView>>> ListChannelsAsync(Guid viewer, string? query, string? next, int limit, CancellationToken cancellationToken);

    /// <summary>Members, owner and admins first.</summary>
    ValueTask<Result<Page<MemberEntry>>> ListMembersAsync(Guid viewer, Guid conversationId, string? next, int limit, CancellationToken cancellationToken);

    /// <summary>What changed for the viewer since an earlier call. A <paramref name="since"/> that isn't ours is refused with invalid.</summary>
    ValueTask<Result<SyncPage>> SyncAsync(Guid viewer, string? since, int limit, CancellationToken cancellationToken);

    /// <summary>The raw log: after (exclusive, ascending) or before (exclusive, the page just below it), both absent = from the first.</summary>
    ValueTask<Result<EventPage>> ReadEventsAsync(Guid viewer, Guid conversationId, long? after, long? before, int limit, CancellationToken cancellationToken);

    /// <summary>Materialised messages: before, after (exclusive) or around a seq; none = the latest. A thread narrows to its messages.</summary>
    ValueTask<Result<MessagePage>> ReadMessagesAsync(Guid viewer, Guid conversationId, MessageRange range, int limit, CancellationToken cancellationToken);

    /// <summary>One message.</summary>
    ValueTask<Result<MessageView>> GetMessageAsync(Guid viewer, Guid conversationId, Guid messageId, CancellationToken cancellationToken);

    /// <summary>A message's contents over time, first one first.</summary>
    ValueTask<Result<Page<MessageEditView>>> ReadEditsAsync(Guid viewer, Guid conversationId, Guid messageId, string? next, int limit, CancellationToken cancellationToken);

    /// <summary>Who reacted with <paramref name="key"/>, oldest first.</summary>
    ValueTask<Result<Page<Guid>>> ReadReactionsAsync(Guid viewer, Guid conversationId, Guid messageId, string key, string? next, int limit, CancellationToken cancellationToken);

    /// <summary>Pinned messages, latest pin first.</summary>
    ValueTask<Result<MessagePage>> ReadPinsAsync(Guid viewer, Guid conversationId, CancellationToken cancellationToken);

    /// <summary>The outcome of one of the viewer's commands, rejections included; not_found while it is unknown.</summary>
    ValueTask<Result<CommandResult>> GetOutcomeAsync(Guid viewer, Guid conversationId, Guid commandId, CancellationToken cancellationToken);

    /// <summary>Living invites, for those who may manage them.</summary>
    ValueTask<Result<Page<InviteView>>> ListInvitesAsync(Guid viewer, Guid conversationId, string? next, int limit, CancellationToken cancellationToken);

    /// <summary>What an invite's code leads to; invite_ended or not_found.</summary>
    ValueTask<Result<InviteView>> FindInviteAsync(string code, CancellationToken cancellationToken);

    /// <summary>The person's messages that wait for their time, soonest first.</summary>
    ValueTask<Result<Page<ScheduledView>>> ListScheduledAsync(Guid userId, string? next, int limit, CancellationToken cancellationToken);
}

/// <summary>A person's place in a conversation.</summary>
/// <param name="Kind">One of <see cref="ConversationKinds"/>.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="FirstSeq">First seq that the person may read.</param>
public sealed record Membership(string Kind, string Role, long FirstSeq);

/// <summary>Some of what one person wrote.</summary>
/// <param name="Events">Of this person only.</param>
/// <param name="Next">Pass as <c>after</c> next time; null = there is no more.</param>
public sealed record OwnEventPage(IReadOnlyList<ChatEvent> Events, long? Next);

/// <summary>Which messages to read; at most one of Before, After, Around.</summary>
public readonly record struct MessageRange(long? Before = null, long? After = null, long? Around = null, Guid? Thread = null);
