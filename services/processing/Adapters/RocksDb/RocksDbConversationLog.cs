using CoolChat.Conversations.Adapters.RocksDb;
using CoolChat.Conversations.Log;
using CoolChat.Engines.RocksDb;
using CoolChat.Processing.Writing;
using RocksDbSharp;
using Timer = CoolChat.Conversations.Log.Timer;

namespace CoolChat.Processing.Adapters.RocksDb;

/// <summary>The log on RocksDB; keys are documented on <see cref="ConversationFamilies"/>.</summary>
internal sealed class RocksDbConversationLog : IConversationLog
{
    private readonly RocksDbEngine _engine;
    private readonly ConversationFamilies _families;
    private readonly MembershipCache _memberships;
    private readonly TimeProvider _time;
    private readonly long _reserveBytes;
    private long _stamp;
    private long _fullCheckedAt = long.MinValue;
    private bool _full;

    public RocksDbConversationLog(
        RocksDbEngine engine, ConversationFamilies families, MembershipCache memberships, TimeProvider time, RocksDbOptions options)
    {
        _memberships = memberships;
        _engine = engine;
        _families = families;
        _time = time;
        _reserveBytes = options.ReserveBytes;
        _stamp = engine.Get(Keys.Stamp, families.Meta) is { } stamp ? Keys.ReadNumber(stamp, 0) : 0;
    }

    public ConversationState? Load(Guid conversationId)
    {
        byte[] id = Keys.Id(conversationId);
        if (Codec.Head(_engine.Get(id, _families.Heads)) is not { } head || Codec.Json<ConversationInfo>(_engine.Get(id, _families.Conversations)) is not { } info)
            return null;
        ConversationState state = new()
        {
            Id = conversationId,
            Epoch = head.Epoch,
            Info = info,
            Seq = head.Seq,
            Ordinal = head.Ordinal,
            AtMs = head.AtMs,
            LastMessageSeq = head.LastMessageSeq,
            HeaderHash = head.HeaderHash,
        };
        using Iterator members = _engine.Iterate(_families.Members);
        for (members.Seek(id); members.Valid() && members.GetKeySpan().StartsWith(id); members.Next())
        {
            MemberRecord record = Codec.Member(members.GetValueSpan());
            state.Members[Keys.ReadId(members.GetKeySpan(), 16)] = new MemberState { Role = record.Role, FirstSeq = record.FirstSeq, JoinedSeq = record.JoinedSeq };
        }
        return state;
    }

    public ICommit Begin() => new RocksDbCommit(_engine, _families, _stamp + 1, changedMembers =>
    {
        _stamp++;
        _memberships.Forget(changedMembers);
    });

    public IReadOnlyList<Timer> DueTimers(long nowMs, int limit)
    {
        List<Timer> due = [];
        using Iterator timers = _engine.Iterate(_families.Timers);
        for (timers.SeekToFirst(); timers.Valid() && due.Count < limit; timers.Next())
        {
            ReadOnlySpan<byte> key = timers.GetKeySpan();
            if (Keys.ReadNumber(key, 0) > nowMs)
                break;
            due.Add(new Timer(Keys.ReadNumber(key, 0), (TimerKind)key[24], Keys.ReadId(key, 8), Keys.ReadId(key, 25), Keys.ReadId(timers.GetValueSpan(), 0)));
        }
        return due;
    }

    public bool IsFull()
    {
        // Asking the file system costs more than a small commit, so a fifth of a second is shared by all that arrive in it.
        if (_fullCheckedAt != long.MinValue && _time.GetElapsedTime(_fullCheckedAt) < TimeSpan.FromMilliseconds(200))
            return _full;
        _full = _engine.FreeBytes() < _reserveBytes;
        _fullCheckedAt = _time.GetTimestamp();
        return _full;
    }
}
