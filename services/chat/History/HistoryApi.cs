using CoolChat.Chat.Conversations;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using CoolChat.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace CoolChat.Chat.History;

/// <summary>What was said: the raw log, and messages as they are now.</summary>
internal static class HistoryApi
{
    public static void Map(RouteGroupBuilder chat)
    {
        RouteGroupBuilder group = chat.MapGroup("/conversations/{id}").WithTags("History");
        group.MapGet("/events", ReadEvents);
        group.MapGet("/messages", ReadMessages);
        group.MapGet("/messages/{messageId}", ReadMessage);
        group.MapGet("/messages/{messageId}/edits", ReadEdits);
        group.MapGet("/messages/{messageId}/reactions/{key}", ReadReactions);
        group.MapGet("/pins", ReadPins);
        chat.MapPost("/sync", Sync).WithTags("Sync");
    }

    /// <summary>The raw log: after (exclusive, ascending) or before (exclusive, the page just below it).</summary>
    private static async Task<Results<Ok<EventPage>, ProblemHttpResult>> ReadEvents(
        Guid id, long? after, long? before, int? limit, Caller caller, [FromServices] IConversationReader reader, CancellationToken cancellationToken)
    {
        Refusal? refusal = Requests.CheckIds(id) ?? Requests.CheckPage(limit, null) ?? CheckSeq(after, "after") ?? CheckSeq(before, "before")
            ?? CheckOne("before", after, before);
        return (refusal ?? await reader.ReadEventsAsync(caller.UserId, id, after, before, Requests.Limit(limit), cancellationToken)).ToHttp();
    }

    /// <summary>Messages with their latest content: before, after (exclusive) or around a seq; none of them = the latest.</summary>
    private static async Task<Results<Ok<MessagePage>, ProblemHttpResult>> ReadMessages(
        Guid id,
        long? before,
        long? after,
        long? around,
        int? limit,
        Guid? thread,
        Caller caller,
        [FromServices] IConversationReader reader,
        CancellationToken cancellationToken)
    {
        Refusal? refusal = Requests.CheckIds(id) ?? Requests.CheckPage(limit, null)
            ?? CheckSeq(before, "before") ?? CheckSeq(after, "after") ?? CheckSeq(around, "around")
            ?? CheckOne("after", before, after, around)
            ?? (thread == Guid.Empty ? Refusal.Invalid("thread", "The nil UUID names nothing.") : null);
        MessageRange range = new(before, after, around, thread);
        return (refusal ?? await reader.ReadMessagesAsync(caller.UserId, id, range, Requests.Limit(limit), cancellationToken)).ToHttp();
    }

    /// <summary>One message.</summary>
    private static async Task<Results<Ok<MessageView>, ProblemHttpResult>> ReadMessage(
        Guid id, Guid messageId, Caller caller, [FromServices] IConversationReader reader, CancellationToken cancellationToken)
    {
        Refusal? refusal = Requests.CheckIds(id, messageId, "messageId");
        return (refusal ?? await reader.GetMessageAsync(caller.UserId, id, messageId, cancellationToken)).ToHttp();
    }

    /// <summary>A message's contents over time, first one first.</summary>
    private static async Task<Results<Ok<Page<MessageEditView>>, ProblemHttpResult>> ReadEdits(
        Guid id, Guid messageId, string? next, int? limit, Caller caller, [FromServices] IConversationReader reader, CancellationToken cancellationToken)
    {
        Refusal? refusal = Requests.CheckIds(id, messageId, "messageId") ?? Requests.CheckPage(limit, next);
        return (refusal ?? await reader.ReadEditsAsync(caller.UserId, id, messageId, next, Requests.Limit(limit), cancellationToken)).ToHttp();
    }

    /// <summary>Who reacted with an emoji, oldest first.</summary>
    private static async Task<Results<Ok<Page<Guid>>, ProblemHttpResult>> ReadReactions(
        Guid id,
        Guid messageId,
        string key,
        string? next,
        int? limit,
        Caller caller,
        [FromServices] IConversationReader reader,
        [FromServices] Limits limits,
        CancellationToken cancellationToken)
    {
        Refusal? refusal = Requests.CheckIds(id, messageId, "messageId") ?? Requests.CheckPage(limit, next)
            ?? Messages.TextRules.CheckReaction(key, "key", limits.ReactionBytes);
        return (refusal ?? await reader.ReadReactionsAsync(caller.UserId, id, messageId, key, next, Requests.Limit(limit), cancellationToken)).ToHttp();
    }

    /// <summary>Pinned messages, latest pin first.</summary>
    private static async Task<Results<Ok<MessagePage>, ProblemHttpResult>> ReadPins(
        Guid id, Caller caller, [FromServices] IConversationReader reader, CancellationToken cancellationToken) =>
        (Requests.CheckIds(id) ?? await reader.ReadPinsAsync(caller.UserId, id, cancellationToken)).ToHttp();

    /// <summary>What changed for the caller since an earlier answer; without <c>since</c> everything.</summary>
    private static async Task<Results<Ok<SyncPage>, ProblemHttpResult>> Sync(
        SyncRequest request, Caller caller, [FromServices] IConversationReader reader, CancellationToken cancellationToken)
    {
        Refusal? refusal = Requests.CheckPage(request.Limit, null)
            ?? (request.Since is { Length: 0 or > 1024 } ? Refusal.Invalid("since", "It is not from an earlier answer.") : null);
        return (refusal ?? await reader.SyncAsync(caller.UserId, request.Since, request.Limit ?? 100, cancellationToken)).ToHttp();
    }

    private static Refusal? CheckSeq(long? seq, string field) => seq < 0 ? Refusal.Invalid(field, "At least 0.") : null;

    private static Refusal? CheckOne(string field, params ReadOnlySpan<long?> positions)
    {
        int given = 0;
        foreach (long? position in positions)
            given += position is null ? 0 : 1;
        return given > 1 ? Refusal.Invalid(field, "Only one of before, after and around.") : null;
    }
}
