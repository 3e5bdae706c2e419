using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CoolChat.Contracts;
using CoolChat.Conversations.Log;

namespace CoolChat.Conversations.Adapters.RocksDb;

/// <summary>Values of <see cref="ConversationFamilies"/>: fixed binary for what each message writes, JSON for what changes seldom.</summary>
internal static class Codec
{
    private static readonly string[] KindNames = [ConversationKinds.Direct, ConversationKinds.Group, ConversationKinds.Channel];
    private static readonly string[] RoleNames = [Roles.Owner, Roles.Admin, Roles.Member];

    public static byte[] Json<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, CoolChatJson.Options);

    [return: NotNullIfNotNull(nameof(value))]
    public static T? Json<T>(byte[]? value) where T : class =>
        value is null ? null : JsonSerializer.Deserialize<T>(value, CoolChatJson.Options)!;

    public static byte[] State(MessageState? state) => state is null ? [] : Json(state);

    public static MessageState? State(ReadOnlySpan<byte> value) =>
        value.IsEmpty ? null : JsonSerializer.Deserialize<MessageState>(value, CoolChatJson.Options);

    public static byte[] Head(ConversationHead head)
    {
        byte[] value = new byte[88];
        head.Epoch.TryWriteBytes(value, bigEndian: true, out _);
        Put(value, 16, head.Seq);
        Put(value, 24, head.Ordinal);
        Put(value, 32, head.AtMs);
        Put(value, 40, head.Stamp);
        Put(value, 48, head.LastMessageSeq);
        head.HeaderHash.Span.CopyTo(value.AsSpan(56));
        return value;
    }

    [return: NotNullIfNotNull(nameof(value))]
    public static ConversationHead? Head(byte[]? value) => value is null ? null : new ConversationHead
    {
        Epoch = Keys.ReadId(value, 0),
        Seq = Keys.ReadNumber(value, 16),
        Ordinal = Keys.ReadNumber(value, 24),
        AtMs = Keys.ReadNumber(value, 32),
        Stamp = Keys.ReadNumber(value, 40),
        LastMessageSeq = Keys.ReadNumber(value, 48),
        HeaderHash = value.AsMemory(56, 32),
    };

    public static byte[] Member(MemberRecord member)
    {
        byte[] value = new byte[18];
        value[0] = (byte)Array.IndexOf(KindNames, member.Kind);
        value[1] = (byte)Array.IndexOf(RoleNames, member.Role);
        Put(value, 2, member.FirstSeq);
        Put(value, 10, member.JoinedSeq);
        return value;
    }

    public static MemberRecord Member(ReadOnlySpan<byte> value) =>
        new(KindNames[value[0]], RoleNames[value[1]], Keys.ReadNumber(value, 2), Keys.ReadNumber(value, 10));

    public static byte[] Marks(Marks marks)
    {
        byte[] value = new byte[32];
        Put(value, 0, marks.ReadSeq);
        Put(value, 8, marks.ReadOrdinal);
        Put(value, 16, marks.DeliveredSeq);
        Put(value, 24, marks.Stamp);
        return value;
    }

    public static Marks Marks(byte[]? value) => value is null
        ? default
        : new Marks(Keys.ReadNumber(value, 0), Keys.ReadNumber(value, 8), Keys.ReadNumber(value, 16), Keys.ReadNumber(value, 24));

    /// <summary>Sender, seq and time; a refusal or a scheduled command follows as JSON.</summary>
    public static byte[] Command(CommandRecord record)
    {
        byte[] tail = record.Status == CommandResult.Appended ? [] : Json(record);
        byte[] value = new byte[32 + tail.Length];
        record.Sender.TryWriteBytes(value, bigEndian: true, out _);
        Put(value, 16, record.Seq);
        Put(value, 24, record.AtMs);
        tail.CopyTo(value, 32);
        return value;
    }

    [return: NotNullIfNotNull(nameof(value))]
    public static CommandRecord? Command(byte[]? value)
    {
        if (value is null)
            return null;
        if (value.Length > 32)
            return JsonSerializer.Deserialize<CommandRecord>(value.AsSpan(32), CoolChatJson.Options)!;
        return new CommandRecord
        {
            Sender = Keys.ReadId(value, 0),
            Status = CommandResult.Appended,
            Seq = Keys.ReadNumber(value, 16),
            AtMs = Keys.ReadNumber(value, 24),
        };
    }

    private static void Put(byte[] value, int at, long number) => BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(at), number);
}
