using System.Buffers.Binary;

namespace CoolChat.Conversations.Adapters.Mongo;

/// <summary>Orders conversations by change; the id breaks ties within one commit.</summary>
internal readonly record struct Place(long Stamp, Guid ConversationId, int Partition = 0, bool Removed = false) : IComparable<Place>
{
    public const int KeyLength = 24;

    public int CompareTo(Place other) =>
        Stamp != other.Stamp ? Stamp.CompareTo(other.Stamp) : ConversationId.CompareTo(other.ConversationId);

    public static Place Of(ReadOnlySpan<byte> key) => new(BinaryPrimitives.ReadInt64BigEndian(key), new Guid(key[8..24], bigEndian: true));

    public byte[] ToKey()
    {
        byte[] key = new byte[KeyLength];
        BinaryPrimitives.WriteInt64BigEndian(key, Stamp);
        ConversationId.TryWriteBytes(key.AsSpan(8), bigEndian: true, out _);
        return key;
    }
}
