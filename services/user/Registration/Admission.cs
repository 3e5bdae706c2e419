using System.Security.Cryptography;
using System.Text;
using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;

namespace CoolChat.User.Registration;

/// <summary>Decides whether a proven wallet may come in, and makes it an active account.</summary>
internal sealed class Admission(IAccountStore accounts, IServerStore store, CurrentSettings settings, OwnerClaim claim, TimeProvider time)
{
    public async Task<Result<Account>> AdmitAsync(WalletId wallet, string? invite, CancellationToken cancellationToken)
    {
        Account? known = await accounts.FindByWalletAsync(wallet, cancellationToken);
        if (known is { Suspended: true })
            return new Refusal("suspended", "This account is suspended. The server's admins can lift that.", Status: 403);
        if (known is { Waiting: false })
            return known;
        if (await RefuseNewAsync(invite, cancellationToken) is { } refusal)
            return refusal;
        Account account = await accounts.EnsureAsync(wallet, time.GetUtcNow(), cancellationToken);
        await accounts.ActivateAsync(account.Id, time.GetUtcNow(), cancellationToken);
        return await accounts.FindAsync(account.Id, cancellationToken) is { Deleted: false } active
            ? active
            : Refusal.Conflict("The account was deleted meanwhile. Sign in again.");
    }

    private async Task<Refusal?> RefuseNewAsync(string? invite, CancellationToken cancellationToken)
    {
        string policy = await settings.PolicyAsync(cancellationToken);
        // The owner must be able to come in before there is anybody to invite them.
        if (policy == RegistrationPolicies.Open || claim.Matches(invite))
            return null;
        if (policy == RegistrationPolicies.Closed)
            return new Refusal("registration_closed", "This server takes no new people.", Status: 403);
        if (string.IsNullOrEmpty(invite))
            return new Refusal("invite_needed", "This server needs an invite code.", "device.invite", Status: 403);
        bool used = await store.TryUseInviteAsync(SHA256.HashData(Encoding.UTF8.GetBytes(invite)), time.GetUtcNow(), cancellationToken);
        return used ? null : new Refusal("invite_ended", "The invite code is not valid, expired or used up.", "device.invite");
    }
}
