using CoolChat.User.Registration;
using Xunit;

namespace CoolChat.ContractTests.User;

/// <summary>What every <see cref="IServerStore"/> keeps. Each <see cref="Open"/> is another instance on the same backend.</summary>
public abstract class ServerStoreContract
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract IServerStore Open();

    /// <summary>Everything closed and opened again.</summary>
    private protected abstract IServerStore Restart();

    [Fact]
    public async Task Secret_AskedByTwo_IsTheFirstOnes()
    {
        byte[][] secrets = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Open().SecretAsync("s", [(byte)i], Token).AsTask()));
        Assert.Single(secrets.Select(static secret => secret[0]).Distinct());
        Assert.Equal(secrets[0], await Restart().SecretAsync("s", [99], Token));
        await Open().DropSecretAsync("s", Token);
        Assert.Equal([7], await Open().SecretAsync("s", [7], Token));
    }

    [Fact]
    public async Task Setting_SetChangedRemoved_IsTheLatest()
    {
        IServerStore store = Open();
        Assert.Null(await store.SettingAsync("name", Token));
        await store.SetAsync("name", "a", Token);
        await Open().SetAsync("name", "b", Token);
        Assert.Equal("b", await Restart().SettingAsync("name", Token));
        await Open().SetAsync("name", null, Token);
        Assert.Null(await Open().SettingAsync("name", Token));
    }

    [Fact]
    public async Task AddKey_TwoServersRotateAtOnce_OneWins()
    {
        Assert.True(await Open().AddKeyAsync(new StoredKey("a", [1], Now), null, Token));
        bool[] added = await Task.WhenAll(
            Open().AddKeyAsync(new StoredKey("b", [2], Now.AddDays(1)), "a", Token).AsTask(),
            Open().AddKeyAsync(new StoredKey("c", [3], Now.AddDays(1)), "a", Token).AsTask());
        Assert.Single(added, static it => it);
        IReadOnlyList<StoredKey> keys = await Restart().KeysAsync(Token);
        Assert.Equal(added[0] ? ["b", "a"] : ["c", "a"], keys.Select(static key => key.KeyId));
        Assert.Equal([1], keys[1].Pkcs8);
        await Open().RemoveKeyAsync("a", Token);
        Assert.Single(await Open().KeysAsync(Token));
    }

    [Fact]
    public async Task UseInvite_MoreThanItAllows_StopsExactlyThere()
    {
        RegistrationInvite invite = new(Guid.CreateVersion7(), Guid.NewGuid(), Now.AddHours(1), MaxUses: 5, Uses: 0);
        byte[] hash = [1, 2, 3];
        await Open().AddInviteAsync(invite, hash, Token);
        Assert.Equal([invite], await Open().InvitesAsync(Now, Token));
        bool[] used = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Open().TryUseInviteAsync(hash, Now, Token).AsTask()));
        Assert.Equal(5, used.Count(static it => it));
        Assert.Empty(await Restart().InvitesAsync(Now, Token));
    }

    [Fact]
    public async Task UseInvite_UnknownExpiredOrRemoved_IsRefused()
    {
        IServerStore store = Open();
        RegistrationInvite invite = new(Guid.CreateVersion7(), Guid.NewGuid(), Now.AddHours(1), MaxUses: 5, Uses: 0);
        await store.AddInviteAsync(invite, new byte[] { 1 }, Token);
        Assert.False(await store.TryUseInviteAsync(new byte[] { 2 }, Now, Token));
        Assert.False(await store.TryUseInviteAsync(new byte[] { 1 }, Now.AddHours(1), Token));
        Assert.True(await store.RemoveInviteAsync(invite.Id, Token));
        Assert.False(await store.RemoveInviteAsync(invite.Id, Token));
        Assert.False(await store.TryUseInviteAsync(new byte[] { 1 }, Now, Token));
    }

    [Fact]
    public async Task UseNonce_ManyAtOnceAndAfterRestart_OneGetsIt()
    {
        bool[] used = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Open().TryUseNonceAsync("n", Now, Token).AsTask()));
        Assert.Single(used, static it => it);
        Assert.False(await Restart().TryUseNonceAsync("n", Now, Token));
        await Open().SweepAsync(Now, Token);
        Assert.False(await Open().TryUseNonceAsync("n", Now, Token));
        await Open().SweepAsync(Now.AddSeconds(1), Token);
        Assert.True(await Open().TryUseNonceAsync("n", Now, Token));
    }
}
