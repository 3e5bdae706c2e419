using System.Buffers.Binary;
using System.Buffers.Text;
using CoolChat.Contracts;

namespace CoolChat.Conversations.Log;

/// <summary>
/// An event as it is stored: version 1, flags, header length (2 bytes), header (CBOR, exactly the hashed bytes), ordinal (8 bytes) and
/// messageId (16 bytes) where the flags say so, then salt (16 bytes) and body (canonical JSON) unless erased. Numbers are big-endian.
/// </summary>
internal sealed class StoredEvent
{
    private const byte Version = 1;

    [Flags]
    private enum Has : byte
    {
        None = 0,
        Erased = 1,
        Critical = 2,
        Ordinal = 4,
        MessageId = 8,
    }

    public required EventHeader Header { get; init; }
    public required ReadOnlyMemory<byte> HeaderBytes { get; init; }
    public long? Ordinal { get; init; }

    /// <summary>The message that the event is about; message.sent makes the one named by its commandId.</summary>
    public Guid? MessageId { get; init; }

    public bool Critical { get; init; }

    /// <summary>Empty when erased.</summary>
    public ReadOnlyMemory<byte> Salt { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    public bool Erased => Salt.IsEmpty;

    /// <summary>Whether a record is a message.sent, told without decoding it: only those have an ordinal.</summary>
    public static bool IsMessage(ReadOnlySpan<byte> record) => ((Has)record[1]).HasFlag(Has.Ordinal);

    /// <summary>The ordinal of a record for which <see cref="IsMessage"/> is true.</summary>
    public static long ReadOrdinal(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadInt64BigEndian(record[(4 + BinaryPrimitives.ReadUInt16BigEndian(record[2..]))..]);

    public byte[] Encode()
    {
        bool storesMessageId = MessageId is not null && MessageId != Header.CommandId;
        byte[] record = new byte[4 + HeaderBytes.Length + (Ordinal is null ? 0 : 8) + (storesMessageId ? 16 : 0) + Salt.Length + Body.Length];
        Has has = (Erased ? Has.Erased : 0) | (Critical ? Has.Critical : 0) | (Ordinal is null ? 0 : Has.Ordinal) | (storesMessageId ? Has.MessageId : 0);
        record[0] = Version;
        record[1] = (byte)has;
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(2), (ushort)HeaderBytes.Length);
        Span<byte> rest = record.AsSpan(4);
        HeaderBytes.Span.CopyTo(rest);
        rest = rest[HeaderBytes.Length..];
        if (Ordinal is { } ordinal)
        {
            BinaryPrimitives.WriteInt64BigEndian(rest, ordinal);
            rest = rest[8..];
        }
        if (storesMessageId)
        {
            MessageId!.Value.TryWriteBytes(rest, bigEndian: true, out _);
            rest = rest[16..];
        }
        Salt.Span.CopyTo(rest);
        Body.Span.CopyTo(rest[Salt.Length..]);
        return record;
    }

    public static StoredEvent Decode(byte[] record)
    {
        if (record[0] != Version)
            throw new InvalidDataException($"Event record of version {record[0]}; this program knows {Version}.");
        Has has = (Has)record[1];
        int headerLength = BinaryPrimitives.ReadUInt16BigEndian(record.AsSpan(2));
        ReadOnlyMemory<byte> headerBytes = record.AsMemory(4, headerLength);
        EventHeader header = HashChain.DecodeHeader(headerBytes);
        int at = 4 + headerLength;
        long? ordinal = null;
        if (has.HasFlag(Has.Ordinal))
        {
            ordinal = BinaryPrimitives.ReadInt64BigEndian(record.AsSpan(at));
            at += 8;
        }
        Guid? messageId = header.Type == EventTypes.MessageSent ? header.CommandId : null;
        if (has.HasFlag(Has.MessageId))
        {
            messageId = new Guid(record.AsSpan(at, 16), bigEndian: true);
            at += 16;
        }
        bool erased = has.HasFlag(Has.Erased);
        return new StoredEvent
        {
            Header = header,
            HeaderBytes = headerBytes,
            Ordinal = ordinal,
            MessageId = messageId,
            Critical = has.HasFlag(Has.Critical),
            Salt = erased ? default : record.AsMemory(at, HashChain.SaltLength),
            Body = erased ? default : record.AsMemory(at + HashChain.SaltLength),
        };
    }

    /// <summary>The same event without salt and body. The header, and with it the chain, stays.</summary>
    public StoredEvent Erase() => new()
    {
        Header = Header,
        HeaderBytes = HeaderBytes,
        Ordinal = Ordinal,
        MessageId = MessageId,
        Critical = Critical,
    };

    public ChatEvent ToWire() => new()
    {
        ConversationId = Header.ConversationId,
        Epoch = Header.Epoch,
        Seq = Header.Seq,
        Type = Header.Type,
        At = DateTimeOffset.FromUnixTimeMilliseconds(Header.AtUnixMilliseconds),
        Sender = Header.Sender,
        DeviceId = Header.DeviceId,
        CommandId = Header.CommandId,
        MessageId = MessageId,
        Ordinal = Ordinal,
        PrevHash = Base64Url.EncodeToString(Header.PrevHash.Span),
        BodyHash = Base64Url.EncodeToString(Header.BodyHash.Span),
        Salt = Erased ? null : Base64Url.EncodeToString(Salt.Span),
        Body = Erased ? null : new JsonBody(Body),
        Redacted = Erased ? true : null,
        Critical = Critical ? true : null,
    };
}
