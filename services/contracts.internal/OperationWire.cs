using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CoolChat.Contracts.Internal;

/// <summary>
/// How operations and their outcomes travel between services: one JSON object a line (application/x-ndjson), so that a message carries many and one
/// that can't be read does not take its neighbours with it. Readers ignore members that they don't know; what old readers would get wrong is a new
/// version, under a new <see cref="Operations"/>.
/// </summary>
public static class OperationWire
{
    /// <summary>Type of a message of operations.</summary>
    public const string Operations = "coolchat.operations.v1";

    /// <summary>Type of a message of outcomes.</summary>
    public const string Outcomes = "coolchat.outcomes.v1";

    /// <summary>Content type of both.</summary>
    public const string ContentType = "application/x-ndjson";

    private const byte LineFeed = (byte)'\n';
    private static readonly JsonSerializerOptions Json = new(CoolChatJson.Options) { MaxDepth = 32, TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    /// <summary>A line, with its end.</summary>
    /// <param name="number">Names the operation to its sender; told again with the outcome.</param>
    /// <param name="operation">One of the operations of this assembly.</param>
    public static byte[] Encode(ulong number, ConversationOperation operation)
    {
        ArrayBufferWriter<byte> line = new(512);
        Write(line, new OperationLine { Number = number, Do = operation });
        return line.WrittenSpan.ToArray();
    }

    /// <summary>Appends the outcome's line.</summary>
    public static void WriteOutcome(IBufferWriter<byte> lines, ulong number, Result<OperationResult> result)
    {
        ArgumentNullException.ThrowIfNull(lines);
        Write(lines, new OutcomeLine { Number = number, Done = result.Value, Refused = result.Refusal });
    }

    /// <summary>Reads a line of <see cref="Operations"/>.</summary>
    /// <returns>False when it is none that this version knows; <paramref name="why"/> tells, without any content.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> line, [NotNullWhen(true)] out OperationLine? operation, [NotNullWhen(false)] out string? why) =>
        TryRead(line, out operation, out why);

    /// <summary>The number of a line that can't be read otherwise, so that its sender hears of it; 0 when even that is not there.</summary>
    public static ulong NumberOf(ReadOnlySpan<byte> line) => TryRead(line, out NumberLine? number, out _) ? number.Number : 0;

    /// <summary>Reads a line of <see cref="Outcomes"/>.</summary>
    public static bool TryDecodeOutcome(ReadOnlySpan<byte> line, [NotNullWhen(true)] out OutcomeLine? outcome) =>
        TryRead(line, out outcome, out _) && (outcome.Done is null) != (outcome.Refused is null);

    /// <summary>Takes the first line off <paramref name="lines"/>.</summary>
    public static bool TryTakeLine(ref ReadOnlyMemory<byte> lines, out ReadOnlyMemory<byte> line)
    {
        int end = lines.Span.IndexOf(LineFeed);
        line = end < 0 ? lines : lines[..end];
        lines = end < 0 ? default : lines[(end + 1)..];
        return !line.IsEmpty;
    }

    private static void Write<T>(IBufferWriter<byte> lines, T value)
    {
        using (Utf8JsonWriter writer = new(lines, new JsonWriterOptions { SkipValidation = true }))
            JsonSerializer.Serialize(writer, value, Json);
        lines.Write([LineFeed]);
    }

    private static bool TryRead<T>(ReadOnlySpan<byte> line, [NotNullWhen(true)] out T? value, [NotNullWhen(false)] out string? why)
        where T : class
    {
        try
        {
            value = JsonSerializer.Deserialize<T>(line, Json);
            why = value is null ? "It is null." : null;
            return value is not null;
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException)
        {
            value = null;
            why = failure is JsonException json ? $"{typeof(T).Name} can't be read at {json.Path}, byte {json.BytePositionInLine}." : "The operation is not known.";
            return false;
        }
    }
}

/// <summary>An operation on its way.</summary>
public sealed record OperationLine
{
    /// <summary>Names it to its sender.</summary>
    [JsonPropertyName("n")]
    public required ulong Number { get; init; }

    /// <summary>What to do.</summary>
    public required ConversationOperation Do { get; init; }
}

internal sealed record NumberLine
{
    [JsonPropertyName("n")]
    public ulong Number { get; init; }
}

/// <summary>An outcome on its way back: one of both is there.</summary>
public sealed record OutcomeLine
{
    /// <summary>Of the operation.</summary>
    [JsonPropertyName("n")]
    public required ulong Number { get; init; }

    public OperationResult? Done { get; init; }

    public Refusal? Refused { get; init; }
}
