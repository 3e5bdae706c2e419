using CoolChat.Contracts;

namespace CoolChat.Conversations.Log;

/// <summary>A message as it is now, from its event and what became of it. The same on every store.</summary>
internal static class MessageFold
{
    /// <summary>As it was sent.</summary>
    public static MessageView Sent(StoredEvent sent)
    {
        MessageBody? body = Body(sent);
        return new MessageView
        {
            MessageId = sent.Header.CommandId,
            ConversationId = sent.Header.ConversationId,
            Seq = sent.Header.Seq,
            Ordinal = sent.Ordinal ?? 0,
            Sender = sent.Header.Sender,
            At = DateTimeOffset.FromUnixTimeMilliseconds(sent.Header.AtUnixMilliseconds),
            Content = body?.Content,
            ReplyTo = body?.ReplyTo,
            Thread = body?.Thread,
            Mentions = body?.Mentions,
            ForwardedFrom = body?.ForwardedFrom,
            ExpiresAt = body?.ExpiresAt,
        };
    }

    /// <summary>Seq of the edit whose content shows, or null.</summary>
    public static long? ShownEdit(MessageState state) => state is { Deleted: null, EditSeqs: [.., var last] } ? last : null;

    /// <summary>
    /// Adds what became of it: the event at <see cref="ShownEdit"/>, whether the viewer reacted with a key, and their vote, or null.
    /// </summary>
    public static MessageView Folded(MessageView message, MessageState state, StoredEvent? edit, Func<string, bool> mine, IReadOnlyList<int>? vote)
    {
        MessageBody? edited = edit is null ? null : Body(edit);
        return message with
        {
            Content = state.Deleted is null ? edited?.Content ?? message.Content : null,
            Thread = message.Thread ?? state.Thread,
            Mentions = edited is null ? message.Mentions : edited.Mentions,
            EditedAt = edited is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(state.EditedAtMs),
            Edits = edited is null ? null : state.EditSeqs.Count,
            Deleted = state.Deleted,
            Pinned = state.PinSeq > 0 ? true : null,
            Reactions = state.Reactions.Count == 0 ? null :
            [
                .. state.Reactions.OrderByDescending(tally => tally.Count)
                    .Select(tally => new ReactionCount { Key = tally.Key, Count = tally.Count, Mine = mine(tally.Key) }),
            ],
            Replies = state.Replies is not { Count: > 0 } replies ? null : new ThreadSummary
            {
                Count = replies.Count,
                LastSeq = replies.LastSeq,
                LastAt = DateTimeOffset.FromUnixTimeMilliseconds(replies.LastAtMs),
                Participants = replies.Participants,
            },
            Poll = state.Poll is not { } poll ? null : new PollResult
            {
                Counts = poll.Counts,
                Voters = poll.Voters,
                Closed = poll.Closed ? true : null,
                Mine = vote,
            },
        };
    }

    /// <summary>One of a message's contents over time.</summary>
    public static MessageEditView Edit(StoredEvent stored) => new()
    {
        Seq = stored.Header.Seq,
        At = DateTimeOffset.FromUnixTimeMilliseconds(stored.Header.AtUnixMilliseconds),
        Content = Body(stored)?.Content,
    };

    private static MessageBody? Body(StoredEvent stored) => stored.Erased ? null : new JsonBody(stored.Body).As<MessageBody>();
}
