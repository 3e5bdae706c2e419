using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using CoolChat.Engines.RocksDb;
using RocksDbSharp;

namespace CoolChat.Conversations.Adapters.RocksDb;

/// <summary>Messages as they are now.</summary>
internal sealed partial class RocksDbConversationReader
{
    public ValueTask<Result<MessagePage>> ReadMessagesAsync(
        Guid viewer, Guid conversationId, MessageRange range, int limit, CancellationToken cancellationToken)
    {
        using RocksDbView view = engine.View();
        if (view.Get(Keys.Pair(conversationId, viewer), families.Members) is not { } value)
            return new(NoSuchConversation);
        long first = Codec.Member(value).FirstSeq;
        ConversationHead head = Codec.Head(view.Get(Keys.Id(conversationId), families.Heads))!;
        MessageList list = new(families.Events, Keys.Id(conversationId), static record => StoredEvent.IsMessage(record));
        if (range.Thread is { } thread)
        {
            if (Locate(view, viewer, conversationId, thread) is not { } root)
                return new(Refusal.NotFound("There is no such thread."));
            list = new MessageList(families.Threads, Keys.At(conversationId, root), static _ => true);
        }

        (List<long> seqs, bool hasBefore, bool hasAfter) = range switch
        {
            { Before: { } before } => Older(view, list, before - 1, first, limit),
            { After: { } after } => Newer(view, list, Math.Max(after + 1, first), first, limit),
            { Around: { } around } => Around(view, list, around, first, limit),
            _ => Older(view, list, long.MaxValue, first, limit),
        };
        return new(new MessagePage
        {
            Items = [.. seqs.Select(seq => Message(view, viewer, conversationId, seq)).OfType<MessageView>()],
            UpTo = head.Seq,
            HasBefore = hasBefore,
            HasAfter = hasAfter,
        });
    }

    /// <summary>Where seqs of messages are listed: the log itself, or a thread's index.</summary>
    private sealed record MessageList(ColumnFamilyHandle Family, byte[] Prefix, MessageList.Test IsMessage)
    {
        public delegate bool Test(ReadOnlySpan<byte> value);

        public byte[] Key(long seq) => [.. Prefix, .. Keys.Number(seq)];
    }

    private static (List<long> Seqs, bool HasBefore, bool HasAfter) Older(RocksDbView view, MessageList list, long last, long first, int limit)
    {
        List<long> seqs = [];
        bool more = false;
        Scan.Down(view, list.Family, list.Prefix, list.Key(last), (key, value) =>
        {
            long seq = Keys.ReadNumber(key, list.Prefix.Length);
            if (seq < first)
                return false;
            if (!list.IsMessage(value))
                return true;
            more = seqs.Count == limit;
            if (!more)
                seqs.Add(seq);
            return !more;
        });
        seqs.Reverse();
        bool newer = false;
        if (last < long.MaxValue)
        {
            Scan.Up(view, list.Family, list.Prefix, list.Key(last + 1), (_, value) =>
            {
                newer = list.IsMessage(value);
                return !newer;
            });
        }
        return (seqs, more, newer);
    }

    private static (List<long> Seqs, bool HasBefore, bool HasAfter) Newer(RocksDbView view, MessageList list, long from, long first, int limit)
    {
        List<long> seqs = [];
        bool more = false;
        Scan.Up(view, list.Family, list.Prefix, list.Key(from), (key, value) =>
        {
            if (!list.IsMessage(value))
                return true;
            more = seqs.Count == limit;
            if (!more)
                seqs.Add(Keys.ReadNumber(key, list.Prefix.Length));
            return !more;
        });
        bool older = false;
        Scan.Down(view, list.Family, list.Prefix, list.Key(from - 1), (key, value) =>
        {
            if (Keys.ReadNumber(key, list.Prefix.Length) < first)
                return false;
            older = list.IsMessage(value);
            return !older;
        });
        return (seqs, older, more);
    }

    private static (List<long> Seqs, bool HasBefore, bool HasAfter) Around(RocksDbView view, MessageList list, long around, long first, int limit)
    {
        (List<long> older, bool hasBefore, _) = Older(view, list, around, first, (limit + 1) / 2);
        (List<long> newer, _, bool hasAfter) = Newer(view, list, Math.Max(around + 1, first), first, Math.Max(limit - older.Count, 1));
        return ([.. older, .. newer], hasBefore, hasAfter);
    }

    public ValueTask<Result<MessageView>> GetMessageAsync(Guid viewer, Guid conversationId, Guid messageId, CancellationToken cancellationToken)
    {
        using RocksDbView view = engine.View();
        return new(Locate(view, viewer, conversationId, messageId) is { } seq && Message(view, viewer, conversationId, seq) is { } message
            ? message
            : Refusal.NotFound());
    }

    public ValueTask<Result<Page<MessageEditView>>> ReadEditsAsync(
        Guid viewer, Guid conversationId, Guid messageId, string? next, int limit, CancellationToken cancellationToken)
    {
        long from = 0;
        if (next is not null && (!long.TryParse(next, out from) || from < 0))
            return new(Refusal.Invalid("next", "next is not from an earlier page."));
        using RocksDbView view = engine.View();
        if (Locate(view, viewer, conversationId, messageId) is not { } seq)
            return new(Refusal.NotFound());
        MessageState? state = Codec.Json<MessageState>(view.Get(Keys.At(conversationId, seq), families.States));
        List<long> seqs = [.. (state?.EditSeqs ?? []).Prepend(seq).Where(edit => edit > from).Take(limit + 1)];
        List<MessageEditView> items = [];
        foreach (long edit in seqs.Take(limit))
            items.Add(MessageFold.Edit(StoredEvent.Decode(view.Get(Keys.At(conversationId, edit), families.Events)!)));
        return new(new Page<MessageEditView>
        {
            Items = items,
            Next = seqs.Count > limit ? items[^1].Seq.ToString(System.Globalization.CultureInfo.InvariantCulture) : null,
        });
    }

    public ValueTask<Result<Page<Guid>>> ReadReactionsAsync(
        Guid viewer, Guid conversationId, Guid messageId, string key, string? next, int limit, CancellationToken cancellationToken)
    {
        long from = 0;
        if (next is not null && (!long.TryParse(next, out from) || from < 0))
            return new(Refusal.Invalid("next", "next is not from an earlier page."));
        using RocksDbView view = engine.View();
        if (Locate(view, viewer, conversationId, messageId) is not { } seq)
            return new(Refusal.NotFound());
        List<(long Seq, Guid User)> all = [];
        byte[] prefix = Keys.Reactions(conversationId, seq, key);
        Scan.Up(view, families.Reactions, prefix, prefix, (entry, value) =>
        {
            all.Add((Keys.ReadNumber(value, 0), Keys.ReadId(entry, prefix.Length)));
            return true;
        });
        List<(long Seq, Guid User)> page = [.. all.Where(entry => entry.Seq > from).OrderBy(entry => entry.Seq).Take(limit + 1)];
        return new(new Page<Guid>
        {
            Items = [.. page.Take(limit).Select(entry => entry.User)],
            Next = page.Count > limit ? page[limit - 1].Seq.ToString(System.Globalization.CultureInfo.InvariantCulture) : null,
        });
    }

    public ValueTask<Result<MessagePage>> ReadPinsAsync(Guid viewer, Guid conversationId, CancellationToken cancellationToken)
    {
        using RocksDbView view = engine.View();
        if (view.Get(Keys.Pair(conversationId, viewer), families.Members) is not { } value)
            return new(NoSuchConversation);
        long first = Codec.Member(value).FirstSeq;
        List<MessageView> pins = [];
        Scan.Down(view, families.Pins, Keys.Id(conversationId), Keys.At(conversationId, long.MaxValue), (_, pinned) =>
        {
            long seq = Keys.ReadNumber(pinned, 0);
            if (seq >= first && Message(view, viewer, conversationId, seq) is { } message)
                pins.Add(message);
            return true;
        });
        ConversationHead head = Codec.Head(view.Get(Keys.Id(conversationId), families.Heads))!;
        return new(new MessagePage { Items = pins, UpTo = head.Seq, HasBefore = false, HasAfter = false });
    }

    /// <summary>Seq of a message that the viewer may see.</summary>
    private long? Locate(RocksDbView view, Guid viewer, Guid conversationId, Guid messageId)
    {
        if (view.Get(Keys.Pair(conversationId, viewer), families.Members) is not { } member)
            return null;
        return Codec.CommandSeq(view.Get(Keys.Command(conversationId, messageId), families.Commands)) is { } seq && seq >= Codec.Member(member).FirstSeq
            && view.Get(Keys.At(conversationId, seq), families.Events) is { } record && StoredEvent.IsMessage(record) ? seq : null;
    }

    /// <summary>The message at <paramref name="seq"/>, folded.</summary>
    private MessageView? Message(RocksDbView view, Guid viewer, Guid conversationId, long seq)
    {
        byte[] key = Keys.At(conversationId, seq);
        if (view.Get(key, families.Events) is not { } record)
            return null;
        MessageView message = MessageFold.Sent(StoredEvent.Decode(record));
        return Codec.Json<MessageState>(view.Get(key, families.States)) is { } state ? Folded(view, viewer, message, state) : message;
    }

    private MessageView Folded(RocksDbView view, Guid viewer, MessageView message, MessageState state)
    {
        (Guid conversation, long seq) = (message.ConversationId, message.Seq);
        StoredEvent? edit = MessageFold.ShownEdit(state) is { } last
            ? StoredEvent.Decode(view.Get(Keys.At(conversation, last), families.Events)!)
            : null;
        byte[]? vote = state.Poll is null ? null : view.Get(Keys.Vote(conversation, seq, viewer), families.Votes);
        return MessageFold.Folded(
            message, state, edit, key => view.Has(Keys.Reaction(conversation, seq, key, viewer), families.Reactions), vote is null ? null : [.. vote]);
    }
}
