using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using MongoDB.Bson;

namespace CoolChat.Conversations.Adapters.Mongo;

/// <summary>
/// Ids of documents: binary, ids as 16 big-endian bytes and numbers as 8, all of one collection equally long, so that MongoDB's order of binaries
/// (length, subtype, bytes) is the order of conversation and seq.
/// </summary>
internal static class DocumentKeys
{
    public static BsonBinaryData Of(Guid id) => new(id.ToByteArray(bigEndian: true));

    public static BsonBinaryData Of(Guid first, Guid second)
    {
        byte[] key = new byte[32];
        Put(key, 0, first);
        Put(key, 16, second);
        return new BsonBinaryData(key);
    }

    public static BsonBinaryData Of(Guid id, long number)
    {
        byte[] key = new byte[24];
        Put(key, 0, id);
        Put(key, 16, number);
        return new BsonBinaryData(key);
    }

    public static BsonBinaryData Of(Guid first, Guid second, long number)
    {
        byte[] key = new byte[40];
        Put(key, 0, first);
        Put(key, 16, second);
        Put(key, 32, number);
        return new BsonBinaryData(key);
    }

    public static BsonBinaryData Of(Guid id, long first, long second)
    {
        byte[] key = new byte[32];
        Put(key, 0, id);
        Put(key, 16, first);
        Put(key, 24, second);
        return new BsonBinaryData(key);
    }

    public static BsonBinaryData Of(Guid conversation, long message, Guid user)
    {
        byte[] key = new byte[40];
        Put(key, 0, conversation);
        Put(key, 16, message);
        Put(key, 24, user);
        return new BsonBinaryData(key);
    }

    /// <summary>A commit of a partition.</summary>
    public static BsonBinaryData Commit(int partition, long stamp)
    {
        byte[] key = new byte[16];
        Put(key, 0, partition);
        Put(key, 8, stamp);
        return new BsonBinaryData(key);
    }

    /// <summary>A reaction: the emoji stands in it by its hash, so that all ids are equally long.</summary>
    public static BsonBinaryData Reaction(Guid conversation, long message, string emoji, Guid user)
    {
        byte[] key = new byte[56];
        Put(key, 0, conversation);
        Put(key, 16, message);
        SHA256.HashData(Encoding.UTF8.GetBytes(emoji)).AsSpan(0, 16).CopyTo(key.AsSpan(24));
        Put(key, 40, user);
        return new BsonBinaryData(key);
    }

    public static BsonBinaryData Timer(long dueMs, Guid conversation, byte kind, Guid subject)
    {
        byte[] key = new byte[41];
        Put(key, 0, dueMs);
        Put(key, 8, conversation);
        key[24] = kind;
        Put(key, 25, subject);
        return new BsonBinaryData(key);
    }

    /// <summary>What is counted in a conversation stands in the id by its hash.</summary>
    public static BsonBinaryData Counted(Guid conversation, string counted) =>
        Of(conversation, new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(counted)).AsSpan(0, 16)));

    public static BsonBinaryData InviteCode(string code) => new(SHA256.HashData(Encoding.UTF8.GetBytes(code)));

    public static Guid ReadId(BsonValue key, int at) => new(key.AsBsonBinaryData.Bytes.AsSpan(at, 16), bigEndian: true);

    public static long ReadNumber(BsonValue key, int at) => BinaryPrimitives.ReadInt64BigEndian(key.AsBsonBinaryData.Bytes.AsSpan(at));

    private static void Put(byte[] key, int at, Guid id) => id.TryWriteBytes(key.AsSpan(at), bigEndian: true, out _);

    private static void Put(byte[] key, int at, long number) => BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(at), number);
}
