using System.Security.Cryptography;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations.Log;
using CoolChat.Processing.Writing;

namespace CoolChat.Processing.Decisions;

/// <summary>
/// What a decision works with: the time, the commit it writes to, and what becomes visible after the commit. A decision first checks
/// everything, then writes: once it has changed anything it must not refuse.
/// </summary>
internal sealed class DecisionContext(ICommit commit, IBlockList blocks, Limits limits, DateTimeOffset now)
{
    private readonly HashSet<ConversationState> _touched = [];
    private ReadOnlyMemory<byte> _salts;

    public ICommit Commit { get; } = commit;
    public IBlockList Blocks { get; } = blocks;

    /// <summary>Whether the other one in a direct conversation has blocked the actor, who then reads on but reaches them by nothing.</summary>
    public bool IsBlocked(ConversationState state, Guid actor) =>
        state.Info.IsDirect && state.Members.Keys.Any(other => other != actor && Blocks.IsBlocked(other, actor));
    public Limits Limits { get; } = limits;
    public DateTimeOffset Now { get; } = now;
    public long NowMs { get; } = now.ToUnixTimeMilliseconds();

    public List<LiveEvent> Events { get; } = [];
    public List<LiveMarks> Marks { get; } = [];
    public List<PrivateChange> PrivateChanges { get; } = [];

    /// <summary>Conversations whose head the commit writes.</summary>
    public IReadOnlyCollection<ConversationState> Touched => _touched;

    /// <summary>Who does what, as the header of an event tells it.</summary>
    public readonly record struct Origin(Guid Sender, Guid? DeviceId, Guid CommandId);

    /// <summary>Appends an event to the log and to what is shown live.</summary>
    public StoredEvent Append(
        ConversationState state,
        Origin origin,
        string type,
        ReadOnlyMemory<byte> body,
        Guid? messageId = null,
        IReadOnlyList<Guid>? joined = null,
        IReadOnlyList<Guid>? left = null)
    {
        ReadOnlyMemory<byte> salt = NextSalt();
        byte[] bodyHash = new byte[HashChain.HashLength];
        HashChain.HashBody(salt.Span, body.Span, bodyHash);
        state.Seq++;
        state.AtMs = Math.Max(NowMs, state.AtMs);
        bool message = type == EventTypes.MessageSent;
        if (message)
        {
            state.Ordinal++;
            state.LastMessageSeq = state.Seq;
        }
        EventHeader header = new()
        {
            ConversationId = state.Id,
            Epoch = state.Epoch,
            Seq = state.Seq,
            Type = type,
            AtUnixMilliseconds = state.AtMs,
            Sender = origin.Sender,
            DeviceId = origin.DeviceId,
            CommandId = origin.CommandId,
            PrevHash = state.HeaderHash,
            BodyHash = bodyHash,
        };
        byte[] headerBytes = HashChain.EncodeHeader(header);
        state.HeaderHash = SHA256.HashData(headerBytes);
        StoredEvent stored = new()
        {
            Header = header,
            HeaderBytes = headerBytes,
            Ordinal = message ? state.Ordinal : null,
            MessageId = message ? origin.CommandId : messageId,
            Salt = salt,
            Body = body,
        };
        Commit.AppendEvent(stored);
        _touched.Add(state);
        Events.Add(new LiveEvent(stored.ToWire(), state.Info.Kind, joined ?? [], left ?? []));
        return stored;
    }

    /// <summary>Salts are drawn for many events at once: asking the generator costs more than hashing a short message.</summary>
    private ReadOnlyMemory<byte> NextSalt()
    {
        if (_salts.Length < HashChain.SaltLength)
            _salts = RandomNumberGenerator.GetBytes(HashChain.SaltLength * 64);
        ReadOnlyMemory<byte> salt = _salts[..HashChain.SaltLength];
        _salts = _salts[HashChain.SaltLength..];
        return salt;
    }

    /// <summary>Changes what of the conversation changes seldom.</summary>
    public void Change(ConversationState state, ConversationInfo info)
    {
        Commit.PutInfo(state.Id, info, state.IsNew ? null : state.Info);
        state.Info = info;
        _touched.Add(state);
    }

    /// <summary>Moves marks forward, never back; returns whether anything moved.</summary>
    public bool Advance(ConversationState state, Guid user, long readSeq, long deliveredSeq)
    {
        MemberState? member = state.Members.GetValueOrDefault(user);
        Marks before = member?.Marks ?? Commit.ReadMarks(user, state.Id);
        long read = Math.Clamp(readSeq, before.ReadSeq, Math.Max(before.ReadSeq, state.Seq));
        long delivered = Math.Max(Math.Clamp(deliveredSeq, before.DeliveredSeq, Math.Max(before.DeliveredSeq, state.Seq)), read);
        if (read == before.ReadSeq && delivered == before.DeliveredSeq)
            return false;
        long ordinal = read == before.ReadSeq ? before.ReadOrdinal : read >= state.LastMessageSeq ? state.Ordinal : Commit.OrdinalAt(state.Id, read);
        Marks after = new(read, ordinal, delivered, Commit.Stamp);
        Commit.PutMarks(user, state.Id, after);
        member?.Marks = after;
        return true;
    }
}
