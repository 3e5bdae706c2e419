using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoolChat.Chat.Conversations;

/// <summary>The two ways every endpoint of the module ends.</summary>
internal static class Endpoints
{
    public static Results<Ok<T>, ProblemHttpResult> ToHttp<T>(this Result<T> result) =>
        result.Ok ? TypedResults.Ok(result.Value) : result.Refusal.ToProblem();

    public static Results<NoContent, ProblemHttpResult> ToHttp(this Refusal? refusal) =>
        refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
}
