using CoolChat.Chat.Conversations;
using CoolChat.Chat.Messages;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace CoolChat.Chat.Search;

/// <summary>Search over everything that the caller may read.</summary>
internal static class SearchApi
{
    private const int LongestQuery = 1000;

    public static void Map(RouteGroupBuilder chat) => chat.MapGet("/search", Find).WithTags("Search");

    /// <summary>Words, "phrases", prefix* and from: in: has: before: after:, newest first.</summary>
    private static async Task<Results<Ok<Page<SearchHit>>, ProblemHttpResult>> Find(
        string? q,
        string? next,
        int? limit,
        Caller caller,
        [FromServices] IMessageSearch search,
        [FromServices] PersonLimits limits,
        CancellationToken cancellationToken)
    {
        Refusal? refusal = Requests.CheckPage(limit, next)
            ?? (string.IsNullOrWhiteSpace(q) ? Refusal.Invalid("q", "It is missing.") : TextRules.CheckLine(q, "q", LongestQuery))
            ?? limits.Take(caller.UserId, Allowance.Searches);
        return (refusal ?? await search.SearchAsync(caller.UserId, q!, next, Requests.Limit(limit), cancellationToken)).ToHttp();
    }
}
