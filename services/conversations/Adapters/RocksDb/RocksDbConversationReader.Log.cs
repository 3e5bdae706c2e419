using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using CoolChat.Engines.RocksDb;

namespace CoolChat.Conversations.Adapters.RocksDb;

/// <summary>The raw log, and outcomes of commands.</summary>
internal sealed partial class RocksDbConversationReader
{
    public ValueTask<Result<EventPage>> ReadEventsAsync(
        Guid viewer, Guid conversationId, long? after, long? before, int limit, CancellationToken cancellationToken)
    {
        using RocksDbView view = engine.View();
        if (view.Get(Keys.Pair(conversationId, viewer), families.Members) is not { } value)
            return new(NoSuchConversation);
        long first = Codec.Member(value).FirstSeq;
        if (after < first - 1 && after > 0)
            return new(Trimmed(first));
        List<ChatEvent> events = [];
        bool more = false;
        bool Take(ReadOnlySpan<byte> key, ReadOnlySpan<byte> record)
        {
            if (before is not null && Keys.ReadNumber(key, 16) < first)
                return false;
            more = events.Count == limit;
            if (!more)
                events.Add(StoredEvent.Decode(record.ToArray()).ToWire());
            return !more;
        }

        byte[] prefix = Keys.Id(conversationId);
        if (before is not null)
        {
            if (before <= first)
                return new(before < first ? Trimmed(first) : new EventPage { Events = [], HasMore = false });
            Scan.Down(view, families.Events, prefix, Keys.At(conversationId, before.Value - 1), Take);
            events.Reverse();
        }
        else
        {
            Scan.Up(view, families.Events, prefix, Keys.At(conversationId, Math.Max((after ?? 0) + 1, first)), Take);
        }
        return new(new EventPage { Events = events, HasMore = more });
    }

    public ValueTask<OwnEventPage> ReadOwnEventsAsync(Guid sender, Guid conversationId, long after, int limit, CancellationToken cancellationToken)
    {
        // Few may be theirs: a page also ends after so many of others.
        const int mostRead = 5_000;
        using RocksDbView view = engine.View();
        List<ChatEvent> own = [];
        int read = 0;
        long? next = null;
        Scan.Up(view, families.Events, Keys.Id(conversationId), Keys.At(conversationId, after + 1), (key, record) =>
        {
            if (own.Count == limit || read++ == mostRead)
            {
                next = Keys.ReadNumber(key, 16) - 1;
                return false;
            }
            StoredEvent stored = StoredEvent.Decode(record.ToArray());
            if (stored.Header.Sender == sender)
                own.Add(stored.ToWire());
            return true;
        });
        return new(new OwnEventPage(own, next));
    }

    public ValueTask<Result<CommandResult>> GetOutcomeAsync(Guid viewer, Guid conversationId, Guid commandId, CancellationToken cancellationToken)
    {
        CommandRecord? record = Codec.Command(
            engine.Get(Keys.Command(conversationId, commandId), families.Commands), seq => engine.Get(Keys.At(conversationId, seq), families.Events));
        if (record is null || record.Sender != viewer)
            return new(Refusal.NotFound("Nothing is known of this command."));
        return new(ConversationFold.Outcome(commandId, record));
    }

    private static Refusal Trimmed(long first) => new(ErrorCodes.HistoryTrimmed, $"What you may read begins at seq {first}.");
}
