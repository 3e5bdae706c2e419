using System.Globalization;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using MongoDB.Bson;

namespace CoolChat.Conversations.Adapters.Mongo;

/// <summary>Messages as they are now, the raw log, and outcomes of commands.</summary>
internal sealed partial class MongoConversationReader
{
    public async ValueTask<Result<EventPage>> ReadEventsAsync(
        Guid viewer, Guid conversationId, long? after, long? before, int limit, CancellationToken cancellationToken) =>
        await ReadAsync<Result<EventPage>>(async view =>
        {
            if (await FirstSeqAsync(view, conversationId, viewer) is not { } first)
                return NoSuchConversation;
            if ((after < first - 1 && after > 0) || before < first)
                return Trimmed(first);
            bool down = before is not null;
            long from = down ? first : Math.Max((after ?? 0) + 1, first);
            long to = down ? before!.Value - 1 : long.MaxValue;
            List<BsonDocument> found = to < from ? [] : await EventsAsync(view, conversationId, from, to, limit + 1, down);
            List<ChatEvent> events = [.. found.Take(limit).Select(document => Documents.Event(document).ToWire())];
            if (down)
                events.Reverse();
            return new EventPage { Events = events, HasMore = found.Count > limit };
        }, cancellationToken);

    public async ValueTask<OwnEventPage> ReadOwnEventsAsync(Guid sender, Guid conversationId, long after, int limit, CancellationToken cancellationToken) =>
        await ReadAsync(async view =>
        {
            List<BsonDocument> own = await view.RangeAsync(
                collections.Events,
                DocumentKeys.Of(conversationId, after + 1),
                DocumentKeys.Of(conversationId, long.MaxValue),
                limit + 1,
                also: new BsonDocument("u", DocumentKeys.Of(sender)));
            return new OwnEventPage(
                [.. own.Take(limit).Select(document => Documents.Event(document).ToWire())],
                own.Count > limit ? DocumentKeys.ReadNumber(own[limit - 1]["_id"], 16) : null);
        }, cancellationToken);

    public async ValueTask<Result<MessagePage>> ReadMessagesAsync(
        Guid viewer, Guid conversationId, MessageRange range, int limit, CancellationToken cancellationToken) =>
        await ReadAsync<Result<MessagePage>>(async view =>
        {
            if (await FirstSeqAsync(view, conversationId, viewer) is not { } first)
                return NoSuchConversation;
            MessageList list = new(view, collections, conversationId, null, first);
            if (range.Thread is { } thread)
            {
                if (await LocateAsync(view, viewer, conversationId, thread) is not { } root)
                    return Refusal.NotFound("There is no such thread.");
                list = list with { Root = root };
            }
            MessageList.Found found = range switch
            {
                { Before: { } before } => await list.OlderAsync(before - 1, limit),
                { After: { } after } => await list.NewerAsync(Math.Max(after + 1, first), limit),
                { Around: { } around } => await list.AroundAsync(around, limit),
                _ => await list.OlderAsync(long.MaxValue, limit),
            };
            return await PageAsync(view, viewer, conversationId, found);
        }, cancellationToken);

    public async ValueTask<Result<MessagePage>> ReadPinsAsync(Guid viewer, Guid conversationId, CancellationToken cancellationToken) =>
        await ReadAsync<Result<MessagePage>>(async view =>
        {
            if (await FirstSeqAsync(view, conversationId, viewer) is not { } first)
                return NoSuchConversation;
            List<BsonDocument> pins = await view.RangeAsync(
                collections.Pins, DocumentKeys.Of(conversationId, 0), DocumentKeys.Of(conversationId, long.MaxValue), down: true);
            long[] seqs = [.. pins.Select(pin => pin["s"].AsInt64).Where(seq => seq >= first)];
            return await PageAsync(view, viewer, conversationId, new MessageList.Found(seqs, false, false));
        }, cancellationToken);

    public async ValueTask<Result<MessageView>> GetMessageAsync(Guid viewer, Guid conversationId, Guid messageId, CancellationToken cancellationToken) =>
        await ReadAsync<Result<MessageView>>(async view =>
            await LocateAsync(view, viewer, conversationId, messageId) is { } seq
                && (await MessagesAsync(view, viewer, [(conversationId, seq)])).TryGetValue((conversationId, seq), out MessageView? message)
                    ? message
                    : Refusal.NotFound(), cancellationToken);

    public async ValueTask<Result<Page<MessageEditView>>> ReadEditsAsync(
        Guid viewer, Guid conversationId, Guid messageId, string? next, int limit, CancellationToken cancellationToken)
    {
        long from = 0;
        if (next is not null && (!long.TryParse(next, out from) || from < 0))
            return WrongNext;
        return await ReadAsync<Result<Page<MessageEditView>>>(async view =>
        {
            if (await LocateAsync(view, viewer, conversationId, messageId) is not { } seq)
                return Refusal.NotFound();
            MessageState? state = Documents.Json<MessageState>(await view.FindAsync(collections.States, DocumentKeys.Of(conversationId, seq)));
            long[] seqs = [.. (state?.EditSeqs ?? []).Prepend(seq).Where(edit => edit > from).Take(limit + 1)];
            long[] page = [.. seqs.Take(limit)];
            Dictionary<BsonValue, BsonDocument> events = await view.FindManyAsync(collections.Events, page.Select(edit => DocumentKeys.Of(conversationId, edit)));
            return new Page<MessageEditView>
            {
                Items = [.. page.Select(edit => MessageFold.Edit(Documents.Event(events[DocumentKeys.Of(conversationId, edit)])))],
                Next = seqs.Length > limit ? page[^1].ToString(CultureInfo.InvariantCulture) : null,
            };
        }, cancellationToken);
    }

    public async ValueTask<Result<Page<Guid>>> ReadReactionsAsync(
        Guid viewer, Guid conversationId, Guid messageId, string key, string? next, int limit, CancellationToken cancellationToken)
    {
        long from = 0;
        if (next is not null && (!long.TryParse(next, out from) || from < 0))
            return WrongNext;
        return await ReadAsync<Result<Page<Guid>>>(async view =>
        {
            if (await LocateAsync(view, viewer, conversationId, messageId) is not { } seq)
                return Refusal.NotFound();
            List<BsonDocument> all = await view.RangeAsync(
                collections.Reactions,
                DocumentKeys.Reaction(conversationId, seq, key, Guid.Empty),
                DocumentKeys.Reaction(conversationId, seq, key, Guid.AllBitsSet));
            (long Seq, Guid User)[] page =
            [
                .. all.Select(document => (document["s"].AsInt64, DocumentKeys.ReadId(document["_id"], 40)))
                    .Where(entry => entry.Item1 > from).OrderBy(entry => entry.Item1).Take(limit + 1),
            ];
            return new Page<Guid>
            {
                Items = [.. page.Take(limit).Select(entry => entry.User)],
                Next = page.Length > limit ? page[limit - 1].Seq.ToString(CultureInfo.InvariantCulture) : null,
            };
        }, cancellationToken);
    }

    public async ValueTask<Result<CommandResult>> GetOutcomeAsync(Guid viewer, Guid conversationId, Guid commandId, CancellationToken cancellationToken) =>
        await ReadAsync<Result<CommandResult>>(async view =>
        {
            CommandRecord? record = await EventOfAsync(view, conversationId, commandId) is { } stored
                ? ConversationFold.Appended(stored)
                : Documents.Json<CommandRecord>(await view.FindAsync(collections.Commands, DocumentKeys.Of(conversationId, commandId)));
            return record is null || record.Sender != viewer
                ? Refusal.NotFound("Nothing is known of this command.")
                : ConversationFold.Outcome(commandId, record);
        }, cancellationToken);

    private Task<List<BsonDocument>> EventsAsync(MongoView view, Guid conversation, long from, long to, int limit, bool down) =>
        view.RangeAsync(collections.Events, DocumentKeys.Of(conversation, from), DocumentKeys.Of(conversation, to), limit, down);

    /// <summary>The event that the command made, if it made one.</summary>
    private async Task<StoredEvent?> EventOfAsync(MongoView view, Guid conversationId, Guid commandId)
    {
        List<BsonDocument> found = await view.QueryAsync(
            collections.Events.Collection,
            new BsonDocument { { Family.Scope, DocumentKeys.Of(conversationId) }, { "k", DocumentKeys.Of(commandId) } },
            new BsonDocument("_id", 1),
            1);
        return found.Count == 0 ? null : Documents.Event(found[0]);
    }

    private async Task<long?> FirstSeqAsync(MongoView view, Guid conversationId, Guid viewer) =>
        await view.FindAsync(collections.Members, DocumentKeys.Of(conversationId, viewer)) is { } place ? Documents.Member(place).FirstSeq : null;

    /// <summary>Seq of a message that the viewer may see.</summary>
    private async Task<long?> LocateAsync(MongoView view, Guid viewer, Guid conversationId, Guid messageId) =>
        await FirstSeqAsync(view, conversationId, viewer) is { } first
            && await EventOfAsync(view, conversationId, messageId) is { Ordinal: not null } sent && sent.Header.Seq >= first
                ? sent.Header.Seq
                : null;

    private async Task<MessagePage> PageAsync(MongoView view, Guid viewer, Guid conversationId, MessageList.Found found)
    {
        Dictionary<(Guid, long), MessageView> messages = await MessagesAsync(view, viewer, found.Seqs.Select(seq => (conversationId, seq)));
        BsonDocument head = (await view.FindAsync(collections.Conversations, DocumentKeys.Of(conversationId)))!;
        return new MessagePage
        {
            Items = [.. found.Seqs.Where(seq => messages.ContainsKey((conversationId, seq))).Select(seq => messages[(conversationId, seq)])],
            UpTo = Documents.Head(head).Seq,
            HasBefore = found.HasBefore,
            HasAfter = found.HasAfter,
        };
    }

    /// <summary>Messages, folded: events, states, edits that show, the viewer's own reactions and votes, each read once for all.</summary>
    private async Task<Dictionary<(Guid, long), MessageView>> MessagesAsync(MongoView view, Guid viewer, IEnumerable<(Guid Conversation, long Seq)> places)
    {
        BsonBinaryData[] keys = [.. places.Select(place => DocumentKeys.Of(place.Conversation, place.Seq))];
        Dictionary<BsonValue, BsonDocument> events = await view.FindManyAsync(collections.Events, keys);
        Dictionary<BsonValue, MessageState> states = (await view.FindManyAsync(collections.States, keys))
            .ToDictionary(entry => entry.Key, entry => Documents.Json<MessageState>(entry.Value)!);
        Dictionary<BsonValue, BsonDocument> edits = await view.FindManyAsync(
            collections.Events,
            from entry in states let edit = MessageFold.ShownEdit(entry.Value) where edit is not null select DocumentKeys.Of(ConversationOf(entry.Key), edit.Value));
        Dictionary<BsonValue, BsonDocument> mine = await view.FindManyAsync(
            collections.Reactions,
            from entry in states
            from tally in entry.Value.Reactions
            select DocumentKeys.Reaction(ConversationOf(entry.Key), SeqOf(entry.Key), tally.Key, viewer));
        Dictionary<BsonValue, BsonDocument> votes = await view.FindManyAsync(
            collections.Votes,
            from entry in states where entry.Value.Poll is not null select DocumentKeys.Of(ConversationOf(entry.Key), SeqOf(entry.Key), viewer));
        Dictionary<(Guid, long), MessageView> messages = [];
        foreach ((BsonValue key, BsonDocument document) in events)
        {
            MessageView message = MessageFold.Sent(Documents.Event(document));
            (Guid conversation, long seq) = (message.ConversationId, message.Seq);
            if (states.TryGetValue(key, out MessageState? state))
            {
                StoredEvent? edit = MessageFold.ShownEdit(state) is { } last ? Documents.Event(edits[DocumentKeys.Of(conversation, last)]) : null;
                int[]? vote = votes.TryGetValue(DocumentKeys.Of(conversation, seq, viewer), out BsonDocument? cast)
                    ? [.. cast["v"].AsBsonArray.Select(option => option.AsInt32)]
                    : null;
                message = MessageFold.Folded(
                    message, state, edit, emoji => mine.ContainsKey(DocumentKeys.Reaction(conversation, seq, emoji, viewer)), vote);
            }
            messages[(conversation, seq)] = message;
        }
        return messages;
    }

    private static Guid ConversationOf(BsonValue key) => DocumentKeys.ReadId(key, 0);

    private static long SeqOf(BsonValue key) => DocumentKeys.ReadNumber(key, 16);

    private static Refusal Trimmed(long first) => new(ErrorCodes.HistoryTrimmed, $"What you may read begins at seq {first}.");
}
