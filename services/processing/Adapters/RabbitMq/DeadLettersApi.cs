using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Identity;
using CoolChat.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CoolChat.Processing.Adapters.RabbitMq;

/// <summary>Dead letters over HTTP, for whoever has the operator's key.</summary>
internal static class DeadLettersApi
{
    private const int UsualLimit = 50;

    public static void Map(IEndpointRouteBuilder app)
    {
        if (OperatorKey.Read(app.ServiceProvider.GetRequiredService<IConfiguration>()) is not { } key)
            return;
        RouteGroupBuilder letters = app.MapGroup("/internal/dead-letters");
        key.Guard(letters);
        letters.ExcludeFromDescription();
        letters.MapGet("", ListAsync);
        letters.MapPost("/replay", ReplayAsync);
    }

    private static async Task<Results<Ok<DeadLetterPage>, ProblemHttpResult>> ListAsync(
        int? skip, int? limit, [FromServices] DeadLetters letters, CancellationToken cancellationToken)
    {
        int from = skip ?? 0, count = limit ?? UsualLimit;
        if (from is < 0 or > DeadLetters.MostAtOnce || count < 1 || count > DeadLetters.MostAtOnce - from)
            return Refusal.Invalid("limit", $"skip and limit are together 1 to {DeadLetters.MostAtOnce}.").ToProblem();
        return TypedResults.Ok(await letters.ListAsync(from, count, cancellationToken));
    }

    private static async Task<Results<Ok<ReplayResult>, ProblemHttpResult>> ReplayAsync(
        ReplayRequest request, [FromServices] DeadLetters letters, CancellationToken cancellationToken)
    {
        if (request.All == (request.Ids is { Count: > 0 }))
            return Refusal.Invalid("ids", "Name ids, or say all: true.").ToProblem();
        return TypedResults.Ok(await letters.ReplayAsync(request.All ? null : request.Ids!.ToHashSet(StringComparer.Ordinal), cancellationToken));
    }

    private sealed record ReplayRequest
    {
        public IReadOnlyList<string>? Ids { get; init; }

        public bool All { get; init; }
    }
}
