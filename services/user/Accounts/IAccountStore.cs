namespace CoolChat.User.Accounts;

/// <summary>Accounts, their wallets and profiles. Every change is atomic; what a method returns is durable.</summary>
internal interface IAccountStore
{
    ValueTask<Account?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Those that exist, in any order.</summary>
    ValueTask<IReadOnlyList<Account>> FindManyAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    ValueTask<Account?> FindByWalletAsync(WalletId wallet, CancellationToken cancellationToken);

    /// <summary>The account of the wallet; a waiting one is made when there is none.</summary>
    ValueTask<Account> EnsureAsync(WalletId wallet, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Ends the waiting. Once active, it does nothing.</summary>
    ValueTask ActivateAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Changes a living account's profile, atomically; <paramref name="change"/> may run more than once. Null when there is none.</summary>
    ValueTask<Account?> ChangeProfileAsync(Guid id, Func<Profile, Profile> change, CancellationToken cancellationToken);

    /// <summary>Oldest first.</summary>
    ValueTask<IReadOnlyList<Wallet>> WalletsAsync(Guid id, CancellationToken cancellationToken);

    ValueTask<LinkOutcome> LinkAsync(Guid id, WalletId wallet, int limit, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes a wallet, never the last one; when it was the primary one the oldest other takes its place.</summary>
    ValueTask<UnlinkOutcome> UnlinkAsync(Guid id, WalletId wallet, CancellationToken cancellationToken);

    /// <summary>False when the wallet isn't the account's.</summary>
    ValueTask<bool> MakePrimaryAsync(Guid id, WalletId wallet, CancellationToken cancellationToken);

    /// <summary>
    /// Active people with a word of their name, or an address, that begins with <paramref name="prefix"/> (folded, see <see cref="NameKeys"/>), in
    /// the order of what matched, after <paramref name="after"/>.
    /// </summary>
    ValueTask<IReadOnlyList<AccountMatch>> SearchAsync(string prefix, AccountCursor? after, int limit, CancellationToken cancellationToken);

    /// <summary>Makes the account the owner if the server has none.</summary>
    ValueTask<bool> TryMakeFirstOwnerAsync(Guid id, CancellationToken cancellationToken);

    ValueTask<bool> HasOwnerAsync(CancellationToken cancellationToken);

    /// <summary>Sets role and suspension; refuses to leave the server without an owner. Null when there is no such living account.</summary>
    ValueTask<RoleOutcome> SetStandingAsync(Guid id, string? serverRole, bool suspended, CancellationToken cancellationToken);

    /// <summary>Notes when living accounts were last here, never back.</summary>
    ValueTask NoteSeenAsync(IReadOnlyCollection<KeyValuePair<Guid, DateTimeOffset>> seen, CancellationToken cancellationToken);

    /// <summary>When they were last here, for whom that is known.</summary>
    ValueTask<IReadOnlyDictionary<Guid, DateTimeOffset>> SeenAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>Whether a living profile shows the object as its picture.</summary>
    ValueTask<bool> IsAvatarAsync(Guid mediaId, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the account a tombstone: profile, wallets and role go, id and times stay. Remembers that the other services' parts are still to be erased
    /// until <see cref="ErasedAsync"/>. Can be repeated.
    /// </summary>
    ValueTask EraseAsync(Guid id, bool eraseMessages, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Tombstones whose data in other services is still to be erased.</summary>
    ValueTask<IReadOnlyList<Erasure>> ErasuresAsync(CancellationToken cancellationToken);

    ValueTask ErasedAsync(Guid id, CancellationToken cancellationToken);
}

internal enum LinkOutcome
{
    Linked,
    AlreadyYours,

    /// <summary>Somebody's, active.</summary>
    Taken,

    /// <summary>Conversations wait for that address under an account of its own.</summary>
    Awaited,
    TooMany,

    /// <summary>The account is not there, or was deleted.</summary>
    NoAccount,
}

internal enum UnlinkOutcome
{
    Removed,
    NotFound,
    Last,
}

internal enum RoleOutcome
{
    Done,
    NotFound,
    LastOwner,
}

/// <summary>Where a page of a search ended.</summary>
internal sealed record AccountCursor(string Key, Guid Id);

/// <summary>A found person and what of them matched first.</summary>
internal sealed record AccountMatch(Account Account, AccountCursor At);

/// <summary>A deletion that is under way.</summary>
internal sealed record Erasure(Guid UserId, bool EraseMessages);
