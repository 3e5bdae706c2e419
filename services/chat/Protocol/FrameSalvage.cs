using System.Buffers;
using System.Text;
using System.Text.Json;
using MessagePack;
using Microsoft.AspNetCore.Connections;

namespace CoolChat.Chat.Protocol;

/// <summary>Finds the invocation id in a frame that could not be parsed, so that its sender gets an answer.</summary>
internal static class FrameSalvage
{
    private const int LongestId = 128;
    private const byte RecordSeparator = 0x1e;

    public static string? FindInvocationId(ReadOnlySequence<byte> frame, TransferFormat format) =>
        format == TransferFormat.Text ? FindInJson(frame.ToArray()) : FindInMessagePack(frame.ToArray());

    /// <summary>The same for a frame of which only the beginning and the end were kept.</summary>
    public static string? FindInvocationId(byte[] head, byte[] tail, TransferFormat format) =>
        format == TransferFormat.Text ? FindInJson(head) ?? FindText(tail.AsSpan().TrimEnd(RecordSeparator)) : FindInMessagePack(head);

    private static string? FindInJson(byte[] frame)
    {
        ReadOnlySpan<byte> json = frame.AsSpan().TrimEnd(RecordSeparator);
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = Math.Max(64, json.Length) });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("invocationId"u8))
                    return reader.Read() && reader.TokenType == JsonTokenType.String ? Bounded(reader.GetString()) : null;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return FindText(json);
        }
        return null;
    }

    /// <summary>The last resort for a frame that is no JSON at all: some clients write the id behind the arguments that are broken.</summary>
    private static string? FindText(ReadOnlySpan<byte> json)
    {
        int name = json.LastIndexOf("\"invocationId\""u8);
        if (name < 0)
            return null;
        ReadOnlySpan<byte> rest = json[(name + "\"invocationId\""u8.Length)..].TrimStart(" \t\r\n:"u8);
        if (rest.IsEmpty || rest[0] != (byte)'"')
            return null;
        int end = rest[1..].IndexOfAny((byte)'"', (byte)'\\');
        return end < 0 || rest[end + 1] != (byte)'"' ? null : Bounded(Encoding.UTF8.GetString(rest.Slice(1, end)));
    }

    /// <summary>[1, headers, invocationId, target, arguments ...] behind a length of one to five bytes.</summary>
    private static string? FindInMessagePack(byte[] frame)
    {
        int prefix = 0;
        while (prefix < Math.Min(5, frame.Length) && (frame[prefix] & 0x80) != 0)
            prefix++;
        MessagePackReader reader = new(frame.AsMemory(Math.Min(prefix + 1, frame.Length)));
        try
        {
            if (reader.ReadArrayHeader() < 3 || reader.ReadInt32() != 1)
                return null;
            reader.Skip();
            return Bounded(reader.ReadString());
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Bounded(string? id) => id is { Length: > 0 and <= LongestId } ? id : null;
}
