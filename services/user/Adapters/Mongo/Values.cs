using MongoDB.Bson;

namespace CoolChat.User.Adapters.Mongo;

/// <summary>Ids and times in documents; what is null is absent.</summary>
internal static class Values
{
    public static BsonBinaryData Id(Guid id) => new(id.ToByteArray(bigEndian: true));

    public static Guid Id(BsonValue value) => new(value.AsBsonBinaryData.Bytes, bigEndian: true);

    /// <summary>Milliseconds, as everywhere on the wire.</summary>
    public static BsonDateTime Time(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds());

    public static DateTimeOffset Time(BsonValue value) => DateTimeOffset.FromUnixTimeMilliseconds(value.AsBsonDateTime.MillisecondsSinceEpoch);

    public static BsonBinaryData Bytes(ReadOnlyMemory<byte> bytes) => new(bytes.ToArray());

    public static BsonDocument ById(BsonValue id) => new("_id", id);

    public static BsonDocument With(this BsonDocument document, string name, BsonValue? value) => value is null ? document : document.Add(name, value);

    public static string? TextOrNull(this BsonDocument document, string name) => document.TryGetValue(name, out BsonValue? value) ? value.AsString : null;

    public static Guid? IdOrNull(this BsonDocument document, string name) => document.TryGetValue(name, out BsonValue? value) ? Id(value) : null;

    public static DateTimeOffset? TimeOrNull(this BsonDocument document, string name) => document.TryGetValue(name, out BsonValue? value) ? Time(value) : null;
}
