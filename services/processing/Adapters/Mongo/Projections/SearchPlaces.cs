using System.Buffers.Binary;
using CoolChat.Conversations.Adapters.Mongo;
using MongoDB.Bson;

namespace CoolChat.Processing.Adapters.Mongo.Projections;

/// <summary>
/// Where a message stands among all, in 16 bytes: its time in ms (6), then its commit: stamp (7), index in it (2), partition (1). Unique, the same
/// whoever folds it and however often, and of one time in the order of commits.
/// </summary>
internal static class SearchPlaces
{
    private const int Length = 16;
    private const int TimeShift = 80;
    private const long MostMs = (1L << 47) - 1;

    public static UInt128 Of(DateTimeOffset at, CommitPlace commit) => From(at)
        | ((UInt128)(ulong)Math.Clamp(commit.Stamp, 0, (1L << 56) - 1) << 24)
        | ((uint)Math.Min(commit.Index, ushort.MaxValue) << 8)
        | (byte)commit.Partition;

    /// <summary>The lowest of that time.</summary>
    public static UInt128 From(DateTimeOffset at) => (UInt128)(ulong)Math.Clamp(at.ToUnixTimeMilliseconds(), 0, MostMs) << TimeShift;

    public static BsonBinaryData ToValue(UInt128 place)
    {
        byte[] value = new byte[Length];
        BinaryPrimitives.WriteUInt128BigEndian(value, place);
        return new BsonBinaryData(value);
    }

    public static UInt128 Read(BsonValue value) => BinaryPrimitives.ReadUInt128BigEndian(value.AsBsonBinaryData.Bytes);
}
