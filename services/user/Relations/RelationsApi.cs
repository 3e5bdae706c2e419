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

namespace CoolChat.User.Relations;

internal static class RelationsApi
{
    public static void MapRelations(this RouteGroupBuilder user)
    {
        Map(user, "/contacts", RelationKind.Contact, "Contacts", "my contacts");
        Map(user, "/blocks", RelationKind.Block, "Blocks", "the people I have blocked");
    }

    private static void Map(RouteGroupBuilder user, string path, RelationKind kind, string tag, string what)
    {
        RouteGroupBuilder list = user.MapGroup(path).WithTags(tag);
        list.MapGet("", (string? next, int? limit, Caller caller, IRelationStore relations, IAccountStore accounts, ProfileViews views, CancellationToken cancellationToken) =>
            ListAsync(kind, next, limit, caller, relations, accounts, views, cancellationToken)).WithSummary($"Lists {what}");
        list.MapPut("/{id}", async Task<Results<NoContent, ProblemHttpResult>> (string id, Caller caller, NoteRelation note, CancellationToken cancellationToken) =>
            Done(await note.PutAsync(kind, caller.UserId, id, cancellationToken))).WithSummary($"Adds a userId or address to {what}");
        list.MapDelete("/{id}", async Task<Results<NoContent, ProblemHttpResult>> (string id, Caller caller, NoteRelation note, CancellationToken cancellationToken) =>
            Done(await note.RemoveAsync(kind, caller.UserId, id, cancellationToken))).WithSummary($"Removes a userId or address from {what}");
    }

    private static async Task<Results<Ok<Page<RelationView>>, ProblemHttpResult>> ListAsync(
        RelationKind kind, string? next, int? limit, Caller caller, IRelationStore relations, IAccountStore accounts, ProfileViews views,
        CancellationToken cancellationToken)
    {
        Result<Guid?> after = Cursors.ReadId(next);
        if (after.Refusal is { } malformed)
            return malformed.ToProblem();
        if (Cursors.Limit(limit) is not { } size)
            return Cursors.BadLimit.ToProblem();
        IReadOnlyList<Relation> found = await relations.ListAsync(kind, caller.UserId, after.Value, size + 1, cancellationToken);
        Dictionary<Guid, Account> people = (await accounts.FindManyAsync([.. found.Select(static relation => relation.Other)], cancellationToken))
            .ToDictionary(static account => account.Id);
        return TypedResults.Ok(new Page<RelationView>
        {
            Items = [.. found.Take(size).Select(relation => new RelationView { User = views.For(caller.UserId, people[relation.Other]), Since = relation.Since })],
            Next = found.Count > size ? Cursors.Write(found[size - 1].Other) : null,
        });
    }

    private static Results<NoContent, ProblemHttpResult> Done(Result<bool> result) =>
        result.Ok ? TypedResults.NoContent() : result.Refusal.ToProblem();
}
