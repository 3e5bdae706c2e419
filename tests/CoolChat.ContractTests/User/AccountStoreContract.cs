using System.Security.Cryptography;
using CoolChat.User.Accounts;
using Xunit;

namespace CoolChat.ContractTests.User;

/// <summary>What every <see cref="IAccountStore"/> keeps. Each <see cref="Open"/> is another instance on the same backend.</summary>
public abstract class AccountStoreContract
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract IAccountStore Open();

    /// <summary>Everything closed and opened again.</summary>
    private protected abstract IAccountStore Restart();

    private static WalletId NewWallet(string? chain = null) => new("0x" + Convert.ToHexString(RandomNumberGenerator.GetBytes(20)), chain);

    private static async Task<Account> ActiveAsync(IAccountStore store, string? name = null, WalletId? wallet = null)
    {
        Account account = await store.EnsureAsync(wallet ?? NewWallet(), Now, Token);
        await store.ActivateAsync(account.Id, Now, Token);
        if (name is not null)
            await store.ChangeProfileAsync(account.Id, profile => profile with { DisplayName = name }, Token);
        return (await store.FindAsync(account.Id, Token))!;
    }

    [Fact]
    public async Task Ensure_ManyAtOnceOnTwoInstances_MakesOneAccount()
    {
        IAccountStore[] stores = [Open(), Open()];
        WalletId wallet = NewWallet();
        Account[] made = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => stores[i % 2].EnsureAsync(wallet, Now, Token).AsTask()));
        Assert.Single(made.Select(static account => account.Id).Distinct());
        Assert.True(made[0].Waiting);
        Assert.Equal(wallet, made[0].Wallet);
        Assert.Equal(made[0].Id, (await Restart().FindByWalletAsync(wallet, Token))?.Id);
    }

    [Fact]
    public async Task FindByWallet_OtherSpellingOrChain_IsTheSameOrAnother()
    {
        IAccountStore store = Open();
        WalletId wallet = NewWallet();
        Account plain = await store.EnsureAsync(wallet, Now, Token);
        Assert.Equal(plain.Id, (await store.FindByWalletAsync(new WalletId(wallet.Address.ToLowerInvariant()), Token))?.Id);
        Assert.Null(await store.FindByWalletAsync(wallet with { Chain = "eip155:10" }, Token));
        Assert.NotEqual(plain.Id, (await store.EnsureAsync(wallet with { Chain = "eip155:10" }, Now, Token)).Id);
    }

    [Fact]
    public async Task NoteSeen_EarlierOrDeleted_ChangesNothing()
    {
        IAccountStore store = Open();
        Account account = await ActiveAsync(store);
        Account gone = await ActiveAsync(store);
        Assert.Empty(await store.SeenAsync([account.Id, gone.Id], Token));
        await store.NoteSeenAsync([new(account.Id, Now.AddHours(2)), new(gone.Id, Now.AddHours(2))], Token);
        await Open().NoteSeenAsync([new(account.Id, Now.AddHours(1))], Token);
        await store.EraseAsync(gone.Id, eraseMessages: false, Now, Token);
        await store.NoteSeenAsync([new(gone.Id, Now.AddHours(3))], Token);
        Assert.Equal([new(account.Id, Now.AddHours(2))], await Restart().SeenAsync([account.Id, gone.Id, Guid.NewGuid()], Token));
    }

    [Fact]
    public async Task Activate_Twice_KeepsTheFirstTime()
    {
        IAccountStore store = Open();
        Account account = await ActiveAsync(store);
        await Open().ActivateAsync(account.Id, Now.AddDays(1), Token);
        Assert.Equal(Now, (await store.FindAsync(account.Id, Token))?.ActivatedAt);
    }

    [Fact]
    public async Task ChangeProfile_DifferentFieldsAtOnce_LosesNone()
    {
        IAccountStore[] stores = [Open(), Open()];
        Account account = await ActiveAsync(stores[0]);
        for (int round = 0; round < 10; round++)
        {
            string value = round.ToString(System.Globalization.CultureInfo.InvariantCulture);
            await Task.WhenAll(
                stores[0].ChangeProfileAsync(account.Id, profile => profile with { DisplayName = value }, Token).AsTask(),
                stores[1].ChangeProfileAsync(account.Id, profile => profile with { Bio = value }, Token).AsTask());
            Profile found = (await stores[0].FindAsync(account.Id, Token))!.Profile;
            Assert.Equal((value, value), (found.DisplayName, found.Bio));
        }
    }

    [Fact]
    public async Task ChangeProfile_EveryField_IsThereAfterRestart()
    {
        Account account = await ActiveAsync(Open());
        Profile all = new()
        {
            DisplayName = "Mira",
            Bio = "a\nb",
            StatusText = "s",
            StatusEmoji = "⛵",
            StatusUntil = Now.AddHours(1),
            Language = "en",
            TimeZone = "UTC",
            Avatar = Guid.NewGuid(),
        };
        Assert.Equal(all, (await Open().ChangeProfileAsync(account.Id, _ => all, Token))?.Profile);
        IAccountStore restarted = Restart();
        Assert.Equal(all, (await restarted.FindAsync(account.Id, Token))?.Profile);
        Assert.True(await restarted.IsAvatarAsync(all.Avatar!.Value, Token));
        Assert.Null(await restarted.ChangeProfileAsync(Guid.NewGuid(), _ => all, Token));
    }

    [Fact]
    public async Task FindMany_SomeUnknownSomeTwice_GivesEachOnce()
    {
        IAccountStore store = Open();
        Account one = await ActiveAsync(store);
        Account two = await ActiveAsync(store);
        IReadOnlyList<Account> found = await store.FindManyAsync([one.Id, Guid.NewGuid(), two.Id, one.Id], Token);
        Assert.Equal(new[] { one.Id, two.Id }.Order(), found.Select(static account => account.Id).Order());
    }

    [Fact]
    public async Task Wallets_LinkPromoteUnlink_AlwaysLeavesOnePrimary()
    {
        IAccountStore store = Open();
        Account account = await ActiveAsync(store);
        WalletId first = account.Wallet!.Value;
        WalletId second = NewWallet();
        Assert.Equal(LinkOutcome.Linked, await store.LinkAsync(account.Id, second, 3, Now.AddSeconds(1), Token));
        Assert.Equal(LinkOutcome.AlreadyYours, await Open().LinkAsync(account.Id, second, 3, Now, Token));
        Assert.Equal(LinkOutcome.Linked, await store.LinkAsync(account.Id, NewWallet(), 3, Now.AddSeconds(2), Token));
        Assert.Equal(LinkOutcome.TooMany, await store.LinkAsync(account.Id, NewWallet(), 3, Now, Token));
        Assert.True(await store.MakePrimaryAsync(account.Id, second, Token));
        Assert.Equal(second, (await Open().FindAsync(account.Id, Token))?.Wallet);
        Assert.Equal(UnlinkOutcome.Removed, await store.UnlinkAsync(account.Id, second, Token));
        Assert.Equal(first, (await store.FindAsync(account.Id, Token))?.Wallet);
        Assert.Equal(UnlinkOutcome.NotFound, await store.UnlinkAsync(account.Id, second, Token));
        Assert.False(await store.MakePrimaryAsync(account.Id, second, Token));
        Assert.Single(await store.WalletsAsync(account.Id, Token), static wallet => wallet.Primary);
    }

    [Fact]
    public async Task Unlink_BothOfTwoAtOnce_LeavesOne()
    {
        IAccountStore[] stores = [Open(), Open()];
        Account account = await ActiveAsync(stores[0]);
        WalletId second = NewWallet();
        await stores[0].LinkAsync(account.Id, second, 3, Now, Token);
        UnlinkOutcome[] outcomes = await Task.WhenAll(
            stores[0].UnlinkAsync(account.Id, account.Wallet!.Value, Token).AsTask(), stores[1].UnlinkAsync(account.Id, second, Token).AsTask());
        Assert.Equal([UnlinkOutcome.Removed, UnlinkOutcome.Last], outcomes.Order());
        Assert.True(Assert.Single(await stores[0].WalletsAsync(account.Id, Token)).Primary);
    }

    [Fact]
    public async Task Link_WalletOfOthers_TellsWhose()
    {
        IAccountStore store = Open();
        Account me = await ActiveAsync(store);
        Account active = await ActiveAsync(store);
        Account waiting = await store.EnsureAsync(NewWallet(), Now, Token);
        Assert.Equal(LinkOutcome.Taken, await store.LinkAsync(me.Id, active.Wallet!.Value, 9, Now, Token));
        Assert.Equal(LinkOutcome.Awaited, await store.LinkAsync(me.Id, waiting.Wallet!.Value, 9, Now, Token));
    }

    [Fact]
    public async Task Search_PagedByOne_GivesEachActivePersonOnceInOrder()
    {
        IAccountStore store = Open();
        await ActiveAsync(store, "Anna Banana");
        await ActiveAsync(store, "Banana Anna");
        await ActiveAsync(store, "Anna");
        await store.ChangeProfileAsync((await store.EnsureAsync(NewWallet(), Now, Token)).Id, profile => profile with { DisplayName = "Anna waits" }, Token);
        List<string?> names = [];
        AccountCursor? after = null;
        while (await Open().SearchAsync("anna", after, 1, Token) is [AccountMatch match])
        {
            names.Add(match.Account.Profile.DisplayName);
            after = match.At;
        }
        // The word "anna" alone comes before "anna banana"; of two that match alike, either may be first.
        Assert.Equal("Anna Banana", names[^1]);
        Assert.Equal(["Anna", "Anna Banana", "Banana Anna"], names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Search_AfterRenaming_FindsOnlyTheNewName()
    {
        IAccountStore store = Open();
        Account account = await ActiveAsync(store, "Old Name");
        await store.ChangeProfileAsync(account.Id, profile => profile with { DisplayName = "Fresh" }, Token);
        Assert.Empty(await store.SearchAsync("old", null, 10, Token));
        Assert.Single(await store.SearchAsync("fre", null, 10, Token));
        Assert.Single(await store.SearchAsync(account.Wallet!.Value.Key[..20], null, 10, Token));
    }

    [Fact]
    public async Task Search_NameAndSeveralWalletsMatch_GivesThePersonOnce()
    {
        IAccountStore store = Open();
        WalletId first = new("0xABCDE" + new string('1', 35));
        Account account = await ActiveAsync(store, "0xabcde himself", first);
        await store.LinkAsync(account.Id, new WalletId("0xABCDE" + new string('2', 35)), 3, Now, Token);
        AccountMatch byBoth = Assert.Single(await store.SearchAsync("0xabcde", null, 10, Token));
        Assert.Empty(await store.SearchAsync("0xabcde", byBoth.At, 10, Token));
        await store.ChangeProfileAsync(account.Id, profile => profile with { DisplayName = null }, Token);
        AccountMatch byWallet = Assert.Single(await store.SearchAsync("0xabcde", null, 10, Token));
        Assert.Equal(first.Key, byWallet.At.Key);
        Assert.Empty(await Open().SearchAsync("0xabcde", byWallet.At, 10, Token));
    }

    [Fact]
    public async Task TryMakeFirstOwner_ManyAtOnce_OneWins()
    {
        IAccountStore[] stores = [Open(), Open()];
        Account[] people = [await ActiveAsync(stores[0]), await ActiveAsync(stores[0]), await ActiveAsync(stores[0])];
        Assert.False(await stores[0].HasOwnerAsync(Token));
        bool[] won = await Task.WhenAll(people.Select((person, i) => stores[i % 2].TryMakeFirstOwnerAsync(person.Id, Token).AsTask()));
        Assert.Single(won, static it => it);
        Assert.True(await Restart().HasOwnerAsync(Token));
    }

    [Fact]
    public async Task SetStanding_OfTheLastOwner_IsRefused()
    {
        IAccountStore store = Open();
        Account owner = await ActiveAsync(store);
        Account heir = await ActiveAsync(store);
        await store.TryMakeFirstOwnerAsync(owner.Id, Token);
        Assert.Equal(RoleOutcome.LastOwner, await store.SetStandingAsync(owner.Id, ServerRoles.Admin, false, Token));
        Assert.Equal(RoleOutcome.LastOwner, await store.SetStandingAsync(owner.Id, ServerRoles.Owner, true, Token));
        Assert.Equal(RoleOutcome.Done, await store.SetStandingAsync(heir.Id, ServerRoles.Owner, false, Token));
        RoleOutcome[] outcomes = await Task.WhenAll(
            Open().SetStandingAsync(owner.Id, null, false, Token).AsTask(), Open().SetStandingAsync(heir.Id, null, false, Token).AsTask());
        Assert.Equal([RoleOutcome.Done, RoleOutcome.LastOwner], outcomes.Order());
        Assert.Equal(RoleOutcome.NotFound, await store.SetStandingAsync(Guid.NewGuid(), null, false, Token));
    }

    [Fact]
    public async Task Erase_ActiveAccount_LeavesATombstoneAndRemembersTheRest()
    {
        IAccountStore store = Open();
        Account account = await ActiveAsync(store, "Mira");
        await store.TryMakeFirstOwnerAsync(account.Id, Token);
        await store.EraseAsync(account.Id, eraseMessages: true, Now.AddDays(1), Token);
        await store.EraseAsync(account.Id, eraseMessages: false, Now.AddDays(2), Token);
        store = Restart();
        Account tombstone = (await store.FindAsync(account.Id, Token))!;
        Assert.Equal(new Account { Id = account.Id, CreatedAt = Now, ActivatedAt = Now, DeletedAt = Now.AddDays(1) }, tombstone);
        Assert.Null(await store.FindByWalletAsync(account.Wallet!.Value, Token));
        Assert.Empty(await store.SearchAsync("mira", null, 10, Token));
        Assert.False(await store.HasOwnerAsync(Token));
        Assert.Equal([new Erasure(account.Id, true)], await store.ErasuresAsync(Token));
        await store.ErasedAsync(account.Id, Token);
        Assert.Empty(await Open().ErasuresAsync(Token));
        Assert.NotEqual(account.Id, (await store.EnsureAsync(account.Wallet!.Value, Now, Token)).Id);
        Assert.Null(await store.ChangeProfileAsync(account.Id, profile => profile with { DisplayName = "back" }, Token));
        Assert.Equal(LinkOutcome.NoAccount, await store.LinkAsync(account.Id, NewWallet(), 9, Now, Token));
        await store.ActivateAsync(account.Id, Now, Token);
        Assert.True((await store.FindAsync(account.Id, Token))?.Deleted);
    }
}
