using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace CoolChat.ServiceDefaults.Peers;

/// <summary><see cref="IConversationAnalysis"/> of processing, from elsewhere.</summary>
internal sealed class ConversationAnalysisPeer(PeerClient processing) : IConversationAnalysis
{
    private const string Path = "/internal/analysis";

    public ValueTask<Result<ConversationStats>> GetStatsAsync(Guid viewer, Guid conversationId, CancellationToken cancellationToken) =>
        processing.AskForResultAsync<ConversationStats>(Path + "/stats", new Question(viewer, conversationId), cancellationToken);

    public ValueTask<Result<Page<LinkView>>> ListLinksAsync(Guid viewer, Guid conversationId, string? next, int limit, CancellationToken cancellationToken) =>
        processing.AskForResultAsync<Page<LinkView>>(Path + "/links", new Question(viewer, conversationId) { Next = next, Limit = limit }, cancellationToken);

    public static void Map(IEndpointRouteBuilder app, params string[] callers)
    {
        RouteGroupBuilder analysis = app.MapGroup(Path).RequirePeer(callers).ExcludeFromDescription();
        analysis.MapPost("/stats", AnswerStatsAsync);
        analysis.MapPost("/links", AnswerLinksAsync);
    }

    private static async Task<Ok<PeerAnswer<ConversationStats>>> AnswerStatsAsync(
        Question question, [FromServices] IConversationAnalysis own, CancellationToken cancellationToken) =>
        TypedResults.Ok(PeerAnswer.Of(await own.GetStatsAsync(question.Viewer, question.ConversationId, cancellationToken)));

    private static async Task<Ok<PeerAnswer<Page<LinkView>>>> AnswerLinksAsync(
        Question question, [FromServices] IConversationAnalysis own, CancellationToken cancellationToken) =>
        TypedResults.Ok(PeerAnswer.Of(await own.ListLinksAsync(question.Viewer, question.ConversationId, question.Next, question.Limit, cancellationToken)));

    private sealed record Question(Guid Viewer, Guid ConversationId)
    {
        public string? Next { get; init; }

        public int Limit { get; init; }
    }
}
