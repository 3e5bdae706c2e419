using System.Globalization;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;
using CoolChat.User.Relations;

namespace CoolChat.User.Profiles;

/// <summary>Finds people by what others write for them: userId or address.</summary>
internal sealed class People(
    IAccountStore accounts, IRelationStore relations, IBlockList blocks, TimeProvider time) : IUserDirectory, IContactLists
{
    private const int MaxSearch = 200;
    private static readonly int MaxContacts = new UserLimits().Contacts;

    /// <summary>Null when there is nobody; an address that is not known makes nobody.</summary>
    public async ValueTask<Account?> FindAsync(string idOrAddress, CancellationToken cancellationToken)
    {
        if (Guid.TryParseExact(idOrAddress, "D", out Guid id))
            return await accounts.FindAsync(id, cancellationToken);
        return WalletIds.TryParse(idOrAddress, out WalletId wallet)
            ? await accounts.FindByWalletAsync(wallet, cancellationToken)
            : null;
    }

    /// <summary>Like <see cref="FindAsync"/>, but an address that has never signed in gets an account that waits for it.</summary>
    public async ValueTask<Account?> EnsureAsync(string idOrAddress, CancellationToken cancellationToken) =>
        WalletIds.TryParse(idOrAddress, out WalletId wallet)
            ? await accounts.EnsureAsync(wallet, time.GetUtcNow(), cancellationToken)
            : await FindAsync(idOrAddress, cancellationToken);

    public async ValueTask<Result<IReadOnlyList<Guid>>> ResolveAsync(Guid asker, IReadOnlyList<string> idsOrAddresses, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(idsOrAddresses);
        // Everything is checked before the first waiting account is made, so that a refusal leaves nothing behind.
        for (int i = 0; i < idsOrAddresses.Count; i++)
        {
            Account? known = await FindAsync(idsOrAddresses[i], cancellationToken);
            bool reachable = known is not null
                ? !known.Deleted && !blocks.IsBlocked(known.Id, asker)
                : WalletIds.TryParse(idsOrAddresses[i], out _);
            if (!reachable)
                return Refusal.NotFound("Nobody is known by that id or address.") with { Field = string.Create(CultureInfo.InvariantCulture, $"members[{i}]") };
        }
        List<Guid> found = new(idsOrAddresses.Count);
        foreach (string idOrAddress in idsOrAddresses)
        {
            if (await EnsureAsync(idOrAddress, cancellationToken) is not { } account)
                return Refusal.NotFound("Nobody is known by that id or address.");
            found.Add(account.Id);
        }
        return found;
    }

    public async ValueTask<IReadOnlyList<DirectoryEntry>> LookUpAsync(IReadOnlyList<Guid> userIds, CancellationToken cancellationToken) =>
        [.. (await accounts.FindManyAsync(userIds, cancellationToken)).Where(static account => account.Wallet is not null).Select(static account =>
            new DirectoryEntry(account.Id, account.Wallet!.Value.Address, account.Profile.DisplayName, account.Profile.Language, account.Profile.TimeZone))];

    public async ValueTask<IReadOnlyList<Guid>> FindByPrefixAsync(string prefix, int limit, CancellationToken cancellationToken)
    {
        string folded = NameKeys.Fold(prefix);
        return folded.Length == 0
            ? []
            : [.. (await accounts.SearchAsync(folded, null, Math.Clamp(limit, 1, MaxSearch), cancellationToken)).Select(static match => match.Account.Id)];
    }

    public ValueTask<bool> IsContactAsync(Guid owner, Guid other, CancellationToken cancellationToken) =>
        relations.HasAsync(RelationKind.Contact, owner, other, cancellationToken);

    public async ValueTask<IReadOnlyList<Guid>> ListContactsAsync(Guid owner, CancellationToken cancellationToken) =>
        [.. (await relations.ListAsync(RelationKind.Contact, owner, null, MaxContacts, cancellationToken)).Select(static contact => contact.Other)];
}
