using CoolChat.Contracts;
using CoolChat.Conversations.Adapters.RocksDb;
using CoolChat.Conversations.Log;
using CoolChat.Engines.RocksDb;
using CoolChat.Processing.Writing;
using RocksDbSharp;
using Timer = CoolChat.Conversations.Log.Timer;

namespace CoolChat.Processing.Adapters.RocksDb;

/// <summary>One synced WriteBatch, with an overlay in memory so that a later command of the batch sees what an earlier one wrote.</summary>
internal sealed class RocksDbCommit(
    RocksDbEngine engine, ConversationFamilies families, long stamp, Action<IReadOnlyCollection<(Guid Conversation, Guid User)>> committed) : ICommit
{
    private readonly WriteBatch _batch = new();
    private readonly Dictionary<Cell, byte[]?> _overlay = [];
    private readonly List<(Guid Conversation, long Seq)> _appended = [];

    // Somebody who writes ten messages in one commit moves their mark once.
    private readonly Dictionary<(Guid User, Guid Conversation), Marks> _marks = [];
    private readonly HashSet<(Guid Conversation, Guid User)> _changedMembers = [];
    private int _writes;

    public long Stamp => stamp;

    public bool IsEmpty => _writes == 0;

    public CommandRecord? FindCommand(Guid conversationId, Guid commandId) =>
        Codec.Command(Read(families.Commands, Keys.Command(conversationId, commandId)), seq => Read(families.Events, Keys.At(conversationId, seq)));

    public StoredEvent? ReadEvent(Guid conversationId, long seq) =>
        Read(families.Events, Keys.At(conversationId, seq)) is { } record ? StoredEvent.Decode(record) : null;

    public IEnumerable<StoredEvent> ReadEventsOf(Guid conversationId, Guid sender)
    {
        byte[] prefix = Keys.Id(conversationId);
        using Iterator events = engine.Iterate(families.Events);
        for (events.Seek(prefix); events.Valid() && events.GetKeySpan().StartsWith(prefix); events.Next())
        {
            StoredEvent stored = StoredEvent.Decode(events.Value());
            if (stored.Header.Sender == sender)
                yield return stored;
        }
    }

    public MessageState? ReadMessageState(Guid conversationId, long seq) =>
        Codec.Json<MessageState>(Read(families.States, Keys.At(conversationId, seq)));

    public bool HasReaction(Guid conversationId, long seq, string key, Guid user) =>
        Read(families.Reactions, Keys.Reaction(conversationId, seq, key, user)) is not null;

    public IReadOnlyList<int> ReadVote(Guid conversationId, long seq, Guid user) =>
        Read(families.Votes, Keys.Vote(conversationId, seq, user)) is { } vote ? [.. vote] : [];

    public Marks ReadMarks(Guid user, Guid conversationId) => _marks.TryGetValue((user, conversationId), out Marks marks)
        ? marks
        : Codec.Marks(engine.Get(Keys.Pair(user, conversationId), families.Marks));

    public MembershipRecord? ReadMembership(Guid user, Guid conversationId) =>
        Codec.Json<MembershipRecord>(Read(families.Memberships, Keys.Pair(user, conversationId)));

    public InviteRecord? ReadInvite(Guid conversationId, Guid inviteId) =>
        Codec.Json<InviteRecord>(Read(families.Invites, Keys.Pair(conversationId, inviteId)));

    public (Guid ConversationId, Guid InviteId)? FindInvite(string code) =>
        Read(families.Codes, Keys.InviteCode(code)) is { } target ? (Keys.ReadId(target, 0), Keys.ReadId(target, 16)) : null;

    public int CountInvites(Guid conversationId) => Count(families.Invites, Keys.Id(conversationId));

    public ScheduledRecord? ReadScheduled(Guid user, Guid commandId) =>
        Codec.Json<ScheduledRecord>(Read(families.Scheduled, Keys.Pair(user, commandId)));

    public int CountScheduled(Guid user) => Count(families.Scheduled, Keys.Id(user));

    public bool HasTimer(Timer timer) => Read(families.Timers, Key(timer)) is not null;

    public long OrdinalAt(Guid conversationId, long seq)
    {
        foreach ((Guid conversation, long appended) in Enumerable.Reverse(_appended))
        {
            if (conversation == conversationId && appended <= seq && ReadEvent(conversation, appended)?.Ordinal is { } ordinal)
                return ordinal;
        }
        byte[] prefix = Keys.Id(conversationId);
        using Iterator events = engine.Iterate(families.Events);
        for (events.SeekForPrev(Keys.At(conversationId, seq)); events.Valid() && events.GetKeySpan().StartsWith(prefix); events.Prev())
        {
            if (StoredEvent.IsMessage(events.GetValueSpan()))
                return StoredEvent.ReadOrdinal(events.GetValueSpan());
        }
        return 0;
    }

    public void PutCommand(Guid conversationId, Guid commandId, CommandRecord record) =>
        Write(families.Commands, Keys.Command(conversationId, commandId), Codec.Command(record));

    public void AppendEvent(StoredEvent stored)
    {
        Write(families.Events, Keys.At(stored.Header.ConversationId, stored.Header.Seq), stored.Encode());
        _appended.Add((stored.Header.ConversationId, stored.Header.Seq));
    }

    public void EraseEvent(Guid conversationId, long seq)
    {
        if (ReadEvent(conversationId, seq) is { Erased: false } stored)
            Write(families.Events, Keys.At(conversationId, seq), stored.Erase().Encode());
    }

    public void PutMessageState(Guid conversationId, long seq, MessageState state) =>
        Write(families.States, Keys.At(conversationId, seq), Codec.Json(state));

    public void PutReaction(Guid conversationId, long seq, string key, Guid user, long reactionSeq) =>
        Write(families.Reactions, Keys.Reaction(conversationId, seq, key, user), Keys.Number(reactionSeq));

    public void DeleteReaction(Guid conversationId, long seq, string key, Guid user) =>
        Delete(families.Reactions, Keys.Reaction(conversationId, seq, key, user));

    public void DeleteReactions(Guid conversationId, long seq)
    {
        byte[] from = Keys.At(conversationId, seq);
        byte[] to = Keys.At(conversationId, seq + 1);
        _batch.DeleteRange(from, (ulong)from.Length, to, (ulong)to.Length, families.Reactions);
        _writes++;
    }

    public void PutVote(Guid conversationId, long seq, Guid user, IReadOnlyList<int> options)
    {
        byte[] key = Keys.Vote(conversationId, seq, user);
        if (options.Count == 0)
            Delete(families.Votes, key);
        else
            Write(families.Votes, key, [.. options.Select(option => (byte)option)]);
    }

    public void PutThreadEntry(Guid conversationId, long rootSeq, long seq) => Write(families.Threads, Keys.Thread(conversationId, rootSeq, seq), []);

    public void PutPin(Guid conversationId, long pinSeq, long messageSeq) =>
        Write(families.Pins, Keys.At(conversationId, pinSeq), Keys.Number(messageSeq));

    public void DeletePin(Guid conversationId, long pinSeq) => Delete(families.Pins, Keys.At(conversationId, pinSeq));

    public void PutRemoval(Guid conversationId, long seq) => Write(families.Removals, Keys.At(conversationId, seq), []);

    public void PutMention(Guid user, Guid conversationId, long seq) => Write(families.Mentions, Keys.At(user, conversationId, seq), []);

    public void DeleteMention(Guid user, Guid conversationId, long seq) => Delete(families.Mentions, Keys.At(user, conversationId, seq));

    public void PutGrant(Guid mediaId, Guid conversationId, long seq) => Write(families.Grants, Keys.At(mediaId, conversationId, seq), []);

    public void DeleteGrant(Guid mediaId, Guid conversationId, long seq) => Delete(families.Grants, Keys.At(mediaId, conversationId, seq));

    public void PutMember(ConversationState state, Guid user, MemberState member)
    {
        _changedMembers.Add((state.Id, user));
        Write(families.Members, Keys.Pair(state.Id, user), Codec.Member(new MemberRecord(state.Info.Kind, member.Role, member.FirstSeq, member.JoinedSeq)));
    }

    public void DeleteMember(Guid conversationId, Guid user)
    {
        _changedMembers.Add((conversationId, user));
        Delete(families.Members, Keys.Pair(conversationId, user));
    }

    public void PutMembership(Guid user, Guid conversationId, MembershipRecord record) =>
        Write(families.Memberships, Keys.Pair(user, conversationId), Codec.Json(record));

    public void PutMarks(Guid user, Guid conversationId, Marks marks)
    {
        _marks[(user, conversationId)] = marks;
        _writes++;
    }

    public void PutInvite(Guid conversationId, Guid inviteId, InviteRecord record)
    {
        Write(families.Invites, Keys.Pair(conversationId, inviteId), Codec.Json(record));
        Write(families.Codes, Keys.InviteCode(record.Code), Keys.Pair(conversationId, inviteId));
    }

    public void DeleteInvite(Guid conversationId, Guid inviteId, InviteRecord record)
    {
        Delete(families.Invites, Keys.Pair(conversationId, inviteId));
        Delete(families.Codes, Keys.InviteCode(record.Code));
    }

    public void PutScheduled(Guid user, ScheduledRecord record) =>
        Write(families.Scheduled, Keys.Pair(user, record.Command.CommandId), Codec.Json(record));

    public void DeleteScheduled(Guid user, Guid commandId) => Delete(families.Scheduled, Keys.Pair(user, commandId));

    public void PutTimer(Timer timer) => Write(families.Timers, Key(timer), Keys.Id(timer.Actor));

    public void DeleteTimer(Timer timer) => Delete(families.Timers, Key(timer));

    public void PutInfo(Guid conversationId, ConversationInfo info, ConversationInfo? before)
    {
        Write(families.Conversations, Keys.Id(conversationId), Codec.Json(info));
        if (before is { Listed: true, Title: { } old } && (!info.Listed || info.Title != old))
            Delete(families.Channels, Keys.Channel(old, conversationId));
        if (info is { Listed: true, Title: { } title })
            Write(families.Channels, Keys.Channel(title, conversationId), []);
    }

    public void Commit(IReadOnlyCollection<ConversationState> touched)
    {
        foreach (ConversationState state in touched)
            _batch.Put(Keys.Id(state.Id), Codec.Head(state.ToHead(stamp)), families.Heads);
        foreach (((Guid user, Guid conversation), Marks marks) in _marks)
            _batch.Put(Keys.Pair(user, conversation), Codec.Marks(marks), families.Marks);
        _batch.Put(Keys.Stamp, Keys.Number(stamp), families.Meta);
        if (_appended.Count > 0)
            _batch.Put(Keys.Number(stamp), FeedEntry(), families.Feed);
        try
        {
            engine.Commit(_batch);
        }
        catch (RocksDbException failure) when (failure.Message.Contains("No space left", StringComparison.OrdinalIgnoreCase))
        {
            throw new StorageFullException(ErrorCodes.StorageFull, failure);
        }
        committed(_changedMembers);
    }

    public void Dispose() => _batch.Dispose();

    /// <summary>Runs of events: conversation (16), first seq (8), count (8).</summary>
    private byte[] FeedEntry()
    {
        List<(Guid Conversation, long First, long Count)> runs = [];
        foreach ((Guid conversation, long seq) in _appended)
        {
            if (runs.Count > 0 && runs[^1] is var last && last.Conversation == conversation && last.First + last.Count == seq)
                runs[^1] = last with { Count = last.Count + 1 };
            else
                runs.Add((conversation, seq, 1));
        }
        byte[] value = new byte[32 * runs.Count];
        for (int i = 0; i < runs.Count; i++)
        {
            Keys.At(runs[i].Conversation, runs[i].First).CopyTo(value, 32 * i);
            Keys.Number(runs[i].Count).CopyTo(value, 32 * i + 24);
        }
        return value;
    }

    private static byte[] Key(Timer timer) => Keys.Timer(timer.DueMs, timer.ConversationId, (byte)timer.Kind, timer.Subject);

    private byte[]? Read(ColumnFamilyHandle family, byte[] key) =>
        _overlay.TryGetValue(new Cell(family.Handle, key), out byte[]? value) ? value : engine.Get(key, family);

    private void Write(ColumnFamilyHandle family, byte[] key, byte[] value)
    {
        _batch.Put(key, value, family);
        _overlay[new Cell(family.Handle, key)] = value;
        _writes++;
    }

    private void Delete(ColumnFamilyHandle family, byte[] key)
    {
        _batch.Delete(key, family);
        _overlay[new Cell(family.Handle, key)] = null;
        _writes++;
    }

    private int Count(ColumnFamilyHandle family, byte[] prefix)
    {
        int count = 0;
        using Iterator iterator = engine.Iterate(family);
        for (iterator.Seek(prefix); iterator.Valid() && iterator.GetKeySpan().StartsWith(prefix); iterator.Next())
            count++;
        return count;
    }

    private readonly struct Cell(nint family, byte[] key) : IEquatable<Cell>
    {
        private readonly nint _family = family;
        private readonly byte[] _key = key;

        public bool Equals(Cell other) => _family == other._family && _key.AsSpan().SequenceEqual(other._key);

        public override bool Equals(object? obj) => obj is Cell other && Equals(other);

        public override int GetHashCode()
        {
            HashCode hash = default;
            hash.Add(_family);
            hash.AddBytes(_key);
            return hash.ToHashCode();
        }
    }
}
