using System.Security.Cryptography;
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
        Assert.Equal(5, (await stores[1].AllAsync(RelationKind.Block, Token)).Count(pair => pair.Owner == people[0]));
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
}
