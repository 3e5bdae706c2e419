using System.Buffers.Binary;
using System.Text;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;

namespace CoolChat.DocumentDbGateway;

/// <summary>
/// MongoDB's wire protocol: OP_MSG (2013), and OP_QUERY (2004) with OP_REPLY (1) for the handshake of older drivers. A message is a header
/// of four 32-bit integers (length, id, id answered to, code) and its payload.
/// </summary>
internal static class Wire
{
    public const int HeaderBytes = 16;
    public const int OpReply = 1;
    public const int OpQuery = 2004;
    public const int OpMsg = 2013;
    private const int MostBytes = 48_000_000;

    public static (int PayloadBytes, int Id, int Code) ReadHeader(ReadOnlySpan<byte> header)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length is < HeaderBytes or > MostBytes)
            throw new InvalidDataException($"A message of {length} bytes.");
        return (length - HeaderBytes, BinaryPrimitives.ReadInt32LittleEndian(header[4..]), BinaryPrimitives.ReadInt32LittleEndian(header[12..]));
    }

    public static Request Parse(int code, byte[] payload) => code switch
    {
        OpMsg => ParseMessage(payload),
        OpQuery => ParseQuery(payload),
        _ => throw new InvalidDataException($"Message code {code}."),
    };

    /// <summary>The flag moreToCome: the sender waits for no reply.</summary>
    public static bool WantsReply(int code, byte[] payload) => code != OpMsg || (payload[0] & 2) == 0;

    public static byte[] Reply(byte[] document, int to, int code)
    {
        int head = code == OpMsg ? HeaderBytes + 5 : HeaderBytes + 20;
        byte[] reply = new byte[head + document.Length];
        BinaryPrimitives.WriteInt32LittleEndian(reply, reply.Length);
        BinaryPrimitives.WriteInt32LittleEndian(reply.AsSpan(8), to);
        BinaryPrimitives.WriteInt32LittleEndian(reply.AsSpan(12), code == OpMsg ? OpMsg : OpReply);
        if (code != OpMsg)
        {
            // responseFlags: AwaitCapable; numberReturned: 1.
            BinaryPrimitives.WriteInt32LittleEndian(reply.AsSpan(16), 8);
            BinaryPrimitives.WriteInt32LittleEndian(reply.AsSpan(32), 1);
        }

        document.CopyTo(reply, head);
        return reply;
    }

    public static BsonDocument ToDocument(byte[] bytes) => BsonSerializer.Deserialize<BsonDocument>(bytes);

    private static Request ParseMessage(byte[] payload)
    {
        bool hasChecksum = (payload[0] & 1) != 0;
        int end = hasChecksum ? payload.Length - 4 : payload.Length;
        byte[]? body = null;
        Dictionary<string, byte[]> sequences = [];
        for (int at = 4; at < end;)
        {
            byte kind = payload[at++];
            int length = BinaryPrimitives.ReadInt32LittleEndian(payload.AsSpan(at));
            if (kind == 0)
            {
                body = payload.AsSpan(at, length).ToArray();
            }
            else
            {
                int name = at + 4;
                int nameEnd = Array.IndexOf(payload, (byte)0, name);
                sequences[Encoding.UTF8.GetString(payload, name, nameEnd - name)] = payload.AsSpan(nameEnd + 1, at + length - nameEnd - 1).ToArray();
            }

            at += length;
        }

        return body is null ? throw new InvalidDataException("A message without a body.") : new Request(body, ToDocument(body), sequences);
    }

    private static Request ParseQuery(byte[] payload)
    {
        // flags, collection name, numberToSkip, numberToReturn, query.
        int at = Array.IndexOf(payload, (byte)0, 4) + 1 + 8;
        int length = BinaryPrimitives.ReadInt32LittleEndian(payload.AsSpan(at));
        byte[] body = payload.AsSpan(at, length).ToArray();
        return new Request(body, ToDocument(body), new Dictionary<string, byte[]>());
    }
}
