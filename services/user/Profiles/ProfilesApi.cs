using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Identity;
using CoolChat.ServiceDefaults.Problems;
using CoolChat.User.Accounts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CoolChat.User.Profiles;

internal static class ProfilesApi
{
    private const int MaxQuery = 100;

    public static void MapProfiles(this RouteGroupBuilder user)
    {
        RouteGroupBuilder profiles = user.MapGroup("").WithTags("Profiles");
        profiles.MapGet("/me", MeAsync).WithSummary("My account");
        profiles.MapPatch("/me", ChangeAsync).WithSummary("Changes my profile: absent stays, empty clears");
        profiles.MapGet("/profiles", ManyAsync).WithSummary("Profiles by userId, comma separated; unknown ones are left out");
        profiles.MapGet("/profiles/{userIdOrAddress}", OneAsync).WithSummary("A profile by userId, address or CAIP-10 account");
        profiles.MapGet("/search", SearchAsync).WithSummary("People whose name, or a word of it, or address begins with q");
    }

    private static async Task<Results<Ok<MeView>, ProblemHttpResult>> MeAsync(
        Caller caller, IAccountStore accounts, ProfileViews views, CancellationToken cancellationToken) =>
        await accounts.FindAsync(caller.UserId, cancellationToken) is { Deleted: false } account
            ? TypedResults.Ok(await views.MeAsync(account, cancellationToken))
            : Refusal.NotFound().ToProblem();

    private static async Task<Results<Ok<MeView>, ProblemHttpResult>> ChangeAsync(
        ProfileChanges changes, Caller caller, ChangeProfile change, ProfileViews views, CancellationToken cancellationToken)
    {
        Result<Account> changed = await change.ExecuteAsync(caller.UserId, changes, cancellationToken);
        return changed.Ok ? TypedResults.Ok(await views.MeAsync(changed.Value, cancellationToken)) : changed.Refusal.ToProblem();
    }

    private static async Task<Results<Ok<Page<ProfileView>>, ProblemHttpResult>> ManyAsync(
        string ids, Caller caller, IAccountStore accounts, ProfileViews views, CancellationToken cancellationToken)
    {
        string[] parts = ids.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length > new UserLimits().ProfilesPerRequest)
            return Refusal.Invalid("ids", "At most 100 ids.").ToProblem();
        List<Guid> wanted = [];
        foreach (string part in parts)
        {
            if (!Guid.TryParseExact(part, "D", out Guid id))
                return Refusal.Invalid("ids", "Each must be a userId.").ToProblem();
            wanted.Add(id);
        }
        IReadOnlyList<Account> found = await accounts.FindManyAsync(wanted, cancellationToken);
        return TypedResults.Ok(new Page<ProfileView> { Items = [.. found.Select(account => views.For(caller.UserId, account))] });
    }

    private static async Task<Results<Ok<ProfileView>, ProblemHttpResult>> OneAsync(
        string userIdOrAddress, Caller caller, People people, ProfileViews views, CancellationToken cancellationToken) =>
        await people.FindAsync(userIdOrAddress, cancellationToken) is { } account
            ? TypedResults.Ok(views.For(caller.UserId, account))
            : Refusal.NotFound().ToProblem();

    private static async Task<Results<Ok<Page<ProfileView>>, ProblemHttpResult>> SearchAsync(
        string q, string? next, int? limit, Caller caller, IAccountStore accounts, ProfileViews views, CancellationToken cancellationToken)
    {
        string prefix = NameKeys.Fold(q.Length > MaxQuery ? "" : q);
        if (prefix.Length == 0)
            return Refusal.Invalid("q", "1 to 100 characters to look for.").ToProblem();
        Result<AccountCursor?> cursor = Cursors.ReadMatch(next);
        if (cursor.Refusal is { } malformed)
            return malformed.ToProblem();
        if (Cursors.Limit(limit) is not { } size)
            return Cursors.BadLimit.ToProblem();
        IReadOnlyList<AccountMatch> found = await accounts.SearchAsync(prefix, cursor.Value, size + 1, cancellationToken);
        return TypedResults.Ok(new Page<ProfileView>
        {
            Items = [.. found.Take(size).Select(match => views.For(caller.UserId, match.Account))],
            Next = found.Count > size ? Cursors.Write(found[size - 1].At) : null,
        });
    }
}
