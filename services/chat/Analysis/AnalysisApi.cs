using CoolChat.Chat.Conversations;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace CoolChat.Chat.Analysis;

/// <summary>What was counted and collected from a conversation, for its members.</summary>
internal static class AnalysisApi
{
    public static void Map(RouteGroupBuilder chat)
    {
        RouteGroupBuilder group = chat.MapGroup("/conversations/{id}").WithTags("Conversations");
        group.MapGet("/stats", ReadStats);
        group.MapGet("/links", ListLinks);
    }

    /// <summary>Messages by day and by language.</summary>
    private static async Task<Results<Ok<ConversationStats>, ProblemHttpResult>> ReadStats(
        Guid id, Caller caller, [FromServices] IConversationAnalysis analysis, CancellationToken cancellationToken) =>
        (Requests.CheckIds(id) ?? await analysis.GetStatsAsync(caller.UserId, id, cancellationToken)).ToHttp();

    /// <summary>Links that were shared, latest first.</summary>
    private static async Task<Results<Ok<Page<LinkView>>, ProblemHttpResult>> ListLinks(
        Guid id, string? next, int? limit, Caller caller, [FromServices] IConversationAnalysis analysis, CancellationToken cancellationToken)
    {
        Refusal? refusal = Requests.CheckIds(id) ?? Requests.CheckPage(limit, next);
        return (refusal ?? await analysis.ListLinksAsync(caller.UserId, id, next, Requests.Limit(limit), cancellationToken)).ToHttp();
    }
}
