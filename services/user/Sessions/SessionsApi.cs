using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Identity;
using CoolChat.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CoolChat.User.Sessions;

internal static class SessionsApi
{
    public static void MapSessions(this RouteGroupBuilder user)
    {
        RouteGroupBuilder sessions = user.MapGroup("/sessions").WithTags("Sessions");
        sessions.MapGet("", ListAsync).WithSummary("My signed-in devices, latest seen first");
        sessions.MapDelete("", EndOthersAsync).WithSummary("Signs all my other devices out");
        sessions.MapDelete("/{id:guid}", EndAsync).WithSummary("Signs one of my devices out");
    }

    private static async Task<Ok<Page<SessionView>>> ListAsync(Caller caller, ISessionStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        IReadOnlyList<Session> sessions = await store.ListAsync(caller.UserId, time.GetUtcNow(), cancellationToken);
        return TypedResults.Ok(new Page<SessionView>
        {
            Items = [.. sessions.Select(session => new SessionView
            {
                Id = session.Id,
                Device = session.Device,
                Address = session.Address,
                CreatedAt = session.CreatedAt,
                LastSeenAt = session.LastSeenAt,
                Current = session.Id == caller.SessionId,
            })],
        });
    }

    private static async Task<NoContent> EndOthersAsync(Caller caller, EndSessions end, CancellationToken cancellationToken)
    {
        await end.AllAsync(caller.UserId, caller.SessionId, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> EndAsync(Guid id, Caller caller, EndSessions end, CancellationToken cancellationToken) =>
        await end.OneAsync(caller.UserId, id, cancellationToken) ? TypedResults.NoContent() : Refusal.NotFound().ToProblem();
}
