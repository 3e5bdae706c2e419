using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Identity;
using CoolChat.ServiceDefaults.Problems;
using CoolChat.User.Accounts;
using CoolChat.User.Auth;
using CoolChat.User.Profiles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CoolChat.User.Wallets;

/// <summary>Linked wallets: each of them signs in to the same account, whose userId and history stay when wallets change.</summary>
internal static class WalletsApi
{
    public static void MapWallets(this RouteGroupBuilder user)
    {
        RouteGroupBuilder wallets = user.MapGroup("/wallets").WithTags("Wallets");
        wallets.MapPost("", LinkAsync).WithSummary("Links a wallet, proven by a signed message like at sign-in, with a nonce of the purpose link");
        wallets.MapPatch("/{address}", ChangeAsync).WithSummary("Makes a linked wallet my public address");
        wallets.MapDelete("/{address}", UnlinkAsync).WithSummary("Unlinks a wallet; never the last one");
    }

    private static async Task<Results<Ok<MeView>, ProblemHttpResult>> LinkAsync(
        WalletProof proof, Caller caller, IWalletProofs proofs, IAccountStore accounts, ProfileViews views, TimeProvider time, CancellationToken cancellationToken)
    {
        Result<WalletId> wallet = await proofs.VerifyAsync(proof, ProofContext.Link(caller.UserId), cancellationToken);
        if (!wallet.Ok)
            return wallet.Refusal.ToProblem();
        LinkOutcome outcome = await accounts.LinkAsync(caller.UserId, wallet.Value, new UserLimits().Wallets, time.GetUtcNow(), cancellationToken);
        return outcome switch
        {
            LinkOutcome.Linked or LinkOutcome.AlreadyYours => await MeAsync(caller, accounts, views, cancellationToken),
            LinkOutcome.Awaited => new Refusal("wallet_awaited", "Somebody has written to this address: sign in with it to read that. It can't be linked.", Status: 409).ToProblem(),
            LinkOutcome.NoAccount => Refusal.NotFound().ToProblem(),
            LinkOutcome.Taken => new Refusal("wallet_taken", "This wallet belongs to another account.", Status: 409).ToProblem(),
            _ => Refusal.Conflict("No more wallets can be linked.").ToProblem(),
        };
    }

    private static async Task<Results<Ok<MeView>, ProblemHttpResult>> ChangeAsync(
        string address, WalletChanges changes, Caller caller, IAccountStore accounts, ProfileViews views, IIntegrationEvents events,
        CancellationToken cancellationToken)
    {
        if (changes.Primary == false)
            return Refusal.Invalid("primary", "Make another wallet primary instead.").ToProblem();
        if (!WalletIds.TryParse(address, out WalletId wallet))
            return Refusal.NotFound().ToProblem();
        if (changes.Primary == true)
        {
            if (!await accounts.MakePrimaryAsync(caller.UserId, wallet, cancellationToken))
                return Refusal.NotFound().ToProblem();
            await events.PublishAsync(new ProfileChanged(caller.UserId), CancellationToken.None);
        }
        return await MeAsync(caller, accounts, views, cancellationToken);
    }

    private static async Task<Results<Ok<MeView>, ProblemHttpResult>> UnlinkAsync(
        string address, Caller caller, IAccountStore accounts, ProfileViews views, IIntegrationEvents events,
        CancellationToken cancellationToken)
    {
        if (!WalletIds.TryParse(address, out WalletId wallet))
            return Refusal.NotFound().ToProblem();
        switch (await accounts.UnlinkAsync(caller.UserId, wallet, cancellationToken))
        {
            case UnlinkOutcome.NotFound:
                return Refusal.NotFound().ToProblem();
            case UnlinkOutcome.Last:
                return new Refusal("last_wallet", "The last wallet can't be unlinked: without it nobody could sign in.", Status: 409).ToProblem();
            default:
                await events.PublishAsync(new ProfileChanged(caller.UserId), CancellationToken.None);
                return await MeAsync(caller, accounts, views, cancellationToken);
        }
    }

    private static async Task<Results<Ok<MeView>, ProblemHttpResult>> MeAsync(
        Caller caller, IAccountStore accounts, ProfileViews views, CancellationToken cancellationToken) =>
        await accounts.FindAsync(caller.UserId, cancellationToken) is { Deleted: false } account
            ? TypedResults.Ok(await views.MeAsync(account, cancellationToken))
            : Refusal.NotFound().ToProblem();
}
