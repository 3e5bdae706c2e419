using CoolChat.Chat.Conversations;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using CoolChat.ServiceDefaults.Identity;
using CoolChat.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace CoolChat.Chat.Messages;

/// <summary>Commands over REST, and what became of them.</summary>
internal static class CommandsApi
{
    public static void Map(RouteGroupBuilder chat)
    {
        RouteGroupBuilder group = chat.MapGroup("/conversations/{id}").WithTags("Commands");
        group.MapPost("/commands", Submit);
        group.MapGet("/commands/{commandId}", ReadOutcome);
        group.MapPost("/read", MarkRead);
        RouteGroupBuilder scheduled = chat.MapGroup("/scheduled").WithTags("Scheduled");
        scheduled.MapGet("", ListScheduled);
        scheduled.MapDelete("/{conversationId}/{commandId}", CancelScheduled);
    }

    /// <summary>The REST twin of the hub's Submit: a refusal comes as problem details.</summary>
    private static async Task<Results<Ok<CommandResult>, ProblemHttpResult>> Submit(
        Guid id, Command command, Caller caller, [FromServices] SubmitCommand submit)
    {
        if (Requests.CheckIds(id) is { } refusal)
            return refusal.ToProblem();
        if (command.ConversationId != id)
            return Refusal.Invalid("conversationId", "It is another conversation than the address names.").ToProblem();
        // Not cancelled with the request: what reached the writer happens, and its outcome can be asked for.
        CommandResult result = await submit.SubmitAsync(caller, null, command);
        return result.Error is { } error
            ? new Refusal(error.Code, error.Detail, error.Field, error.RetryAfter).ToProblem()
            : TypedResults.Ok(result);
    }

    /// <summary>The outcome of one of the caller's commands, rejections included; not_found while it is unknown.</summary>
    private static async Task<Results<Ok<CommandResult>, ProblemHttpResult>> ReadOutcome(
        Guid id, Guid commandId, Caller caller, [FromServices] IConversationReader reader, CancellationToken cancellationToken)
    {
        Refusal? refusal = Requests.CheckIds(id, commandId, "commandId");
        return (refusal ?? await reader.GetOutcomeAsync(caller.UserId, id, commandId, cancellationToken)).ToHttp();
    }

    /// <summary>How far the caller has read.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> MarkRead(Guid id, MarkReadRequest request, Caller caller, [FromServices] MoveOwnMarks marks)
    {
        Refusal? refusal = Requests.CheckIds(id) ?? (request.Seq < 1 ? Refusal.Invalid("seq", "At least 1.") : null);
        return (refusal ?? await marks.MoveAsync(caller, id, readSeq: request.Seq, deliveredSeq: null)).ToHttp();
    }

    /// <summary>The caller's messages that wait for their time, soonest first.</summary>
    private static async Task<Results<Ok<Page<ScheduledView>>, ProblemHttpResult>> ListScheduled(
        string? next, int? limit, Caller caller, [FromServices] IConversationReader reader, CancellationToken cancellationToken) =>
        (Requests.CheckPage(limit, next) ?? await reader.ListScheduledAsync(caller.UserId, next, Requests.Limit(limit), cancellationToken)).ToHttp();

    /// <summary>Takes a scheduled message back.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> CancelScheduled(
        Guid conversationId, Guid commandId, Caller caller, [FromServices] IConversationWriter writer, [FromServices] PersonLimits limits)
    {
        Refusal? refusal = CommandValidation.CheckNotNil(conversationId, "conversationId") ?? CommandValidation.CheckNotNil(commandId, "commandId")
            ?? limits.Take(caller.UserId, Allowance.Actions);
        if (refusal is not null)
            return refusal.ToProblem();
        CancelScheduled operation = new() { ConversationId = conversationId, Actor = caller.UserId, DeviceId = caller.DeviceId, CommandId = commandId };
        return (await writer.ExecuteAsync(operation, CancellationToken.None)).Refusal.ToHttp();
    }
}

/// <summary>POST /chat/conversations/{id}/read.</summary>
internal sealed record MarkReadRequest
{
    /// <summary>Everything up to this seq is read.</summary>
    public required long Seq { get; init; }
}
