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

    /// <summary>Just the seq of what was appended (the event knows the rest); a refusal or a scheduled command as JSON.</summary>
    public static byte[] Command(CommandRecord record) => record.Status == CommandResult.Appended ? Keys.Number(record.Seq) : Json(record);

    /// <summary>The record; <paramref name="readEvent"/> supplies the event at a seq of the same conversation.</summary>
    public static CommandRecord? Command(byte[]? value, Func<long, byte[]?> readEvent)
    {
        if (value is null)
            return null;
        if (value.Length != 8)
            return Json<CommandRecord>(value);
        long seq = Keys.ReadNumber(value, 0);
        EventHeader header = StoredEvent.Decode(readEvent(seq) ?? throw new InvalidDataException($"A command names seq {seq}, which the log lacks.")).Header;
        return new CommandRecord { Sender = header.Sender, Status = CommandResult.Appended, Seq = seq, AtMs = header.AtUnixMilliseconds };
    }

    /// <summary>Where the command's event is, or null when it was not appended.</summary>
    public static long? CommandSeq(byte[]? value) => value is { Length: 8 } ? Keys.ReadNumber(value, 0) : null;

    private static void Put(byte[] value, int at, long number) => BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(at), number);
}
