using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CoolChat.Contracts;

/// <summary>
/// The body of an event: UTF-8 JSON in RFC 8785 canonical form, kept and sent byte for byte, because
/// <c>bodyHash</c> is taken over exactly these bytes.
/// </summary>
[JsonConverter(typeof(JsonBodyConverter))]
public sealed class JsonBody : IEquatable<JsonBody>
{
    private readonly ReadOnlyMemory<byte> _utf8;

    /// <summary>Wraps canonical UTF-8 JSON; the memory must not change afterwards.</summary>
    public JsonBody(ReadOnlyMemory<byte> utf8) => _utf8 = utf8;

    /// <summary>The canonical JSON, UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8 => _utf8;

    /// <summary>Reads the body as <typeparamref name="T"/> by the wire's JSON rules.</summary>
    /// <exception cref="JsonException">The body has another shape.</exception>
    public T As<T>() => JsonSerializer.Deserialize<T>(_utf8.Span, CoolChatJson.Options)
        ?? throw new JsonException($"The body is null, not {typeof(T).Name}.");

    /// <summary>Writes <paramref name="value"/> as a canonical body.</summary>
    public static JsonBody From<T>(T value) =>
        new(CanonicalJson.Canonicalize(JsonSerializer.SerializeToUtf8Bytes(value, CoolChatJson.Options)));

    /// <inheritdoc/>
    public bool Equals(JsonBody? other) => other is not null && _utf8.Span.SequenceEqual(other._utf8.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as JsonBody);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(_utf8.Span);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(_utf8.Span);
}

internal sealed class JsonBodyConverter : JsonConverter<JsonBody>
{
    public override JsonBody Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        ArrayBufferWriter<byte> raw = new();
        using (Utf8JsonWriter writer = new(raw))
            document.RootElement.WriteTo(writer);
        return new JsonBody(CanonicalJson.Canonicalize(raw.WrittenMemory));
    }

    public override void Write(Utf8JsonWriter writer, JsonBody value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
}
