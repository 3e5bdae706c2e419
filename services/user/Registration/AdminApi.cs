using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Identity;
using CoolChat.ServiceDefaults.Problems;
using CoolChat.User.Accounts;
using CoolChat.User.Profiles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CoolChat.User.Registration;

internal static class AdminApi
{
    public static void MapAdmin(this RouteGroupBuilder user)
    {
        RouteGroupBuilder admin = user.MapGroup("/admin").WithTags("Server").AddEndpointFilter<AdminsOnly>();
        admin.MapGet("/server", ReadAsync).WithSummary("Name and registration policy; admins");
        admin.MapPatch("/server", ChangeAsync).WithSummary("Changes name and registration policy; admins");
        admin.MapGet("/users/{userId:guid}", UserAsync).WithSummary("Role and standing of an account; admins");
        admin.MapPatch("/users/{userId:guid}", ChangeUserAsync).WithSummary("Gives server roles (owners) and suspends accounts (admins)");
    }

    private static async Task<Ok<ServerSettings>> ReadAsync(CurrentSettings settings, CancellationToken cancellationToken) =>
        TypedResults.Ok(await settings.ReadAsync(cancellationToken));

    private static async Task<Results<Ok<ServerSettings>, ProblemHttpResult>> ChangeAsync(
        ServerSettings changes, CurrentSettings settings, CancellationToken cancellationToken)
    {
        if (changes.Registration is not null && !RegistrationPolicies.IsKnown(changes.Registration))
            return Refusal.Invalid("registration", "It must be open, invite or closed.").ToProblem();
        string? name = null;
        if (changes.Name is not null)
        {
            Result<string> clean = TextRules.Name("name", changes.Name, 60);
            if (!clean.Ok)
                return clean.Refusal.ToProblem();
            if (clean.Value.Length == 0)
                return Refusal.Invalid("name", "A server needs a name.").ToProblem();
            name = clean.Value;
        }
        await settings.ChangeAsync(name, changes.Registration, cancellationToken);
        return TypedResults.Ok(await settings.ReadAsync(cancellationToken));
    }

    private static async Task<Results<Ok<AdminUserView>, ProblemHttpResult>> UserAsync(
        Guid userId, Caller caller, IAccountStore accounts, ProfileViews views, CancellationToken cancellationToken) =>
        await accounts.FindAsync(userId, cancellationToken) is { } account
            ? TypedResults.Ok(View(caller, account, views))
            : Refusal.NotFound().ToProblem();

    private static async Task<Results<Ok<AdminUserView>, ProblemHttpResult>> ChangeUserAsync(
        Guid userId, AdminUserChanges changes, Caller caller, IAccountStore accounts, ChangeStanding change, ProfileViews views,
        CancellationToken cancellationToken)
    {
        Result<Account> changed = await change.ExecuteAsync(caller.UserId, userId, changes, cancellationToken);
        return changed.Ok ? TypedResults.Ok(View(caller, changed.Value, views)) : changed.Refusal.ToProblem();
    }

    private static AdminUserView View(Caller caller, Account account, ProfileViews views) =>
        new() { User = views.For(caller.UserId, account), ServerRole = account.ServerRole, Suspended = account.Suspended };
}
