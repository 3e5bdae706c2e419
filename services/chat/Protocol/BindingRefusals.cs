using System.Text.Json;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;

namespace CoolChat.Chat.Protocol;

/// <summary>Says in words of our own why a hub call's arguments were not understood; the serializers' messages name types of the server.</summary>
internal static class BindingRefusals
{
    public static Refusal Describe(string target, Exception failure)
    {
        if (!HubCalls.Exists(target))
            return new Refusal(ErrorCodes.NotFound, "There is no such call.");
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            if (e is JsonException json)
                return Describe(json);
        }
        return new Refusal(ErrorCodes.Invalid, $"{target} takes {HubCalls.Describe(target)}.");
    }

    private static Refusal Describe(JsonException json)
    {
        string path = json.Path is { Length: > 1 and <= 200 } full && full.StartsWith("$.", StringComparison.Ordinal) ? full[2..] : "";
        if (Between(json.Message, "missing required properties including: '", '\'') is { } missing)
            return Refusal.Invalid(path.Length == 0 ? missing : $"{path}.{missing}", "A required field is missing.");
        if (json.Message.StartsWith("Duplicate", StringComparison.Ordinal))
            return Refusal.Invalid(path, "A field is there twice.");
        return path.Length > 0
            ? Refusal.Invalid(path, $"The value of '{path}' is not what is expected there.")
            : new Refusal(ErrorCodes.Invalid, "The argument is not what is expected there.");
    }

    private static string? Between(string text, string start, char end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal);
        if (from < 0)
            return null;
        from += start.Length;
        int to = text.IndexOf(end, from);
        return to < 0 ? null : text[from..to];
    }
}

/// <summary>The calls of the hub and what they take.</summary>
internal static class HubCalls
{
    private static readonly Dictionary<string, string> Calls = new(StringComparer.OrdinalIgnoreCase)
    {
        [HubMethods.Hello] = "one object { client, version, features }",
        [HubMethods.Authenticate] = "an access token",
        [HubMethods.Submit] = "one command",
        [HubMethods.MarkRead] = "a conversationId and a seq",
        [HubMethods.MarkDelivered] = "a conversationId and a seq",
        [HubMethods.Typing] = "a conversationId",
        [HubMethods.WatchPresence] = "a list of userIds",
    };

    public static bool Exists(string target) => Calls.ContainsKey(target);

    public static string Describe(string target) => Calls[target];
}
