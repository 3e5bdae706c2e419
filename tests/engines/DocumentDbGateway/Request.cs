using MongoDB.Bson;

namespace CoolChat.DocumentDbGateway;

/// <summary>One command: its document, as bytes for the engine and parsed for the gateway, and its document sequences.</summary>
internal sealed record Request(byte[] Body, BsonDocument Document, IReadOnlyDictionary<string, byte[]> Sequences)
{
    public string Name => Document.GetElement(0).Name;

    public string Database => Document.TryGetValue("$db", out BsonValue name) ? name.AsString : "admin";

    public string Collection => Document.GetElement(0).Value is BsonString name
        ? name.Value
        : throw new MongoException(73, "collection name has invalid type");

    /// <summary>Whether it belongs to a transaction: only then drivers send <c>autocommit: false</c>.</summary>
    public bool InTransaction => Document.Contains("autocommit");

    public bool StartsTransaction => Document.GetValue("startTransaction", false).ToBoolean();

    public long TransactionNumber => Document["txnNumber"].ToInt64();

    /// <summary>The logical session as text, or null.</summary>
    public string? Session => Document.TryGetValue("lsid", out BsonValue id) ? SessionOf(id) : null;

    /// <summary>A logical session, { id: UUID }, as text.</summary>
    public static string SessionOf(BsonValue id) => Convert.ToHexString(id["id"].AsBsonBinaryData.Bytes);
}

/// <summary>An error with one of MongoDB's codes.</summary>
internal sealed class MongoException(int code, string message, bool transient = false) : Exception(message)
{
    public int Code => code;

    /// <summary>The whole transaction may be tried again.</summary>
    public bool Transient => transient;
}
