using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;

namespace CoolChat.Contracts;

/// <summary>
/// The integrity of a conversation's log. <c>bodyHash</c> = SHA-256(salt || canonical body); <c>prevHash</c> = SHA-256 of the
/// previous event's header in deterministic CBOR (RFC 8949 section 4.2), 32 zero bytes for seq 1.
/// <para>The header is a CBOR map with integer keys: 1 conversationId (16 bytes, big-endian UUID), 2 epoch (16 bytes), 3 seq (unsigned),
/// 4 type (text), 5 at (unsigned, milliseconds since 1970-01-01T00:00:00Z), 6 sender (16 bytes), 7 deviceId (16 bytes; left out when
/// there is none), 8 commandId (16 bytes), 9 prevHash (32 bytes), 10 bodyHash (32 bytes).</para>
/// </summary>
public static class HashChain
{
    /// <summary>Length of a hash in bytes.</summary>
    public const int HashLength = 32;

    /// <summary>Length of a salt in bytes.</summary>
    public const int SaltLength = 16;

    /// <summary>The prevHash of the first event.</summary>
    public static ReadOnlySpan<byte> Genesis => new byte[HashLength];

    /// <summary>SHA-256(salt || body) into <paramref name="hash"/> (32 bytes).</summary>
    public static void HashBody(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> canonicalBody, Span<byte> hash)
    {
        int length = salt.Length + canonicalBody.Length;
        byte[] joined = ArrayPool<byte>.Shared.Rent(length);
        salt.CopyTo(joined);
        canonicalBody.CopyTo(joined.AsSpan(salt.Length));
        SHA256.HashData(joined.AsSpan(0, length), hash);
        ArrayPool<byte>.Shared.Return(joined);
    }

    /// <summary>Encodes a header; the result's SHA-256 is the next event's prevHash.</summary>
    public static byte[] EncodeHeader(in EventHeader header)
    {
        // Integer keys below 24 and definite lengths: written in ascending order, this is RFC 8949 4.2.1 by construction.
        byte[] buffer = new byte[256 + header.Type.Length * 3];
        CborSpanWriter writer = new(buffer);
        writer.MapHeader(header.DeviceId is null ? 9 : 10);
        writer.Unsigned(1);
        writer.Uuid(header.ConversationId);
        writer.Unsigned(2);
        writer.Uuid(header.Epoch);
        writer.Unsigned(3);
        writer.Unsigned((ulong)header.Seq);
        writer.Unsigned(4);
        writer.Text(header.Type);
        writer.Unsigned(5);
        writer.Unsigned((ulong)header.AtUnixMilliseconds);
        writer.Unsigned(6);
        writer.Uuid(header.Sender);
        if (header.DeviceId is { } device)
        {
            writer.Unsigned(7);
            writer.Uuid(device);
        }
        writer.Unsigned(8);
        writer.Uuid(header.CommandId);
        writer.Unsigned(9);
        writer.Bytes(header.PrevHash.Span);
        writer.Unsigned(10);
        writer.Bytes(header.BodyHash.Span);
        return writer.Written.ToArray();
    }

    /// <summary>Decodes what <see cref="EncodeHeader"/> wrote.</summary>
    /// <exception cref="CborContentException">Other bytes.</exception>
    public static EventHeader DecodeHeader(ReadOnlyMemory<byte> cbor)
    {
        CborReader reader = new(cbor, CborConformanceMode.Canonical);
        EventHeader header = default;
        int? count = reader.ReadStartMap();
        for (int i = 0; i < count; i++)
        {
            switch (reader.ReadUInt32())
            {
                case 1: header.ConversationId = new Guid(reader.ReadByteString(), bigEndian: true); break;
                case 2: header.Epoch = new Guid(reader.ReadByteString(), bigEndian: true); break;
                case 3: header.Seq = reader.ReadInt64(); break;
                case 4: header.Type = EventTypes.Intern(reader.ReadTextString()); break;
                case 5: header.AtUnixMilliseconds = reader.ReadInt64(); break;
                case 6: header.Sender = new Guid(reader.ReadByteString(), bigEndian: true); break;
                case 7: header.DeviceId = new Guid(reader.ReadByteString(), bigEndian: true); break;
                case 8: header.CommandId = new Guid(reader.ReadByteString(), bigEndian: true); break;
                case 9: header.PrevHash = reader.ReadByteString(); break;
                case 10: header.BodyHash = reader.ReadByteString(); break;
                default: reader.SkipValue(); break;
            }
        }
        reader.ReadEndMap();
        return header;
    }

    /// <summary>The hash that the event after <paramref name="chatEvent"/> must carry as prevHash.</summary>
    /// <exception cref="FormatException">A hash in the event is not base64url of 32 bytes.</exception>
    public static byte[] HashHeader(ChatEvent chatEvent)
    {
        ArgumentNullException.ThrowIfNull(chatEvent);
        EventHeader header = new()
        {
            ConversationId = chatEvent.ConversationId,
            Epoch = chatEvent.Epoch,
            Seq = chatEvent.Seq,
            Type = chatEvent.Type,
            AtUnixMilliseconds = chatEvent.At.ToUnixTimeMilliseconds(),
            Sender = chatEvent.Sender,
            DeviceId = chatEvent.DeviceId,
            CommandId = chatEvent.CommandId,
            PrevHash = Base64Url.DecodeFromChars(chatEvent.PrevHash),
            BodyHash = Base64Url.DecodeFromChars(chatEvent.BodyHash),
        };
        return SHA256.HashData(EncodeHeader(header));
    }

    /// <summary>Whether the body that the event carries is the one its header names. True for an event without its body.</summary>
    public static bool BodyMatches(ChatEvent chatEvent)
    {
        ArgumentNullException.ThrowIfNull(chatEvent);
        if (chatEvent.Body is null || chatEvent.Salt is null)
            return true;
        Span<byte> hash = stackalloc byte[HashLength];
        HashBody(Base64Url.DecodeFromChars(chatEvent.Salt), chatEvent.Body.Utf8.Span, hash);
        return hash.SequenceEqual(Base64Url.DecodeFromChars(chatEvent.BodyHash));
    }
}

/// <summary>The immutable part of an event, as it is hashed.</summary>
public record struct EventHeader
{
    /// <summary>The conversation.</summary>
    public Guid ConversationId { get; set; }

    /// <summary>The conversation's epoch when the event was appended.</summary>
    public Guid Epoch { get; set; }

    /// <summary>Position in the log: 1, 2, 3 ...</summary>
    public long Seq { get; set; }

    /// <summary>One of <see cref="EventTypes"/>.</summary>
    public string Type { get; set; }

    /// <summary>Server time, milliseconds since the Unix epoch; never less than the previous event's.</summary>
    public long AtUnixMilliseconds { get; set; }

    /// <summary>userId of who did it.</summary>
    public Guid Sender { get; set; }

    /// <summary>Device it was done on, if known.</summary>
    public Guid? DeviceId { get; set; }

    /// <summary>Idempotency key of the command.</summary>
    public Guid CommandId { get; set; }

    /// <summary>SHA-256 of the previous header, 32 bytes.</summary>
    public ReadOnlyMemory<byte> PrevHash { get; set; }

    /// <summary>SHA-256 of salt and body, 32 bytes.</summary>
    public ReadOnlyMemory<byte> BodyHash { get; set; }
}

/// <summary>Writes the few CBOR forms that a header needs, without allocations: the hot path encodes one header an event.</summary>
internal ref struct CborSpanWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;
    private int _length;

    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    public void MapHeader(int pairs) => Head(0xA0, (ulong)pairs);

    public void Unsigned(ulong value) => Head(0x00, value);

    public void Uuid(Guid value)
    {
        Head(0x40, 16);
        value.TryWriteBytes(_buffer[_length..], bigEndian: true, out int written);
        _length += written;
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Head(0x40, (ulong)value.Length);
        value.CopyTo(_buffer[_length..]);
        _length += value.Length;
    }

    public void Text(string value)
    {
        int length = System.Text.Encoding.UTF8.GetByteCount(value);
        Head(0x60, (ulong)length);
        _length += System.Text.Encoding.UTF8.GetBytes(value, _buffer[_length..]);
    }

    private void Head(byte major, ulong value)
    {
        if (value < 24)
        {
            _buffer[_length++] = (byte)(major | (byte)value);
        }
        else if (value <= byte.MaxValue)
        {
            _buffer[_length++] = (byte)(major | 24);
            _buffer[_length++] = (byte)value;
        }
        else if (value <= ushort.MaxValue)
        {
            _buffer[_length++] = (byte)(major | 25);
            BinaryPrimitives.WriteUInt16BigEndian(_buffer[_length..], (ushort)value);
            _length += 2;
        }
        else if (value <= uint.MaxValue)
        {
            _buffer[_length++] = (byte)(major | 26);
            BinaryPrimitives.WriteUInt32BigEndian(_buffer[_length..], (uint)value);
            _length += 4;
        }
        else
        {
            _buffer[_length++] = (byte)(major | 27);
            BinaryPrimitives.WriteUInt64BigEndian(_buffer[_length..], value);
            _length += 8;
        }
    }
}
