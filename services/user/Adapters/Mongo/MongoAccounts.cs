using CoolChat.Engines.Mongo;
using CoolChat.User.Accounts;
using MongoDB.Bson;
using MongoDB.Driver;

namespace CoolChat.User.Adapters.Mongo;

/// <summary>
/// Collections, each change of an account in one transaction:
/// <list type="table">
/// <item><term>accounts</term><description>userId -> createdAt, activatedAt, deletedAt, lastSeen, role, suspended, profile, wallets (oldest first); tombstones
/// included. Partial indexes on profile.avatar and role.</description></item>
/// <item><term>wallets</term><description><see cref="WalletId.Key"/> -> account: unique on the server by its id</description></item>
/// <item><term>account_keys</term><description>folded name from each word on, or wallet, then NUL and the userId -> account: walked in order for
/// search; of active people in good standing only</description></item>
/// <item><term>erasures</term><description>userId -> eraseMessages: deletions that other services still have to carry out</description></item>
/// </list>
/// </summary>
internal sealed class MongoAccounts(UserCollections collections) : IAccountStore
{
    private const string OwnersGuard = "owners";

    public async ValueTask<Account?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        (await FindManyAsync([id], cancellationToken)).SingleOrDefault();

    public async ValueTask<IReadOnlyList<Account>> FindManyAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        BsonDocument filter = MongoValues.ById(new BsonDocument("$in", new BsonArray(ids.Distinct().Select(id => MongoValues.Id(id)))));
        return [.. (await MongoTransaction.GuardAsync(collections.Accounts.Find(filter).ToListAsync(cancellationToken))).Select(document => AccountDocument.Of(document).Shown)];
    }

    public async ValueTask<Account?> FindByWalletAsync(WalletId wallet, CancellationToken cancellationToken)
    {
        BsonDocument? claim = await MongoTransaction.GuardAsync(
            collections.Wallets.Find(MongoValues.ById(wallet.Key)).FirstOrDefaultAsync(cancellationToken));
        return claim is null ? null : await FindAsync(MongoValues.Id(claim["account"]), cancellationToken);
    }

    public async ValueTask<Account> EnsureAsync(WalletId wallet, DateTimeOffset now, CancellationToken cancellationToken) =>
        await FindByWalletAsync(wallet, cancellationToken) ?? await collections.WriteAsync(async session =>
        {
            if (await FindByWalletAsync(session, wallet, cancellationToken) is { } raced)
                return raced.Shown;
            AccountDocument made = new(new Account { Id = Guid.CreateVersion7(now), CreatedAt = now }, [new Wallet(wallet, true, now)]);
            await ClaimAsync(session, wallet, made.Account.Id, cancellationToken);
            await collections.Accounts.InsertOneAsync(session, made.ToBson(), null, cancellationToken);
            return made.Shown;
        }, cancellationToken);

    public async ValueTask ActivateAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken) => await ChangeAsync(
        id, account => account.Account is { ActivatedAt: null, Deleted: false } ? account with { Account = account.Account with { ActivatedAt = now } } : null, cancellationToken);

    public async ValueTask<Account?> ChangeProfileAsync(Guid id, Func<Profile, Profile> change, CancellationToken cancellationToken) => (await ChangeAsync(
        id,
        account => account.Account.Deleted ? null : account with { Account = account.Account with { Profile = change(account.Account.Profile) } },
        cancellationToken))?.Shown;

    public async ValueTask<IReadOnlyList<Wallet>> WalletsAsync(Guid id, CancellationToken cancellationToken)
    {
        BsonDocument? account = await MongoTransaction.GuardAsync(
            collections.Accounts.Find(MongoValues.ById(MongoValues.Id(id))).FirstOrDefaultAsync(cancellationToken));
        return account is null ? [] : AccountDocument.Of(account).Wallets;
    }

    public async ValueTask<LinkOutcome> LinkAsync(Guid id, WalletId wallet, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        await collections.WriteAsync(async session =>
        {
            if (await FindByWalletAsync(session, wallet, cancellationToken) is { } holder)
                return holder.Account.Id == id ? LinkOutcome.AlreadyYours : holder.Account.Waiting ? LinkOutcome.Awaited : LinkOutcome.Taken;
            if (await FindAsync(session, id, cancellationToken) is not { Account.Deleted: false } account)
                return LinkOutcome.NoAccount;
            if (account.Wallets.Count >= limit)
                return LinkOutcome.TooMany;
            await ClaimAsync(session, wallet, id, cancellationToken);
            await SaveAsync(session, account, account with { Wallets = [.. account.Wallets, new Wallet(wallet, false, now)] }, cancellationToken);
            return LinkOutcome.Linked;
        }, cancellationToken);

    public async ValueTask<UnlinkOutcome> UnlinkAsync(Guid id, WalletId wallet, CancellationToken cancellationToken) =>
        await collections.WriteAsync(async session =>
        {
            if (await FindAsync(session, id, cancellationToken) is not { } account || account.Wallets.All(linked => linked.Id.Key != wallet.Key))
                return UnlinkOutcome.NotFound;
            Wallet[] rest = [.. account.Wallets.Where(linked => linked.Id.Key != wallet.Key)];
            if (rest.Length == 0)
                return UnlinkOutcome.Last;
            if (!rest.Any(linked => linked.Primary))
                rest[0] = rest[0] with { Primary = true };
            await collections.Wallets.DeleteOneAsync(session, MongoValues.ById(wallet.Key), null, cancellationToken);
            await SaveAsync(session, account, account with { Wallets = rest }, cancellationToken);
            return UnlinkOutcome.Removed;
        }, cancellationToken);

    public async ValueTask<bool> MakePrimaryAsync(Guid id, WalletId wallet, CancellationToken cancellationToken) => await ChangeAsync(
        id,
        account => account.Wallets.Any(linked => linked.Id.Key == wallet.Key)
            ? account with { Wallets = [.. account.Wallets.Select(linked => linked with { Primary = linked.Id.Key == wallet.Key })] }
            : null,
        cancellationToken) is not null;

    public async ValueTask<IReadOnlyList<AccountMatch>> SearchAsync(string prefix, AccountCursor? after, int limit, CancellationToken cancellationToken)
    {
        List<AccountMatch> matches = [];
        string? last = after is null ? null : SearchId(after.Key, after.Id);
        while (matches.Count < limit)
        {
            BsonDocument range = new() { { last is null ? "$gte" : "$gt", last ?? prefix }, { "$lt", prefix + AccountDocument.AfterAll } };
            List<BsonDocument> keys = await MongoTransaction.GuardAsync(collections.AccountKeys
                .Find(MongoValues.ById(range)).Sort(MongoValues.ById(1)).Limit(2 * limit).ToListAsync(cancellationToken));
            if (keys.Count == 0)
                break;
            last = keys[^1]["_id"].AsString;
            matches.AddRange(await MatchesAsync(keys, prefix, cancellationToken));
        }
        return [.. matches.Take(limit)];
    }

    public async ValueTask<bool> TryMakeFirstOwnerAsync(Guid id, CancellationToken cancellationToken) => await collections.WriteAsync(async session =>
    {
        if (await CountOwnersAsync(session, livingOnly: false, cancellationToken) > 0
            || await FindAsync(session, id, cancellationToken) is not { Account: { ActivatedAt: not null, Deleted: false } } account)
        {
            return false;
        }
        await collections.GuardAsync(session, OwnersGuard, cancellationToken);
        await SaveAsync(session, account, account with { Account = account.Account with { ServerRole = ServerRoles.Owner } }, cancellationToken);
        return true;
    }, cancellationToken);

    public async ValueTask<bool> HasOwnerAsync(CancellationToken cancellationToken) => await MongoTransaction.GuardAsync(
        collections.Accounts.Find(new BsonDocument("role", ServerRoles.Owner)).AnyAsync(cancellationToken));

    public async ValueTask<RoleOutcome> SetStandingAsync(Guid id, string? serverRole, bool suspended, CancellationToken cancellationToken) =>
        await collections.WriteAsync(async session =>
        {
            if (await FindAsync(session, id, cancellationToken) is not { Account.Deleted: false } account)
                return RoleOutcome.NotFound;
            if (account.Account.ServerRole == ServerRoles.Owner && (serverRole != ServerRoles.Owner || suspended))
            {
                await collections.GuardAsync(session, OwnersGuard, cancellationToken);
                if (await CountOwnersAsync(session, livingOnly: true, cancellationToken) <= 1)
                    return RoleOutcome.LastOwner;
            }
            await SaveAsync(
                session, account, account with { Account = account.Account with { ServerRole = serverRole, Suspended = suspended } }, cancellationToken);
            return RoleOutcome.Done;
        }, cancellationToken);

    public async ValueTask NoteSeenAsync(IReadOnlyCollection<KeyValuePair<Guid, DateTimeOffset>> seen, CancellationToken cancellationToken)
    {
        UpdateOneModel<BsonDocument>[] notes =
        [
            .. seen.Select(entry => new UpdateOneModel<BsonDocument>(
                MongoValues.ById(MongoValues.Id(entry.Key)).Add("deletedAt", new BsonDocument("$exists", false)),
                Builders<BsonDocument>.Update.Max(AccountDocument.LastSeenField, MongoValues.Time(entry.Value)))),
        ];
        if (notes.Length > 0)
            await MongoTransaction.GuardAsync(collections.Accounts.BulkWriteAsync(notes, new BulkWriteOptions { IsOrdered = false }, cancellationToken));
    }

    public async ValueTask<IReadOnlyDictionary<Guid, DateTimeOffset>> SeenAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        BsonDocument filter = MongoValues.ById(new BsonDocument("$in", new BsonArray(ids.Distinct().Select(id => MongoValues.Id(id)))))
            .Add(AccountDocument.LastSeenField, new BsonDocument("$exists", true));
        List<BsonDocument> found = await MongoTransaction.GuardAsync(
            collections.Accounts.Find(filter).Project(new BsonDocument(AccountDocument.LastSeenField, 1)).ToListAsync(cancellationToken));
        return found.ToDictionary(account => MongoValues.Id(account["_id"]), account => MongoValues.Time(account[AccountDocument.LastSeenField]));
    }

    public async ValueTask<bool> IsAvatarAsync(Guid mediaId, CancellationToken cancellationToken) => await MongoTransaction.GuardAsync(
        collections.Accounts.Find(new BsonDocument("profile.avatar", MongoValues.Id(mediaId))).AnyAsync(cancellationToken));

    public async ValueTask EraseAsync(Guid id, bool eraseMessages, DateTimeOffset now, CancellationToken cancellationToken) =>
        await collections.WriteAsync(async session =>
        {
            if (await FindAsync(session, id, cancellationToken) is not { Account.Deleted: false } account)
                return false;
            AccountDocument tombstone = new(account.Account with { DeletedAt = now, ServerRole = null, Profile = Profile.Empty }, []);
            await collections.Wallets.DeleteManyAsync(
                session, MongoValues.ById(new BsonDocument("$in", new BsonArray(account.Wallets.Select(wallet => wallet.Id.Key)))), null, cancellationToken);
            await SaveAsync(session, account, tombstone, cancellationToken);
            await collections.Erasures.InsertOneAsync(
                session, MongoValues.ById(MongoValues.Id(id)).Add("eraseMessages", eraseMessages), null, cancellationToken);
            return true;
        }, cancellationToken);

    public async ValueTask<IReadOnlyList<Erasure>> ErasuresAsync(CancellationToken cancellationToken) =>
        [
            .. (await MongoTransaction.GuardAsync(collections.Erasures.Find(FilterDefinition<BsonDocument>.Empty).ToListAsync(cancellationToken)))
                .Select(erasure => new Erasure(MongoValues.Id(erasure["_id"]), erasure["eraseMessages"].AsBoolean)),
        ];

    public async ValueTask ErasedAsync(Guid id, CancellationToken cancellationToken) =>
        await MongoTransaction.GuardAsync(collections.Erasures.DeleteOneAsync(MongoValues.ById(MongoValues.Id(id)), cancellationToken));

    /// <summary>Those keys that are their person's place in the search.</summary>
    private async Task<IEnumerable<AccountMatch>> MatchesAsync(List<BsonDocument> keys, string prefix, CancellationToken cancellationToken)
    {
        BsonDocument filter = MongoValues.ById(new BsonDocument("$in", new BsonArray(keys.Select(key => key["account"]).Distinct())));
        Dictionary<BsonValue, AccountDocument> accounts = (await MongoTransaction.GuardAsync(collections.Accounts.Find(filter).ToListAsync(cancellationToken)))
            .ToDictionary(document => document["_id"], AccountDocument.Of);
        return
            from key in keys
            let account = accounts.GetValueOrDefault(key["account"])
            where account is not null
            let place = account.PlaceIn(prefix)
            where place is not null && key["_id"].AsString == SearchId(place, account.Account.Id)
            select new AccountMatch(account.Shown, new AccountCursor(place, account.Account.Id));
    }

    private static string SearchId(string key, Guid account) => $"{key}\0{account:N}";

    private Task<AccountDocument?> ChangeAsync(Guid id, Func<AccountDocument, AccountDocument?> change, CancellationToken cancellationToken) =>
        collections.WriteAsync(async session =>
        {
            if (await FindAsync(session, id, cancellationToken) is not { } before || change(before) is not { } after)
                return null;
            await SaveAsync(session, before, after, cancellationToken);
            return after;
        }, cancellationToken);

    /// <summary>The account, and what search finds it by.</summary>
    private async Task SaveAsync(IClientSessionHandle session, AccountDocument before, AccountDocument after, CancellationToken cancellationToken)
    {
        BsonBinaryData id = MongoValues.Id(after.Account.Id);
        await collections.Accounts.ReplaceOneAsync(session, MongoValues.ById(id), after.ToBson(), (ReplaceOptions?)null, cancellationToken);
        IReadOnlyDictionary<string, bool> had = before.SearchKeys();
        IReadOnlyDictionary<string, bool> has = after.SearchKeys();
        WriteModel<BsonDocument>[] changes =
        [
            .. had.Keys.Where(key => !has.ContainsKey(key)).Select(key => new DeleteOneModel<BsonDocument>(MongoValues.ById(SearchId(key, after.Account.Id)))),
            .. has.Keys.Where(key => !had.ContainsKey(key))
                .Select(key => new InsertOneModel<BsonDocument>(MongoValues.ById(SearchId(key, after.Account.Id)).Add("account", id))),
        ];
        if (changes.Length > 0)
            await collections.AccountKeys.BulkWriteAsync(session, changes, null, cancellationToken);
    }

    private Task ClaimAsync(IClientSessionHandle session, WalletId wallet, Guid account, CancellationToken cancellationToken) =>
        collections.Wallets.InsertOneAsync(session, MongoValues.ById(wallet.Key).Add("account", MongoValues.Id(account)), null, cancellationToken);

    private async Task<AccountDocument?> FindAsync(IClientSessionHandle session, Guid id, CancellationToken cancellationToken) =>
        await collections.Accounts.Find(session, MongoValues.ById(MongoValues.Id(id))).FirstOrDefaultAsync(cancellationToken) is { } found ? AccountDocument.Of(found) : null;

    private async Task<AccountDocument?> FindByWalletAsync(IClientSessionHandle session, WalletId wallet, CancellationToken cancellationToken) =>
        await collections.Wallets.Find(session, MongoValues.ById(wallet.Key)).FirstOrDefaultAsync(cancellationToken) is { } claim
            ? await FindAsync(session, MongoValues.Id(claim["account"]), cancellationToken)
            : null;

    private Task<long> CountOwnersAsync(IClientSessionHandle session, bool livingOnly, CancellationToken cancellationToken)
    {
        BsonDocument filter = new("role", ServerRoles.Owner);
        return collections.Accounts.CountDocumentsAsync(session, livingOnly ? filter.Add("suspended", false) : filter, null, cancellationToken);
    }
}
