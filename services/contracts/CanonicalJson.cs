using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CoolChat.Contracts;

/// <summary>
/// JSON Canonicalization Scheme (RFC 8785) for bodies without floating-point numbers: members sorted by UTF-16 code
/// units, the shortest escapes, integers within +-(2^53 - 1) and nothing else numeric.
/// </summary>
public static class CanonicalJson
{
    private const long MaxSafeInteger = 9_007_199_254_740_991;
    private const int MaxDepth = 16;

    /// <summary>Canonicalizes one JSON value.</summary>
    /// <param name="utf8">UTF-8 JSON, at most 16 levels deep.</param>
    /// <returns>The canonical UTF-8 bytes.</returns>
    /// <exception cref="JsonException">Not JSON, a duplicate member, a fraction or exponent, or an integer beyond 2^53 - 1.</exception>
    public static byte[] Canonicalize(ReadOnlyMemory<byte> utf8)
    {
        using JsonDocument document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
        ArrayBufferWriter<byte> output = new(utf8.Length);
        Write(document.RootElement, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes <paramref name="value"/> canonically to <paramref name="output"/>.</summary>
    public static void Write(JsonElement value, IBufferWriter<byte> output)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object: WriteObject(value, output); break;
            case JsonValueKind.Array: WriteArray(value, output); break;
            case JsonValueKind.String: WriteString(value.GetString()!, output); break;
            case JsonValueKind.Number: WriteInteger(value, output); break;
            case JsonValueKind.True: output.Write("true"u8); break;
            case JsonValueKind.False: output.Write("false"u8); break;
            case JsonValueKind.Null: output.Write("null"u8); break;
            default: throw new JsonException("Not a JSON value.");
        }
    }

    private static void WriteObject(JsonElement value, IBufferWriter<byte> output)
    {
        JsonProperty[] members = [.. value.EnumerateObject()];
        Array.Sort(members, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        output.Write("{"u8);
        for (int i = 0; i < members.Length; i++)
        {
            if (i > 0)
                output.Write(","u8);
            WriteString(members[i].Name, output);
            output.Write(":"u8);
            Write(members[i].Value, output);
        }
        output.Write("}"u8);
    }

    private static void WriteArray(JsonElement value, IBufferWriter<byte> output)
    {
        output.Write("["u8);
        bool first = true;
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (!first)
                output.Write(","u8);
            first = false;
            Write(item, output);
        }
        output.Write("]"u8);
    }

    private static void WriteInteger(JsonElement value, IBufferWriter<byte> output)
    {
        if (!value.TryGetInt64(out long number) || number is > MaxSafeInteger or < -MaxSafeInteger)
            throw new JsonException("Numbers in a body are integers within +-(2^53 - 1).");
        WriteInteger(number, output);
    }

    /// <summary>Writes an integer as RFC 8785 does.</summary>
    public static void WriteInteger(long value, IBufferWriter<byte> output)
    {
        Span<byte> span = output.GetSpan(20);
        value.TryFormat(span, out int written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    /// <summary>Writes a string with its quotes, escaping exactly what RFC 8785 section 3.2.2.2 says.</summary>
    /// <exception cref="JsonException">The text has a lone surrogate.</exception>
    public static void WriteString(string value, IBufferWriter<byte> output)
    {
        int most = Encoding.UTF8.GetMaxByteCount(value.Length);
        byte[] rented = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            if (System.Text.Unicode.Utf8.FromUtf16(value, rented, out _, out int length, replaceInvalidSequences: false) != OperationStatus.Done)
                throw new JsonException("The text has a lone surrogate.");
            WriteString(rented.AsSpan(0, length), output);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Writes valid UTF-8 text with its quotes.</summary>
    public static void WriteString(ReadOnlySpan<byte> utf8, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        while (true)
        {
            int at = utf8.IndexOfAny(NeedEscape);
            if (at < 0)
                break;
            output.Write(utf8[..at]);
            WriteEscape(utf8[at], output);
            utf8 = utf8[(at + 1)..];
        }
        output.Write(utf8);
        output.Write("\""u8);
    }

    private static readonly SearchValues<byte> NeedEscape =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    private static void WriteEscape(byte value, IBufferWriter<byte> output)
    {
        switch (value)
        {
            case (byte)'"': output.Write("\\\""u8); break;
            case (byte)'\\': output.Write("\\\\"u8); break;
            case 0x08: output.Write("\\b"u8); break;
            case 0x09: output.Write("\\t"u8); break;
            case 0x0A: output.Write("\\n"u8); break;
            case 0x0C: output.Write("\\f"u8); break;
            case 0x0D: output.Write("\\r"u8); break;
            default:
                output.Write("\\u00"u8);
                output.Write([Hex(value >> 4), Hex(value & 15)]);
                break;
        }
    }

    private static byte Hex(int nibble) => (byte)(nibble < 10 ? '0' + nibble : 'a' + nibble - 10);
}
