using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CoolChat.Contracts.Internal;

/// <summary>
/// Conversation ids are derived (UUIDv8, RFC 9562): one direct conversation a pair, and a repeated creation finds the first one, without any
/// coordination between writers.
/// </summary>
public static class ConversationIds
{
    /// <summary>The direct conversation of two people, or of one with themself.</summary>
    public static Guid Direct(Guid a, Guid b)
    {
        (Guid low, Guid high) = a.CompareTo(b) <= 0 ? (a, b) : (b, a);
        return Derive("direct"u8, low, high);
    }

    /// <summary>The group or channel that <paramref name="creator"/> creates by <paramref name="commandId"/>.</summary>
    public static Guid Created(Guid creator, Guid commandId) => Derive("created"u8, creator, commandId);

    /// <summary>Partition of a conversation, 0 to <paramref name="partitions"/> - 1.</summary>
    public static int Partition(Guid conversationId, int partitions)
    {
        Span<byte> bytes = stackalloc byte[16];
        conversationId.TryWriteBytes(bytes, bigEndian: true, out _);
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(bytes)) % (uint)partitions);
    }

    private static Guid Derive(ReadOnlySpan<byte> label, Guid first, Guid second)
    {
        Span<byte> input = stackalloc byte[16 + 32];
        input.Clear();
        label.CopyTo(input);
        first.TryWriteBytes(input[16..], bigEndian: true, out _);
        second.TryWriteBytes(input[32..], bigEndian: true, out _);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(input, hash);
        hash[6] = (byte)(0x80 | (hash[6] & 0x0F));
        hash[8] = (byte)(0x80 | (hash[8] & 0x3F));
        return new Guid(hash[..16], bigEndian: true);
    }
}
