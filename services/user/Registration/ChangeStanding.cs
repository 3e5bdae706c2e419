using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;
using CoolChat.User.Sessions;

namespace CoolChat.User.Registration;

/// <summary>Gives server roles and suspends accounts. Owners may do everything; admins may suspend people without a role.</summary>
internal sealed class ChangeStanding(IAccountStore accounts, EndSessions end)
{
    private const string NoRole = "none";

    public async Task<Result<Account>> ExecuteAsync(Guid actorId, Guid userId, AdminUserChanges changes, CancellationToken cancellationToken)
    {
        if (changes.ServerRole is not (null or NoRole or ServerRoles.Admin or ServerRoles.Owner))
            return Refusal.Invalid("serverRole", "It must be owner, admin or none.");
        Account? actor = await accounts.FindAsync(actorId, cancellationToken);
        if (await accounts.FindAsync(userId, cancellationToken) is not { Deleted: false } account)
            return Refusal.NotFound();
        if (actor?.ServerRole != ServerRoles.Owner && (changes.ServerRole is not null || account.ServerRole is not null))
            return Refusal.Forbidden("Only owners change server roles, and suspend those who have one.");
        string? role = changes.ServerRole is null ? account.ServerRole : changes.ServerRole == NoRole ? null : changes.ServerRole;
        bool suspended = changes.Suspended ?? account.Suspended;
        switch (await accounts.SetStandingAsync(userId, role, suspended, cancellationToken))
        {
            case RoleOutcome.NotFound:
                return Refusal.NotFound();
            case RoleOutcome.LastOwner:
                return Refusal.Conflict("The server would be left without an owner: make somebody else owner first.");
        }
        if (suspended)
            await end.AllAsync(userId, except: null, cancellationToken);
        return account with { ServerRole = role, Suspended = suspended };
    }
}
