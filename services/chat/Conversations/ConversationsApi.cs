using CoolChat.Chat.Messages;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using CoolChat.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace CoolChat.Chat.Conversations;

/// <summary>Conversations, their members, and what a member sets for themself.</summary>
internal static class ConversationsApi
{
    private const int LongestQuery = 200;

    public static void Map(RouteGroupBuilder chat)
    {
        RouteGroupBuilder group = chat.MapGroup("/conversations").WithTags("Conversations");
        group.MapPost("", Create);
        group.MapGet("", List);
        group.MapGet("/{id}", Read);
        group.MapGet("/{id}/members", ListMembers);
        group.MapPatch("/{id}/me", ChangePreferences);
        chat.MapGet("/channels", ListChannels).WithTags("Conversations");
    }

    /// <summary>Creates a conversation; the same commandId, or for direct the same person, again answers the same one.</summary>
    private static async Task<Results<Ok<ConversationView>, ProblemHttpResult>> Create(
        CreateConversationRequest request, Caller caller, [FromServices] CreateConversation create, CancellationToken cancellationToken) =>
        (await create.CreateAsync(caller, request, cancellationToken)).ToHttp();

    /// <summary>The caller's conversations, latest change first.</summary>
    private static async Task<Results<Ok<Page<ConversationView>>, ProblemHttpResult>> List(
        string? next, int? limit, Caller caller, [FromServices] IConversationReader reader, CancellationToken cancellationToken) =>
        (Requests.CheckPage(limit, next) ?? await reader.ListAsync(caller.UserId, next, Requests.Limit(limit), cancellationToken)).ToHttp();

    /// <summary>One conversation; a listed channel also for people who are not in it.</summary>
    private static async Task<Results<Ok<ConversationView>, ProblemHttpResult>> Read(
        Guid id, Caller caller, [FromServices] IConversationReader reader, CancellationToken cancellationToken) =>
        (Requests.CheckIds(id) ?? await reader.GetAsync(caller.UserId, id, cancellationToken)).ToHttp();

    /// <summary>Members, owner and admins first.</summary>
    private static async Task<Results<Ok<Page<MemberEntry>>, ProblemHttpResult>> ListMembers(
        Guid id, string? next, int? limit, Caller caller, [FromServices] IConversationReader reader, CancellationToken cancellationToken)
    {
        Refusal? refusal = Requests.CheckIds(id) ?? Requests.CheckPage(limit, next);
        return (refusal ?? await reader.ListMembersAsync(caller.UserId, id, next, Requests.Limit(limit), cancellationToken)).ToHttp();
    }

    /// <summary>Mute, archive, favourite, mark unread, draft: for oneself, on all devices. Absent fields stay as they are.</summary>
    private static async Task<Results<NoContent, ProblemHttpResult>> ChangePreferences(
        Guid id,
        MemberPreferences preferences,
        Caller caller,
        [FromServices] IConversationWriter writer,
        [FromServices] PersonLimits personLimits,
        [FromServices] Limits limits)
    {
        Refusal? refusal = Requests.CheckIds(id)
            ?? (preferences == new MemberPreferences() ? new Refusal(ErrorCodes.Invalid, "Nothing is changed.") : null)
            ?? (preferences.Draft is { Length: > 0 } draft ? TextRules.CheckText(draft, "draft", limits.TextBytes) : null)
            ?? personLimits.Take(caller.UserId, Allowance.Actions);
        if (refusal is not null)
            return refusal.ToHttp();
        SetPreferences operation = new() { ConversationId = id, Actor = caller.UserId, DeviceId = caller.DeviceId, Preferences = preferences };
        return (await writer.ExecuteAsync(operation, CancellationToken.None)).Refusal.ToHttp();
    }

    /// <summary>Listed channels by title.</summary>
    private static async Task<Results<Ok<Page<ConversationView>>, ProblemHttpResult>> ListChannels(
        string? q, string? next, int? limit, Caller caller, [FromServices] IConversationReader reader, CancellationToken cancellationToken)
    {
        Refusal? refusal = Requests.CheckPage(limit, next) ?? (q is { Length: > LongestQuery } ? Refusal.Invalid("q", $"At most {LongestQuery} characters.") : null);
        string? query = string.IsNullOrWhiteSpace(q) ? null : q;
        return (refusal ?? await reader.ListChannelsAsync(caller.UserId, query, next, Requests.Limit(limit), cancellationToken)).ToHttp();
    }
}
