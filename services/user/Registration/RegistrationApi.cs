using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Identity;
using CoolChat.ServiceDefaults.Problems;
using CoolChat.User.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CoolChat.User.Registration;

internal static class RegistrationApi
{
    public static void MapRegistration(this RouteGroupBuilder user)
    {
        user.MapPost("/claim", ClaimAsync).WithTags("Server").WithSummary("Makes me the server's first owner, with the token that the server printed");
        RouteGroupBuilder invites = user.MapGroup("/invites").WithTags("Server").AddEndpointFilter<AdminsOnly>();
        invites.MapPost("", CreateInviteAsync).WithSummary("Makes a code by which new people may register; admins");
        invites.MapGet("", ListInvitesAsync).WithSummary("Living invites, newest first; admins");
        invites.MapDelete("/{id:guid}", RemoveInviteAsync).WithSummary("Ends an invite; admins");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ClaimAsync(
        ClaimRequest request, Caller caller, OwnerClaim claim, CancellationToken cancellationToken)
    {
        Result<bool> claimed = await claim.ClaimAsync(caller.UserId, request.Token, cancellationToken);
        return claimed.Ok ? TypedResults.NoContent() : claimed.Refusal.ToProblem();
    }

    private static async Task<Results<Created<RegistrationInviteView>, ProblemHttpResult>> CreateInviteAsync(
        CreateRegistrationInvite request, Caller caller, InviteToRegister create, CancellationToken cancellationToken)
    {
        Result<RegistrationInviteView> created = await create.ExecuteAsync(caller.UserId, request, cancellationToken);
        return created.Ok ? TypedResults.Created((string?)null, created.Value) : created.Refusal.ToProblem();
    }

    private static async Task<Ok<Page<RegistrationInviteView>>> ListInvitesAsync(IServerStore store, TimeProvider time, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Page<RegistrationInviteView>
        {
            Items = [.. (await store.InvitesAsync(time.GetUtcNow(), cancellationToken)).Select(static invite => InviteToRegister.View(invite, null))],
        });

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveInviteAsync(Guid id, IServerStore store, CancellationToken cancellationToken) =>
        await store.RemoveInviteAsync(id, cancellationToken) ? TypedResults.NoContent() : Refusal.NotFound().ToProblem();
}

/// <summary>Lets owners and admins of the server through. Asked of the store each time: a role that was taken away is gone at once.</summary>
internal sealed class AdminsOnly(IAccountStore accounts) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        Account? account = Caller.From(context.HttpContext.User) is { } caller
            ? await accounts.FindAsync(caller.UserId, context.HttpContext.RequestAborted)
            : null;
        return account is { Deleted: false, ServerRole: ServerRoles.Owner or ServerRoles.Admin }
            ? await next(context)
            : Refusal.Forbidden("Only the server's owners and admins may do this.").ToProblem();
    }
}
