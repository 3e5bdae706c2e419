using System.Buffers;
using System.Text;
using System.Text.Json;
using CoolChat.Contracts;
using MessagePack;
using MessagePack.Formatters;

namespace CoolChat.Chat.Protocol;

/// <summary>
/// MessagePack that says exactly what the JSON says: string-keyed camelCase maps, ids and times as strings, an event's body as a map. Every type
/// goes through its JSON contract, so the two protocols can't drift apart and share all checks (required fields, duplicates).
/// </summary>
internal sealed class JsonThroughMessagePackResolver : IFormatterResolver
{
    public static readonly MessagePackSerializerOptions Options = MessagePackSerializerOptions.Standard
        .WithResolver(new JsonThroughMessagePackResolver())
        .WithSecurity(MessagePackSecurity.UntrustedData.WithMaximumObjectGraphDepth(64));

    public IMessagePackFormatter<T> GetFormatter<T>() => Cache<T>.Formatter;

    private static class Cache<T>
    {
        public static readonly IMessagePackFormatter<T> Formatter = new JsonThroughMessagePackFormatter<T>();
    }
}

internal sealed class JsonThroughMessagePackFormatter<T> : IMessagePackFormatter<T>
{
    public void Serialize(ref MessagePackWriter writer, T value, MessagePackSerializerOptions options) =>
        MessagePackSerializer.ConvertFromJson(JsonSerializer.Serialize(value, CoolChatJson.Options), ref writer, options);

    public T Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
    {
        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json))
            MessagePackToJson.Copy(ref reader, writer, 0);
        // Null is a value only where T takes it; the serializer's nullability rules speak about members, not about the root.
        return JsonSerializer.Deserialize<T>(json.WrittenSpan, CoolChatJson.Options)!;
    }
}

/// <summary>Writes a MessagePack value as JSON; what JSON has no word for (binary, extensions, keys that are no strings) is refused.</summary>
internal static class MessagePackToJson
{
    private const int Deepest = 64;

    public static void Copy(ref MessagePackReader reader, Utf8JsonWriter writer, int depth)
    {
        if (depth > Deepest)
            throw new JsonException("Nested too deeply.");
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Nil:
                reader.ReadNil();
                writer.WriteNullValue();
                break;
            case MessagePackType.Boolean:
                writer.WriteBooleanValue(reader.ReadBoolean());
                break;
            case MessagePackType.Integer:
                CopyInteger(ref reader, writer);
                break;
            case MessagePackType.Float:
                CopyNumber(reader.ReadDouble(), writer);
                break;
            case MessagePackType.String:
                writer.WriteStringValue(Text(ref reader));
                break;
            case MessagePackType.Array:
                writer.WriteStartArray();
                for (int left = reader.ReadArrayHeader(); left > 0; left--)
                    Copy(ref reader, writer, depth + 1);
                writer.WriteEndArray();
                break;
            case MessagePackType.Map:
                CopyMap(ref reader, writer, depth);
                break;
            default:
                throw new JsonException("Binary and extension values are not part of the protocol.");
        }
    }

    private static void CopyMap(ref MessagePackReader reader, Utf8JsonWriter writer, int depth)
    {
        writer.WriteStartObject();
        for (int left = reader.ReadMapHeader(); left > 0; left--)
        {
            if (reader.NextMessagePackType != MessagePackType.String)
                throw new JsonException("The keys of maps are strings.");
            writer.WritePropertyName(Text(ref reader));
            Copy(ref reader, writer, depth + 1);
        }
        writer.WriteEndObject();
    }

    private static void CopyInteger(ref MessagePackReader reader, Utf8JsonWriter writer)
    {
        if (reader.NextCode == MessagePackCode.UInt64)
            writer.WriteNumberValue(reader.ReadUInt64());
        else
            writer.WriteNumberValue(reader.ReadInt64());
    }

    private static void CopyNumber(double value, Utf8JsonWriter writer)
    {
        if (!double.IsFinite(value))
            throw new JsonException("Numbers are finite.");
        // JavaScript's MessagePack writes large whole numbers as floats.
        if (Math.Floor(value) == value && Math.Abs(value) <= 1L << 53)
            writer.WriteNumberValue((long)value);
        else
            writer.WriteNumberValue(value);
    }

    private static string Text(ref MessagePackReader reader)
    {
        ReadOnlySequence<byte> utf8 = reader.ReadStringSequence() ?? throw new JsonException("A string is missing.");
        try
        {
            return Strict.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            throw new JsonException("A string is not valid UTF-8.");
        }
    }

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
}
