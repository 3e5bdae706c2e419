using System.Security.Cryptography;
using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;
using CoolChat.User.Relations;
using Xunit;

namespace CoolChat.ContractTests.User;

/// <summary>What every <see cref="IRelationStore"/> keeps. Each <see cref="Open"/> is another instance on the same backend.</summary>
public abstract class RelationStoreContract
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract (IAccountStore Accounts, IRelationStore Relations) Open();

    /// <summary>Everything closed and opened again.</summary>
    private protected abstract (IAccountStore Accounts, IRelationStore Relations) Restart();

    /// <summary>Changes of blocks that the stores keep.</summary>
    private protected const int Kept = 20;

    private async Task<Guid[]> PeopleAsync(int count)
    {
        Guid[] people = new Guid[count];
        for (int i = 0; i < count; i++)
            people[i] = (await Open().Accounts.EnsureAsync(new WalletId("0x" + Convert.ToHexString(RandomNumberGenerator.GetBytes(20))), Now, Token)).Id;
        return people;
    }

    [Fact]
    public async Task Put_Twice_KeepsTheFirstTimeAndTheKindsApart()
    {
        Guid[] people = await PeopleAsync(2);
        IRelationStore store = Open().Relations;
        Assert.True(await store.PutAsync(RelationKind.Contact, people[0], people[1], 10, Now, Token));
        Assert.True(await Open().Relations.PutAsync(RelationKind.Contact, people[0], people[1], 10, Now.AddDays(1), Token));
        Assert.Equal([new Relation(people[1], Now)], await Restart().Relations.ListAsync(RelationKind.Contact, people[0], null, 10, Token));
        store = Open().Relations;
        Assert.False(await store.HasAsync(RelationKind.Block, people[0], people[1], Token));
        Assert.False(await store.HasAsync(RelationKind.Contact, people[1], people[0], Token));
        Assert.True(await store.HasAsync(RelationKind.Contact, people[0], people[1], Token));
    }

    [Fact]
    public async Task Put_ManyAtOnce_NeverPassesTheLimit()
    {
        Guid[] people = await PeopleAsync(9);
        IRelationStore[] stores = [Open().Relations, Open().Relations];
        bool[] put = await Task.WhenAll(people.Skip(1).Select((other, i) =>
            stores[i % 2].PutAsync(RelationKind.Block, people[0], other, 5, Now, Token).AsTask()));
        Assert.Equal(5, put.Count(static it => it));
        Assert.Equal(5, (await stores[0].ListAsync(RelationKind.Block, people[0], null, 10, Token)).Count);
        Assert.Equal(5, (await BlocksAsync(stores[1], 2)).Count(block => block.Blocker == people[0]));
    }

    [Fact]
    public async Task List_PagedByTwo_GivesEachOnce()
    {
        Guid[] people = await PeopleAsync(6);
        IRelationStore store = Open().Relations;
        foreach (Guid other in people.Skip(1))
            await store.PutAsync(RelationKind.Contact, people[0], other, 10, Now, Token);
        List<Guid> seen = [];
        while (await Open().Relations.ListAsync(RelationKind.Contact, people[0], seen.Count > 0 ? seen[^1] : null, 2, Token) is { Count: > 0 } page)
            seen.AddRange(page.Select(static relation => relation.Other));
        Assert.Equal(people.Skip(1).Order(), seen.Order());
        Assert.Equal(5, seen.Count);
    }

    [Fact]
    public async Task Remove_ThereOrNot_TellsWhich()
    {
        Guid[] people = await PeopleAsync(2);
        await Open().Relations.PutAsync(RelationKind.Block, people[0], people[1], 10, Now, Token);
        Assert.True(await Open().Relations.RemoveAsync(RelationKind.Block, people[0], people[1], Token));
        Assert.False(await Open().Relations.RemoveAsync(RelationKind.Block, people[0], people[1], Token));
        Assert.False(await Restart().Relations.HasAsync(RelationKind.Block, people[0], people[1], Token));
    }

    [Fact]
    public async Task Forget_Person_ForgetsTheirsAndContactsWithThemButNotBlocksAgainstThem()
    {
        Guid[] people = await PeopleAsync(3);
        IRelationStore store = Open().Relations;
        await store.PutAsync(RelationKind.Contact, people[0], people[1], 10, Now, Token);
        await store.PutAsync(RelationKind.Block, people[0], people[2], 10, Now, Token);
        await store.PutAsync(RelationKind.Contact, people[1], people[0], 10, Now, Token);
        await store.PutAsync(RelationKind.Block, people[2], people[0], 10, Now, Token);
        await store.ForgetAsync(people[0], Token);
        Assert.Empty(await store.ListAsync(RelationKind.Contact, people[0], null, 10, Token));
        Assert.Empty(await store.ListAsync(RelationKind.Block, people[0], null, 10, Token));
        Assert.Empty(await store.ListAsync(RelationKind.Contact, people[1], null, 10, Token));
        Assert.True(await Open().Relations.HasAsync(RelationKind.Block, people[2], people[0], Token));
    }

    private static async Task<List<Block>> BlocksAsync(IRelationStore store, int pageSize)
    {
        List<Block> all = [];
        while (await store.BlocksAsync(all.Count > 0 ? all[^1] : default, pageSize, Token) is { Count: > 0 } page)
            all.AddRange(page);
        return all;
    }

    private static async Task<long> VersionAsync(IRelationStore store)
    {
        BlockChanges nothing = await store.BlockChangesAsync(-1, 10, Token);
        Assert.True(nothing.Reset);
        Assert.Empty(nothing.Changes);
        return nothing.Version;
    }

    [Fact]
    public async Task BlockChanges_OfBlocksOnly_AreThereInOrder_AlsoAfterARestart()
    {
        Guid[] people = await PeopleAsync(3);
        IRelationStore store = Open().Relations;
        long before = await VersionAsync(store);
        await store.PutAsync(RelationKind.Contact, people[0], people[1], 10, Now, Token);
        await store.PutAsync(RelationKind.Block, people[0], people[1], 10, Now, Token);
        await store.PutAsync(RelationKind.Block, people[0], people[1], 10, Now, Token);
        await store.PutAsync(RelationKind.Block, people[0], people[2], 10, Now, Token);
        await Open().Relations.RemoveAsync(RelationKind.Block, people[0], people[1], Token);
        await Open().Relations.RemoveAsync(RelationKind.Block, people[0], people[1], Token);
        store = Restart().Relations;
        await store.ForgetAsync(people[0], Token);
        BlockEntry[] expected =
        [
            new(before + 1, people[0], people[1], true), new(before + 2, people[0], people[2], true),
            new(before + 3, people[0], people[1], false), new(before + 4, people[0], people[2], false),
        ];
        BlockChanges changes = await store.BlockChangesAsync(before, 10, Token);
        Assert.Equal((before + 4, false), (changes.Version, changes.Reset));
        Assert.Equal(expected, changes.Changes);
        Assert.Equal(expected[1..3], (await store.BlockChangesAsync(before + 1, 2, Token)).Changes);
        BlockChanges none = await store.BlockChangesAsync(before + 4, 10, Token);
        Assert.Equal((before + 4, false, 0), (none.Version, none.Reset, none.Changes.Count));
        Assert.True((await store.BlockChangesAsync(before + 5, 10, Token)).Reset);
    }

    [Fact]
    public async Task BlockChanges_OfLongAgo_AreGone_AndWhoAsksStartsAnew()
    {
        Guid[] people = await PeopleAsync(2);
        IRelationStore store = Open().Relations;
        long before = await VersionAsync(store);
        for (int i = 0; i < Kept + 2; i++)
            Assert.True(i % 2 == 0
                ? await store.PutAsync(RelationKind.Block, people[0], people[1], 10, Now, Token)
                : await store.RemoveAsync(RelationKind.Block, people[0], people[1], Token));
        BlockChanges reset = await store.BlockChangesAsync(before + 1, 100, Token);
        Assert.Equal((before + Kept + 2, true, 0), (reset.Version, reset.Reset, reset.Changes.Count));
        Assert.Equal(Kept, (await store.BlockChangesAsync(before + 2, 100, Token)).Changes.Count);
    }

    [Fact]
    public async Task BlockChanges_OfManyAtOnce_FoldToTheList()
    {
        Guid[] people = await PeopleAsync(4);
        IRelationStore[] stores = [Open().Relations, Open().Relations];
        long before = await VersionAsync(stores[0]);
        await Task.WhenAll(Enumerable.Range(0, Kept).Select(i => i % 4 < 2
            ? stores[i % 2].PutAsync(RelationKind.Block, people[i % 3], people[3], 10, Now, Token).AsTask()
            : stores[i % 2].RemoveAsync(RelationKind.Block, people[i % 3], people[3], Token).AsTask()));
        BlockChanges changes = await stores[1].BlockChangesAsync(before, 100, Token);
        Assert.Equal(Enumerable.Range(1, changes.Changes.Count).Select(i => before + i), changes.Changes.Select(change => change.Version));
        HashSet<Block> folded = [];
        foreach (BlockEntry change in changes.Changes)
            Assert.True(change.IsBlocked ? folded.Add(new Block(change.Blocker, change.Blocked)) : folded.Remove(new Block(change.Blocker, change.Blocked)));
        Assert.Equal(folded.OrderBy(block => block.Blocker), (await BlocksAsync(stores[0], 2)).Where(block => block.Blocked == people[3]).OrderBy(block => block.Blocker));
    }
}
