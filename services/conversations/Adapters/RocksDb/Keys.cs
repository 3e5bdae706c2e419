using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CoolChat.Conversations.Adapters.RocksDb;

/// <summary>Keys of <see cref="ConversationFamilies"/>: ids as 16 big-endian bytes, numbers as 8.</summary>
internal static class Keys
{
    public static readonly byte[] Version = "version"u8.ToArray();
    public static readonly byte[] Stamp = "stamp"u8.ToArray();
    public static readonly byte[] Store = "store"u8.ToArray();

    public static byte[] Id(Guid id) => id.ToByteArray(bigEndian: true);

    public static byte[] Number(long value)
    {
        byte[] key = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(key, value);
        return key;
    }

    public static byte[] Pair(Guid first, Guid second)
    {
        byte[] key = new byte[32];
        first.TryWriteBytes(key, bigEndian: true, out _);
        second.TryWriteBytes(key.AsSpan(16), bigEndian: true, out _);
        return key;
    }

    /// <summary>The id goes first: clients make it by time (UUIDv7), so that new ones lie together at the end, where inserting is cheapest.</summary>
    public static byte[] Command(Guid conversation, Guid commandId) => Pair(commandId, conversation);

    public static byte[] At(Guid conversation, long seq)
    {
        byte[] key = new byte[24];
        conversation.TryWriteBytes(key, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(16), seq);
        return key;
    }

    public static byte[] At(Guid first, Guid second, long seq)
    {
        byte[] key = new byte[40];
        first.TryWriteBytes(key, bigEndian: true, out _);
        second.TryWriteBytes(key.AsSpan(16), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(32), seq);
        return key;
    }

    public static byte[] Thread(Guid conversation, long root, long seq)
    {
        byte[] key = new byte[32];
        conversation.TryWriteBytes(key, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(16), root);
        BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(24), seq);
        return key;
    }

    public static byte[] Vote(Guid conversation, long message, Guid user)
    {
        byte[] key = new byte[40];
        conversation.TryWriteBytes(key, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(16), message);
        user.TryWriteBytes(key.AsSpan(24), bigEndian: true, out _);
        return key;
    }

    /// <summary>Prefix of all reactions with <paramref name="reaction"/> on a message; the user follows.</summary>
    public static byte[] Reactions(Guid conversation, long message, string reaction)
    {
        int length = Encoding.UTF8.GetByteCount(reaction);
        byte[] key = new byte[25 + length];
        At(conversation, message).CopyTo(key, 0);
        key[24] = (byte)length;
        Encoding.UTF8.GetBytes(reaction, key.AsSpan(25));
        return key;
    }

    public static byte[] Reaction(Guid conversation, long message, string reaction, Guid user) =>
        [.. Reactions(conversation, message, reaction), .. Id(user)];

    public static byte[] Timer(long dueMs, Guid conversation, byte kind, Guid subject)
    {
        byte[] key = new byte[41];
        BinaryPrimitives.WriteInt64BigEndian(key, dueMs);
        conversation.TryWriteBytes(key.AsSpan(8), bigEndian: true, out _);
        key[24] = kind;
        subject.TryWriteBytes(key.AsSpan(25), bigEndian: true, out _);
        return key;
    }

    public static byte[] Channel(string title, Guid conversation) =>
        [.. Encoding.UTF8.GetBytes(title.ToLowerInvariant()), 0, .. Id(conversation)];

    public static byte[] InviteCode(string code) => SHA256.HashData(Encoding.UTF8.GetBytes(code));

    public static Guid ReadId(ReadOnlySpan<byte> key, int at) => new(key.Slice(at, 16), bigEndian: true);

    public static long ReadNumber(ReadOnlySpan<byte> key, int at) => BinaryPrimitives.ReadInt64BigEndian(key[at..]);
}
