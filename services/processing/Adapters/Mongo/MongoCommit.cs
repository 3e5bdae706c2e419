using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Adapters.Mongo;
using CoolChat.Conversations.Log;
using CoolChat.Processing.Writing;
using MongoDB.Bson;
using MongoDB.Driver;
using Timer = CoolChat.Conversations.Log.Timer;

namespace CoolChat.Processing.Adapters.Mongo;

/// <summary>One transaction, with what it has read and will write in memory; how it is written is <see cref="CommitTransaction"/>'s.</summary>
internal sealed class MongoCommit(MongoConversationLog log, long stamp) : ICommit
{
    private readonly ConversationCollections _collections = log.Collections;
    private readonly Changes _changes = new();
    private readonly AppendedEvents _events = new();
    private readonly List<(BsonBinaryData From, BsonBinaryData To)> _deletedReactions = [];
    private readonly Dictionary<Guid, ConversationInfo> _infos = [];
    private readonly HashSet<(Guid Conversation, Guid User)> _changedMembers = [];

    /// <summary>Durable events by command, as far as <see cref="Prepare"/> looked; null = it made none.</summary>
    private readonly Dictionary<(Guid Conversation, Guid Command), StoredEvent?> _eventOf = [];
    private readonly HashSet<int> _partitions = [];
    private bool _consulted;

    public long Stamp => stamp;

    /// <summary>A batch that only refuses must be proven too: the writer commits whatever rests on the store.</summary>
    public bool IsEmpty => _partitions.Count == 0 && !_consulted;

    public void Consult(Guid conversationId)
    {
        _consulted = true;
        log.Guarded(() =>
        {
            log.Consult(conversationId);
            return 0;
        });
    }

    /// <summary>
    /// For all commands of the batch, and the messages that they name, two reads tell what is known of them; the messages' states a third. Their
    /// partitions are consulted first, like always.
    /// </summary>
    public void Prepare(IEnumerable<ConversationOperation> operations)
    {
        HashSet<(Guid Conversation, Guid Id)> wanted = [];
        foreach (ConversationOperation operation in operations)
        {
            Consult(operation.ConversationId);
            if (operation is not LogCommand { Command: var command })
                continue;
            foreach (Guid? id in new[] { command.CommandId, command.MessageId, command.ReplyTo, command.Thread })
            {
                if (id is { } named)
                    wanted.Add((operation.ConversationId, named));
            }
        }
        if (wanted.Count > 0)
            ReadCommands(wanted);
    }

    private void ReadCommands(HashSet<(Guid Conversation, Guid Id)> wanted)
    {
        // By the ids alone: naming the conversations too would make every combination of both a place to look at.
        BsonDocument filter = new("k", new BsonDocument("$in", new BsonArray(wanted.Select(command => command.Id).Distinct().Select(id => DocumentKeys.Of(id)))));
        foreach ((Guid, Guid) unknown in wanted)
            _eventOf[unknown] = null;
        foreach (BsonDocument document in log.Guarded(() => _collections.Events.Collection.Find(filter).ToList()))
        {
            StoredEvent stored = Documents.Event(document);
            (Guid, Guid) command = (stored.Header.ConversationId, stored.Header.CommandId);
            if (!wanted.Contains(command))
                continue;
            _eventOf[command] = stored;
            _changes.Remember(_collections.Events, document["_id"].AsBsonBinaryData, document);
        }
        (Guid Conversation, Guid Id)[] noEvents = [.. wanted.Where(command => _eventOf[command] is null)];
        ReadMany(_collections.Commands, noEvents.Select(command => DocumentKeys.Of(command.Conversation, command.Id)));
        ReadMany(_collections.States, _eventOf.Values.Where(stored => stored?.Ordinal is not null)
            .Select(stored => DocumentKeys.Of(stored!.Header.ConversationId, stored.Header.Seq)));
    }

    private void ReadMany(Family family, IEnumerable<BsonBinaryData> keys)
    {
        BsonBinaryData[] wanted = [.. keys.Where(key => !_changes.TryFind(family, key, out _))];
        if (wanted.Length == 0)
            return;
        foreach (BsonDocument document in log.Guarded(() => family.Collection.Find(family.AnyOf(wanted)).ToList()))
            _changes.Remember(family, document["_id"].AsBsonBinaryData, document);
        foreach (BsonBinaryData key in wanted)
            _changes.Remember(family, key, null);
    }

    public CommandRecord? FindCommand(Guid conversationId, Guid commandId)
    {
        if ((_events.Find(conversationId, commandId) ?? StoredEventOf(conversationId, commandId)) is { } stored)
            return ConversationFold.Appended(stored);
        return Documents.Json<CommandRecord>(Read(conversationId, _collections.Commands, DocumentKeys.Of(conversationId, commandId)));
    }

    public StoredEvent? ReadEvent(Guid conversationId, long seq) => _events.Find(conversationId, seq)
        ?? (Read(conversationId, _collections.Events, DocumentKeys.Of(conversationId, seq)) is { } document ? Documents.Event(document) : null);

    public IEnumerable<StoredEvent> ReadEventsOf(Guid conversationId, Guid sender)
    {
        Consult(conversationId);
        FilterDefinition<BsonDocument> filter = _collections.Events.Between(DocumentKeys.Of(conversationId, 0), DocumentKeys.Of(conversationId, long.MaxValue))
            & new BsonDocument("u", DocumentKeys.Of(sender));
        return log.Guarded(() => _collections.Events.Collection.Find(filter).Sort(new BsonDocument("_id", 1)).ToList()).Select(Documents.Event);
    }

    public MessageState? ReadMessageState(Guid conversationId, long seq) =>
        Documents.Json<MessageState>(Read(conversationId, _collections.States, DocumentKeys.Of(conversationId, seq)));

    public bool HasReaction(Guid conversationId, long seq, string key, Guid user)
    {
        BsonBinaryData id = DocumentKeys.Reaction(conversationId, seq, key, user);
        return !_deletedReactions.Any(range => id.CompareTo(range.From) >= 0 && id.CompareTo(range.To) <= 0)
            && Read(conversationId, _collections.Reactions, id) is not null;
    }

    public IReadOnlyList<int> ReadVote(Guid conversationId, long seq, Guid user) =>
        Read(conversationId, _collections.Votes, DocumentKeys.Of(conversationId, seq, user)) is { } vote
            ? [.. vote["v"].AsBsonArray.Select(option => option.AsInt32)]
            : [];

    public Marks ReadMarks(Guid user, Guid conversationId) => Documents.Marks(ReadPlace(user, conversationId));

    public MembershipRecord? ReadMembership(Guid user, Guid conversationId) => Documents.Membership(ReadPlace(user, conversationId));

    public InviteRecord? ReadInvite(Guid conversationId, Guid inviteId) =>
        Documents.Json<InviteRecord>(Read(conversationId, _collections.Invites, DocumentKeys.Of(conversationId, inviteId)));

    public (Guid ConversationId, Guid InviteId)? FindInvite(string code)
    {
        BsonBinaryData key = DocumentKeys.InviteCode(code);
        if (!_changes.TryFind(_collections.Codes, key, out BsonDocument? found))
        {
            // Whose invite it is, is only known afterwards: that conversation is consulted by the caller, which reads the invite itself.
            found = log.Guarded(() => _collections.Codes.Collection.Find(_collections.Codes.At(key)).FirstOrDefault());
        }
        return found is null ? null : (DocumentKeys.ReadId(found["v"], 0), DocumentKeys.ReadId(found["v"], 16));
    }

    public int CountInvites(Guid conversationId) => Count(
        conversationId, _collections.Invites, DocumentKeys.Of(conversationId, Guid.Empty), DocumentKeys.Of(conversationId, Guid.AllBitsSet));

    public ScheduledRecord? ReadScheduled(Guid user, Guid commandId)
    {
        BsonBinaryData key = DocumentKeys.Of(user, commandId);
        ScheduledRecord? scheduled = Documents.Json<ScheduledRecord>(Read(null, _collections.Scheduled, key));
        if (scheduled is null)
            return null;
        bool covered = log.Holds(scheduled.ConversationId);
        Consult(scheduled.ConversationId);
        if (covered)
            return scheduled;
        // Only the record itself tells its conversation: read again, now that the stamp covers it.
        _changes.Forget(_collections.Scheduled, key);
        return Documents.Json<ScheduledRecord>(Read(null, _collections.Scheduled, key));
    }

    public int CountScheduled(Guid user) =>
        Count(null, _collections.Scheduled, DocumentKeys.Of(user, Guid.Empty), DocumentKeys.Of(user, Guid.AllBitsSet));

    public bool HasTimer(Timer timer) => Read(timer.ConversationId, _collections.Timers, Key(timer)) is not null;

    public long OrdinalAt(Guid conversationId, long seq)
    {
        if (_events.OrdinalAt(conversationId, seq) is { } ordinal)
            return ordinal;
        Consult(conversationId);
        FilterDefinition<BsonDocument> filter = _collections.Events.Between(DocumentKeys.Of(conversationId, 0), DocumentKeys.Of(conversationId, seq))
            & new BsonDocument("o", new BsonDocument("$gt", 0));
        return log.Guarded(() => _collections.Events.Collection.Find(filter, new FindOptions { Hint = new BsonDocument("_id", 1) })
            .Sort(new BsonDocument("_id", -1)).FirstOrDefault()) is { } message ? message["o"].AsInt64 : 0;
    }

    /// <summary>An appended command is found by its event, which holds its id: only other outcomes need a record.</summary>
    public void PutCommand(Guid conversationId, Guid commandId, CommandRecord record)
    {
        if (record.Status == CommandResult.Appended && _events.Find(conversationId, commandId) is not null)
            return;
        Put(conversationId, _collections.Commands, _collections.Commands.New(DocumentKeys.Of(conversationId, commandId)).WithJson(record));
    }

    public void AppendEvent(StoredEvent stored)
    {
        Touch(stored.Header.ConversationId);
        _events.Append(stored);
    }

    public void EraseEvent(Guid conversationId, long seq)
    {
        if (ReadEvent(conversationId, seq) is not { Erased: false } stored)
            return;
        Touch(conversationId);
        if (!_events.TryReplace(stored.Erase()))
            Put(conversationId, _collections.Events, _collections.Events.New(DocumentKeys.Of(conversationId, seq)).WithEvent(stored.Erase()));
    }

    public void PutMessageState(Guid conversationId, long seq, MessageState state) =>
        Put(conversationId, _collections.States, _collections.States.New(DocumentKeys.Of(conversationId, seq)).WithJson(state));

    public void PutReaction(Guid conversationId, long seq, string key, Guid user, long reactionSeq) => Put(
        conversationId, _collections.Reactions, _collections.Reactions.New(DocumentKeys.Reaction(conversationId, seq, key, user)).Add("s", reactionSeq));

    public void DeleteReaction(Guid conversationId, long seq, string key, Guid user) =>
        Delete(conversationId, _collections.Reactions, DocumentKeys.Reaction(conversationId, seq, key, user));

    /// <summary>Only for a message that is deleted now: no reaction follows.</summary>
    public void DeleteReactions(Guid conversationId, long seq)
    {
        Touch(conversationId);
        byte[] last = new byte[56];
        Array.Fill(last, byte.MaxValue);
        DocumentKeys.Of(conversationId, seq).Bytes.CopyTo(last, 0);
        byte[] first = new byte[56];
        DocumentKeys.Of(conversationId, seq).Bytes.CopyTo(first, 0);
        (BsonBinaryData From, BsonBinaryData To) range = (new BsonBinaryData(first), new BsonBinaryData(last));
        _changes.Drop(_collections.Reactions, range.From, range.To);
        _deletedReactions.Add(range);
    }

    public void PutVote(Guid conversationId, long seq, Guid user, IReadOnlyList<int> options)
    {
        BsonBinaryData key = DocumentKeys.Of(conversationId, seq, user);
        if (options.Count == 0)
            Delete(conversationId, _collections.Votes, key);
        else
            Put(conversationId, _collections.Votes, _collections.Votes.New(key).Add("v", new BsonArray(options)));
    }

    public void PutThreadEntry(Guid conversationId, long rootSeq, long seq) =>
        Put(conversationId, _collections.Threads, _collections.Threads.New(DocumentKeys.Of(conversationId, rootSeq, seq)));

    public void PutPin(Guid conversationId, long pinSeq, long messageSeq) =>
        Put(conversationId, _collections.Pins, _collections.Pins.New(DocumentKeys.Of(conversationId, pinSeq)).Add("s", messageSeq));

    public void DeletePin(Guid conversationId, long pinSeq) => Delete(conversationId, _collections.Pins, DocumentKeys.Of(conversationId, pinSeq));

    public void PutRemoval(Guid conversationId, long seq) =>
        Put(conversationId, _collections.Removals, _collections.Removals.New(DocumentKeys.Of(conversationId, seq)));

    public void PutMention(Guid user, Guid conversationId, long seq) =>
        Put(conversationId, _collections.Mentions, _collections.Mentions.New(DocumentKeys.Of(user, conversationId, seq)));

    public void DeleteMention(Guid user, Guid conversationId, long seq) =>
        Delete(conversationId, _collections.Mentions, DocumentKeys.Of(user, conversationId, seq));

    public void PutGrant(Guid mediaId, Guid conversationId, long seq) =>
        Put(conversationId, _collections.Grants, _collections.Grants.New(DocumentKeys.Of(mediaId, conversationId, seq)));

    public void DeleteGrant(Guid mediaId, Guid conversationId, long seq) =>
        Delete(conversationId, _collections.Grants, DocumentKeys.Of(mediaId, conversationId, seq));

    public void PutMember(ConversationState state, Guid user, MemberState member)
    {
        _changedMembers.Add((state.Id, user));
        Put(state.Id, _collections.Members, _collections.Members.New(DocumentKeys.Of(state.Id, user))
            .WithMember(new MemberRecord(state.Info.Kind, member.Role, member.FirstSeq, member.JoinedSeq)));
    }

    public void DeleteMember(Guid conversationId, Guid user)
    {
        _changedMembers.Add((conversationId, user));
        Delete(conversationId, _collections.Members, DocumentKeys.Of(conversationId, user));
    }

    public void PutMembership(Guid user, Guid conversationId, MembershipRecord record) =>
        Put(conversationId, _collections.Memberships, Place(user, conversationId).WithMembership(record));

    /// <summary>Every message moves its sender's marks: the rest of the document is only read where it is needed anyway.</summary>
    public void PutMarks(Guid user, Guid conversationId, Marks marks)
    {
        BsonBinaryData key = DocumentKeys.Of(user, conversationId);
        if (_changes.TryFind(_collections.Memberships, key, out _))
        {
            Put(conversationId, _collections.Memberships, Place(user, conversationId).WithMarks(marks));
            return;
        }
        Touch(conversationId);
        _changes.Set(_collections.Memberships, key, new BsonDocument().WithMarks(marks));
    }

    public void PutInvite(Guid conversationId, Guid inviteId, InviteRecord record)
    {
        BsonBinaryData key = DocumentKeys.Of(conversationId, inviteId);
        Put(conversationId, _collections.Invites, _collections.Invites.New(key).WithJson(record));
        Put(conversationId, _collections.Codes, _collections.Codes.New(DocumentKeys.InviteCode(record.Code)).Add("v", key));
    }

    public void DeleteInvite(Guid conversationId, Guid inviteId, InviteRecord record)
    {
        Delete(conversationId, _collections.Invites, DocumentKeys.Of(conversationId, inviteId));
        Delete(conversationId, _collections.Codes, DocumentKeys.InviteCode(record.Code));
    }

    public void PutScheduled(Guid user, ScheduledRecord record) => Put(
        record.ConversationId,
        _collections.Scheduled,
        _collections.Scheduled.New(DocumentKeys.Of(user, record.Command.CommandId)).WithJson(record));

    public void DeleteScheduled(Guid user, Guid commandId)
    {
        if (ReadScheduled(user, commandId) is { } scheduled)
            Delete(scheduled.ConversationId, _collections.Scheduled, DocumentKeys.Of(user, commandId));
    }

    public void PutTimer(Timer timer) =>
        Put(timer.ConversationId, _collections.Timers, _collections.Timers.New(Key(timer)).Add("v", DocumentKeys.Of(timer.Actor)));

    public void DeleteTimer(Timer timer) => Delete(timer.ConversationId, _collections.Timers, Key(timer));

    /// <summary>Written with the head, into the same document.</summary>
    public void PutInfo(Guid conversationId, ConversationInfo info, ConversationInfo? before)
    {
        Touch(conversationId);
        _infos[conversationId] = info;
    }

    public void Commit(IReadOnlyCollection<ConversationState> touched)
    {
        CommitTransaction transaction = new(log, stamp, _partitions);
        transaction.Run(new CommitTransaction.Writes(_events, _changes, _deletedReactions, [.. touched.Select(state => (state.ToHead(stamp), state.Id))], _infos));
        log.Committed(stamp, _partitions, _changedMembers);
    }

    public void Dispose()
    {
        // Nothing is held until Commit, and Commit lets go of it.
    }

    private StoredEvent? StoredEventOf(Guid conversationId, Guid commandId)
    {
        Consult(conversationId);
        if (_eventOf.TryGetValue((conversationId, commandId), out StoredEvent? known))
            return known;
        BsonDocument filter = new() { { Family.Scope, DocumentKeys.Of(conversationId) }, { "k", DocumentKeys.Of(commandId) } };
        return log.Guarded(() => _collections.Events.Collection.Find(filter).FirstOrDefault()) is { } document ? Documents.Event(document) : null;
    }

    private BsonDocument? ReadPlace(Guid user, Guid conversationId)
    {
        BsonBinaryData key = DocumentKeys.Of(user, conversationId);
        BsonDocument? known = Read(conversationId, _collections.Memberships, key);
        return _changes.FieldsOf(_collections.Memberships, key) is { } fields
            ? (known is null ? _collections.Memberships.New(key) : (BsonDocument)known.DeepClone()).Merge(fields, overwriteExistingElements: true)
            : known;
    }

    /// <summary>A copy to change: what was read must not change under whoever holds it.</summary>
    private BsonDocument Place(Guid user, Guid conversationId) => ReadPlace(user, conversationId) is { } known
        ? (BsonDocument)known.DeepClone()
        : _collections.Memberships.New(DocumentKeys.Of(user, conversationId));

    private static BsonBinaryData Key(Timer timer) => DocumentKeys.Timer(timer.DueMs, timer.ConversationId, (byte)timer.Kind, timer.Subject);

    private BsonDocument? Read(Guid? conversationId, Family family, BsonBinaryData key)
    {
        if (conversationId is { } id)
            Consult(id);
        if (_changes.TryFind(family, key, out BsonDocument? known))
            return known;
        BsonDocument? found = log.Guarded(() => family.Collection.Find(family.At(key)).FirstOrDefault());
        _changes.Remember(family, key, found);
        return found;
    }

    /// <summary>How many ids there will be in the range, with what this commit adds and removes.</summary>
    private int Count(Guid? conversationId, Family family, BsonBinaryData from, BsonBinaryData to)
    {
        if (conversationId is { } id)
            Consult(id);
        HashSet<BsonValue> ids = [.. log.Guarded(() => family.Collection.Find(family.Between(from, to)).Project(new BsonDocument("_id", 1)).ToList())
            .Select(document => document["_id"])];
        foreach ((BsonBinaryData key, bool exists) in _changes.WrittenWithin(family, from, to))
            _ = exists ? ids.Add(key) : ids.Remove(key);
        return ids.Count;
    }

    private void Put(Guid conversationId, Family family, BsonDocument document)
    {
        Touch(conversationId);
        _changes.Put(family, document);
    }

    private void Delete(Guid conversationId, Family family, BsonBinaryData key)
    {
        Touch(conversationId);
        _changes.Delete(family, key);
    }

    private void Touch(Guid conversationId)
    {
        Consult(conversationId);
        _partitions.Add(log.PartitionOf(conversationId));
    }
}
