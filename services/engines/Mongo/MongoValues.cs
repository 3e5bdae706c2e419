using MongoDB.Bson;

namespace CoolChat.Engines.Mongo;

/// <summary>Ids and times in documents; what is null is absent.</summary>
public static class MongoValues
{
    /// <summary>An id as 16 big-endian bytes, which sort as ids do.</summary>
    public static BsonBinaryData Id(Guid id) => new(id.ToByteArray(bigEndian: true));

    /// <summary>The id in a value.</summary>
    public static Guid Id(BsonValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new Guid(value.AsBsonBinaryData.Bytes, bigEndian: true);
    }

    /// <summary>A time in milliseconds, as everywhere on the wire.</summary>
    public static BsonDateTime Time(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds());

    /// <summary>The time in a value.</summary>
    public static DateTimeOffset Time(BsonValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return DateTimeOffset.FromUnixTimeMilliseconds(value.AsBsonDateTime.MillisecondsSinceEpoch);
    }

    /// <summary>Bytes as they are.</summary>
    public static BsonBinaryData Bytes(ReadOnlyMemory<byte> bytes) => new(bytes.ToArray());

    /// <summary>A filter, a new document or a sort that has only an id.</summary>
    public static BsonDocument ById(BsonValue id) => new("_id", id);

    /// <summary>Adds a field unless the value is null.</summary>
    public static BsonDocument With(this BsonDocument document, string name, BsonValue? value)
    {
        ArgumentNullException.ThrowIfNull(document);
        return value is null ? document : document.Add(name, value);
    }

    /// <summary>The text, or null when the field is absent.</summary>
    public static string? TextOrNull(this BsonDocument document, string name) => Find(document, name)?.AsString;

    /// <summary>The id, or null when the field is absent.</summary>
    public static Guid? IdOrNull(this BsonDocument document, string name) => Find(document, name) is { } value ? Id(value) : null;

    /// <summary>The time, or null when the field is absent.</summary>
    public static DateTimeOffset? TimeOrNull(this BsonDocument document, string name) => Find(document, name) is { } value ? Time(value) : null;

    private static BsonValue? Find(BsonDocument document, string name)
    {
        ArgumentNullException.ThrowIfNull(document);
        return document.TryGetValue(name, out BsonValue? value) ? value : null;
    }
}
