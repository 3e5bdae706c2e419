using System.Text.Json;
using System.Text.Json.Serialization;
using CoolChat.Contracts;

namespace CoolChat.Chat.Protocol;

/// <summary>Positional arguments of hub calls: what does not fit is refused under the argument's name.</summary>
[JsonConverter(typeof(ConversationIdConverter))]
internal readonly record struct ConversationIdArgument(Guid Value);

/// <summary>A position in a log.</summary>
[JsonConverter(typeof(SeqConverter))]
internal readonly record struct SeqArgument(long Value);

/// <summary>An access token.</summary>
[JsonConverter(typeof(TokenConverter))]
internal readonly record struct TokenArgument(string Value);

/// <summary>People to watch.</summary>
[JsonConverter(typeof(UserIdsConverter))]
internal sealed record UserIdsArgument(IReadOnlyList<Guid> Value);

internal sealed class ConversationIdConverter : JsonConverter<ConversationIdArgument>
{
    public override bool HandleNull => true;

    public override ConversationIdArgument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out Guid id) && id != Guid.Empty
            ? new ConversationIdArgument(id)
            : throw ArgumentFailure.At("conversationId");

    public override void Write(Utf8JsonWriter writer, ConversationIdArgument value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}

internal sealed class SeqConverter : JsonConverter<SeqArgument>
{
    public override bool HandleNull => true;

    public override SeqArgument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long seq) && seq >= 1
            ? new SeqArgument(seq)
            : throw ArgumentFailure.At("seq");

    public override void Write(Utf8JsonWriter writer, SeqArgument value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value);
}

internal sealed class TokenConverter : JsonConverter<TokenArgument>
{
    public override bool HandleNull => true;

    public override TokenArgument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 and <= 8192 } token
            ? new TokenArgument(token)
            : throw ArgumentFailure.At("token");

    public override void Write(Utf8JsonWriter writer, TokenArgument value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}

internal sealed class UserIdsConverter : JsonConverter<UserIdsArgument>
{
    private static readonly int Most = new Limits().WatchPresence;

    public override bool HandleNull => true;

    public override UserIdsArgument Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw ArgumentFailure.At("userIds");
        List<Guid> ids = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.String || !reader.TryGetGuid(out Guid id) || id == Guid.Empty)
                throw ArgumentFailure.At($"userIds[{ids.Count}]");
            if (ids.Count == Most)
                throw ArgumentFailure.At("userIds");
            ids.Add(id);
        }
        return new UserIdsArgument(ids);
    }

    public override void Write(Utf8JsonWriter writer, UserIdsArgument value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Value, options);
}

internal static class ArgumentFailure
{
    public static JsonException At(string argument) => new("The argument is not what is expected there.", "$." + argument, null, null);
}
