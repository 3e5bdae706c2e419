using System.Buffers.Text;
using System.Security.Cryptography;
using CoolChat.Chat.Conversations;
using CoolChat.Chat.Messages;
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

namespace CoolChat.Chat.Invites;

/// <summary>Invite links: made and revoked by those who may, looked at and used by whoever has the code.</summary>
internal static class InvitesApi
{
    private const int CodeBytes = 16;
    private const int LongestSeconds = 31_536_000;
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromDays(7);

    public static void Map(RouteGroupBuilder chat)
    {
        RouteGroupBuilder own = chat.MapGroup("/conversations/{id}/invites").WithTags("Invites");
        own.MapPost("", Create);
        own.MapGet("", List);
        own.MapDelete("/{inviteId}", Revoke);
        RouteGroupBuilder codes = chat.MapGroup("/invites/{code}").WithTags("Invites");
        codes.MapGet("", Read);
        codes.MapPost("/join", Join);
    }

    /// <summary>Makes an invite link.</summary>
    private static async Task<Results<Ok<InviteView>, ProblemHttpResult>> Create(
        Guid id, CreateInviteRequest request, Caller caller, [FromServices] IConversationWriter writer, [FromServices] PersonLimits limits)
    {
        Refusal? refusal = Requests.CheckIds(id)
            ?? (request.ExpiresIn is < 60 or > LongestSeconds ? Refusal.Invalid("expiresIn", $"From 60 to {LongestSeconds} seconds.") : null)
            ?? (request.MaxUses is < 1 or > 10_000 ? Refusal.Invalid("maxUses", "From 1 to 10000.") : null)
            ?? limits.Take(caller.UserId, Allowance.Creates);
        if (refusal is not null)
            return refusal.ToProblem();
        Result<OperationResult> created = await writer.ExecuteAsync(
            new CreateInvite
            {
                ConversationId = id,
                Actor = caller.UserId,
                DeviceId = caller.DeviceId,
                InviteId = Guid.CreateVersion7(),
                Code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(CodeBytes)),
                ExpiresIn = request.ExpiresIn is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultLifetime,
                MaxUses = request.MaxUses,
            },
            CancellationToken.None);
        return created.Ok ? TypedResults.Ok(created.Value.Invite!) : created.Refusal.ToProblem();
    }

    /// <summary>Living invites, for those who may manage them.</summary>
    private static async Task<Results<Ok<Page<InviteView>>, ProblemHttpResult>> List(
        Guid id, string? next, int? limit, Caller caller, [FromServices] IConversationReader reader, CancellationToken cancellationToken)
    {
        Refusal? refusal = Requests.CheckIds(id) ?? Requests.CheckPage(limit, next);
        return (refusal ?? await reader.ListInvitesAsync(caller.UserId, id, next, Requests.Limit(limit), cancellationToken)).ToHttp();
    }

    /// <summary>Ends an invite link.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> Revoke(
        Guid id, Guid inviteId, Caller caller, [FromServices] IConversationWriter writer, [FromServices] PersonLimits limits)
    {
        Refusal? refusal = Requests.CheckIds(id, inviteId, "inviteId") ?? limits.Take(caller.UserId, Allowance.Actions);
        if (refusal is not null)
            return refusal.ToHttp();
        RevokeInvite operation = new() { ConversationId = id, Actor = caller.UserId, DeviceId = caller.DeviceId, InviteId = inviteId };
        return (await writer.ExecuteAsync(operation, CancellationToken.None)).Refusal.ToHttp();
    }

    /// <summary>Where an invite leads to.</summary>
    private static async Task<Results<Ok<InviteView>, ProblemHttpResult>> Read(
        string code, Caller caller, [FromServices] IConversationReader reader, [FromServices] PersonLimits limits, CancellationToken cancellationToken)
    {
        Refusal? refusal = limits.Take(caller.UserId, Allowance.Actions);
        return (refusal ?? await reader.FindInviteAsync(code, cancellationToken)).ToHttp();
    }

    /// <summary>Joins by an invite; again by the same person is no error.</summary>
    private static async Task<Results<Ok<ConversationView>, ProblemHttpResult>> Join(
        string code, Caller caller, [FromServices] IConversationReader reader, [FromServices] SubmitCommand submit, CancellationToken cancellationToken)
    {
        Result<InviteView> invite = await reader.FindInviteAsync(code, cancellationToken);
        if (!invite.Ok)
            return invite.Refusal.ToProblem();
        Guid conversationId = invite.Value.ConversationId;
        if (await reader.FindMembershipAsync(conversationId, caller.UserId, cancellationToken) is null)
        {
            CommandResult joined = await submit.SubmitAsync(caller, null, new Command
            {
                CommandId = Guid.CreateVersion7(),
                ConversationId = conversationId,
                Type = CommandTypes.MemberJoin,
                Invite = code,
            });
            // Two requests at once: the other one joined.
            if (joined.Error is { } error && error.Code != ErrorCodes.Conflict)
                return new Refusal(error.Code, error.Detail, error.Field, error.RetryAfter).ToProblem();
        }
        return (await reader.GetAsync(caller.UserId, conversationId, cancellationToken)).ToHttp();
    }
}
