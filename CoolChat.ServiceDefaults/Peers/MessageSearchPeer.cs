using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace CoolChat.ServiceDefaults.Peers;

/// <summary><see cref="IMessageSearch"/> of processing, from elsewhere. The viewer is who chat says: it has checked the token.</summary>
internal sealed class MessageSearchPeer(PeerClient processing) : IMessageSearch
{
    private const string Path = "/internal/search";

    public ValueTask<Result<Page<SearchHit>>> SearchAsync(Guid viewer, string query, string? next, int limit, CancellationToken cancellationToken) =>
        processing.AskForResultAsync<Page<SearchHit>>(Path, new Question(viewer, query, limit) { Next = next }, cancellationToken);

    public static void Map(IEndpointRouteBuilder app, params string[] callers) =>
        app.MapPost(Path, AnswerAsync).RequirePeer(callers).ExcludeFromDescription();

    private static async Task<Ok<PeerAnswer<Page<SearchHit>>>> AnswerAsync(
        Question question, [FromServices] IMessageSearch search, CancellationToken cancellationToken) =>
        TypedResults.Ok(PeerAnswer.Of(await search.SearchAsync(question.Viewer, question.Query, question.Next, question.Limit, cancellationToken)));

    private sealed record Question(Guid Viewer, string Query, int Limit)
    {
        public string? Next { get; init; }
    }
}
