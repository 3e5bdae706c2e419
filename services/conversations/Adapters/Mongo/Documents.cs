using System.Text.Json;
using CoolChat.Contracts;
using CoolChat.Conversations.Log;
using MongoDB.Bson;

namespace CoolChat.Conversations.Adapters.Mongo;

/// <summary>Documents of <see cref="ConversationCollections"/> to records and back: fields for what is queried or written often, JSON for the rest.</summary>
internal static class Documents
{
    public const string Value = "v";
    private const int RunLength = 32;

    public static BsonDocument WithJson<T>(this BsonDocument document, T value) =>
        document.Set(Value, JsonSerializer.Serialize(value, CoolChatJson.Options));

    public static T? Json<T>(BsonDocument? document) where T : class =>
        document is null ? null : JsonSerializer.Deserialize<T>(document[Value].AsString, CoolChatJson.Options)!;

    public static BsonDocument WithEvent(this BsonDocument document, StoredEvent stored)
    {
        document.Add("k", DocumentKeys.Of(stored.Header.CommandId)).Add("u", DocumentKeys.Of(stored.Header.Sender));
        if (stored.Ordinal is { } ordinal)
            document.Add("o", ordinal);
        return document.Add("r", new BsonBinaryData(stored.Encode()));
    }

    public static StoredEvent Event(BsonDocument document) => StoredEvent.Decode(document["r"].AsBsonBinaryData.Bytes);

    public static BsonDocument WithHead(this BsonDocument document, ConversationHead head) => document
        .Set("epoch", DocumentKeys.Of(head.Epoch))
        .Set("seq", head.Seq)
        .Set("ordinal", head.Ordinal)
        .Set("at", head.AtMs)
        .Set("stamp", head.Stamp)
        .Set("lastMessage", head.LastMessageSeq)
        .Set("hash", new BsonBinaryData(head.HeaderHash.ToArray()));

    public static ConversationHead Head(BsonDocument document) => new()
    {
        Epoch = DocumentKeys.ReadId(document["epoch"], 0),
        Seq = document["seq"].AsInt64,
        Ordinal = document["ordinal"].AsInt64,
        AtMs = document["at"].AsInt64,
        Stamp = document["stamp"].AsInt64,
        LastMessageSeq = document["lastMessage"].AsInt64,
        HeaderHash = document["hash"].AsBsonBinaryData.Bytes,
    };

    /// <summary>Adds what seldom changes; <c>listed</c> is what the list of channels is sorted by.</summary>
    public static BsonDocument WithInfo(this BsonDocument document, ConversationInfo info)
    {
        document.Set("info", JsonSerializer.Serialize(info, CoolChatJson.Options));
        if (info is { Listed: true, Title: { } title })
            document.Set("listed", title.ToLowerInvariant());
        return document;
    }

    public static ConversationInfo Info(BsonDocument document) =>
        JsonSerializer.Deserialize<ConversationInfo>(document["info"].AsString, CoolChatJson.Options)!;

    public static BsonDocument WithMember(this BsonDocument document, MemberRecord member) => document
        .Set("kind", member.Kind)
        .Set("role", member.Role)
        .Set("first", member.FirstSeq)
        .Set("joined", member.JoinedSeq);

    public static MemberRecord Member(BsonDocument document) =>
        new(document["kind"].AsString, document["role"].AsString, document["first"].AsInt64, document["joined"].AsInt64);

    public static BsonDocument WithMembership(this BsonDocument document, MembershipRecord membership) => document
        .Set("role", membership.Role)
        .Set("first", membership.FirstSeq)
        .Set("stamp", membership.Stamp)
        .Set("removed", membership.Removed)
        .Set("preferences", membership.Preferences is { } preferences
            ? JsonSerializer.Serialize(preferences, CoolChatJson.Options)
            : BsonNull.Value);

    /// <summary>Null where only marks are known.</summary>
    public static MembershipRecord? Membership(BsonDocument? document) => document is null || !document.Contains("role") ? null : new MembershipRecord
    {
        Role = document["role"].AsString,
        FirstSeq = document["first"].AsInt64,
        Stamp = document["stamp"].AsInt64,
        Removed = document["removed"].AsBoolean,
        Preferences = document["preferences"] is BsonString preferences
            ? JsonSerializer.Deserialize<MemberPreferences>(preferences.Value, CoolChatJson.Options)
            : null,
    };

    public static BsonDocument WithMarks(this BsonDocument document, Marks marks) => document
        .Set("read", marks.ReadSeq)
        .Set("readOrdinal", marks.ReadOrdinal)
        .Set("delivered", marks.DeliveredSeq)
        .Set("markStamp", marks.Stamp);

    public static Marks Marks(BsonDocument? document) => document is null || !document.Contains("markStamp")
        ? default
        : new Marks(document["read"].AsInt64, document["readOrdinal"].AsInt64, document["delivered"].AsInt64, document["markStamp"].AsInt64);

    /// <summary>Runs of events: conversation (16), first seq (8), count (8).</summary>
    public static BsonDocument WithRuns(this BsonDocument document, IReadOnlyList<(Guid Conversation, long First, long Count)> runs)
    {
        byte[] value = new byte[RunLength * runs.Count];
        for (int i = 0; i < runs.Count; i++)
        {
            DocumentKeys.Of(runs[i].Conversation, runs[i].First, runs[i].Count).Bytes.CopyTo(value, RunLength * i);
        }
        return document.Add("runs", new BsonBinaryData(value));
    }

    /// <summary>Where the events of a commit are.</summary>
    public static IEnumerable<BsonBinaryData> RunKeys(BsonDocument commit)
    {
        BsonValue runs = commit["runs"];
        for (int at = 0; at < runs.AsBsonBinaryData.Bytes.Length; at += RunLength)
        {
            (Guid conversation, long first) = (DocumentKeys.ReadId(runs, at), DocumentKeys.ReadNumber(runs, at + 16));
            for (long seq = first; seq < first + DocumentKeys.ReadNumber(runs, at + 24); seq++)
                yield return DocumentKeys.Of(conversation, seq);
        }
    }
}
