using System.Security.Cryptography;
using CoolChat.User.Accounts;
using CoolChat.User.Sessions;
using Xunit;

namespace CoolChat.ContractTests.User;

/// <summary>What every <see cref="ISessionStore"/> keeps. Each <see cref="Open"/> is another instance on the same backend.</summary>
public abstract class SessionStoreContract
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract (IAccountStore Accounts, ISessionStore Sessions) Open();

    /// <summary>Everything closed and opened again.</summary>
    private protected abstract (IAccountStore Accounts, ISessionStore Sessions) Restart();

    private static byte[] Hash(int n) => SHA256.HashData([(byte)n]);

    private static Rotation Rotate(Session session, int presented, int successor, TimeSpan? after = null) => new(
        session.Id, Hash(presented), Hash(successor), Now + (after ?? TimeSpan.Zero), Overlap, Now + (after ?? TimeSpan.Zero) + TimeSpan.FromDays(60));

    private async Task<Guid> PersonAsync() =>
        (await Open().Accounts.EnsureAsync(new WalletId("0x" + Convert.ToHexString(RandomNumberGenerator.GetBytes(20))), Now, Token)).Id;

    private async Task<Session> AddAsync(Guid userId, DateTimeOffset? expiresAt = null)
    {
        Session session = new()
        {
            Id = Guid.CreateVersion7(),
            UserId = userId,
            DeviceId = Guid.CreateVersion7(),
            Device = "Firefox on Linux",
            Address = "0xabc",
            CreatedAt = Now,
            LastSeenAt = Now,
            ExpiresAt = expiresAt ?? Now.AddDays(60),
        };
        await Open().Sessions.AddAsync(session, Hash(0), Token);
        return session;
    }

    [Fact]
    public async Task Add_Session_IsThereAfterRestart()
    {
        Session session = await AddAsync(await PersonAsync());
        Assert.Equal(session, await Open().Sessions.FindAsync(session.Id, Token));
        Assert.Equal(session, await Restart().Sessions.FindAsync(session.Id, Token));
        Assert.Null(await Open().Sessions.FindAsync(Guid.NewGuid(), Token));
    }

    [Fact]
    public async Task Rotate_CurrentParentAndOlder_AreToldApart()
    {
        Session session = await AddAsync(await PersonAsync());
        ISessionStore store = Open().Sessions;
        Assert.Equal(RotateOutcome.Rotated, await store.RotateAsync(Rotate(session, 0, 1), Token));
        Assert.Equal(RotateOutcome.Repeated, await Open().Sessions.RotateAsync(Rotate(session, 0, 1, Overlap), Token));
        Assert.Equal(RotateOutcome.Rotated, await store.RotateAsync(Rotate(session, 1, 2), Token));
        Assert.Equal(RotateOutcome.Reused, await Restart().Sessions.RotateAsync(Rotate(session, 0, 1), Token));
        Assert.Equal(RotateOutcome.Ended, await Open().Sessions.RotateAsync(Rotate(session, 2, 3), Token));
    }

    [Fact]
    public async Task Rotate_ParentAfterTheOverlap_EndsTheSession()
    {
        Session session = await AddAsync(await PersonAsync());
        ISessionStore store = Open().Sessions;
        await store.RotateAsync(Rotate(session, 0, 1), Token);
        TimeSpan late = Overlap + TimeSpan.FromMilliseconds(1);
        Assert.Equal(RotateOutcome.Reused, await store.RotateAsync(Rotate(session, 0, 1, late), Token));
        Assert.Equal(Now + late, (await store.FindAsync(session.Id, Token))?.EndedAt);
        Assert.Equal([session.Id], await Open().Sessions.EndedSinceAsync(Now, Token));
    }

    [Fact]
    public async Task Rotate_ManyAtOnceOnTwoInstances_RotatesOnce()
    {
        Session session = await AddAsync(await PersonAsync());
        ISessionStore[] stores = [Open().Sessions, Open().Sessions];
        RotateOutcome[] outcomes = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => stores[i % 2].RotateAsync(Rotate(session, 0, 1), Token).AsTask()));
        Assert.Single(outcomes, static outcome => outcome == RotateOutcome.Rotated);
        Assert.Equal(19, outcomes.Count(static outcome => outcome == RotateOutcome.Repeated));
    }

    [Fact]
    public async Task Rotate_Living_MovesItsEndAndLastSeen()
    {
        Session session = await AddAsync(await PersonAsync(), Now.AddDays(1));
        await Open().Sessions.RotateAsync(Rotate(session, 0, 1, TimeSpan.FromHours(1)), Token);
        Session moved = (await Open().Sessions.FindAsync(session.Id, Token))!;
        Assert.Equal((Now.AddHours(1), Now.AddHours(1).AddDays(60)), (moved.LastSeenAt, moved.ExpiresAt));
    }

    [Fact]
    public async Task Rotate_Expired_IsEnded()
    {
        Session session = await AddAsync(await PersonAsync(), Now.AddDays(1));
        Assert.Equal(RotateOutcome.Ended, await Open().Sessions.RotateAsync(Rotate(session, 0, 1, TimeSpan.FromDays(1)), Token));
    }

    [Fact]
    public async Task End_OneAndAll_ListsWhatLives()
    {
        Guid userId = await PersonAsync();
        Session[] sessions = [await AddAsync(userId), await AddAsync(userId), await AddAsync(userId), await AddAsync(userId, Now)];
        Session foreign = await AddAsync(await PersonAsync());
        ISessionStore store = Open().Sessions;
        Assert.False(await store.EndAsync(userId, foreign.Id, Now, Token));
        Assert.True(await store.EndAsync(userId, sessions[0].Id, Now, Token));
        Assert.False(await Open().Sessions.EndAsync(userId, sessions[0].Id, Now, Token));
        Assert.Equal(
            new[] { sessions[1].Id, sessions[2].Id }.Order(), (await store.ListAsync(userId, Now, Token)).Select(static session => session.Id).Order());
        Assert.Equal(new[] { sessions[1].Id, sessions[3].Id }.Order(), (await store.EndAllAsync(userId, sessions[2].Id, Now, Token)).Order());
        Assert.Equal(sessions[2].Id, Assert.Single(await Restart().Sessions.ListAsync(userId, Now, Token)).Id);
        Assert.Null((await Open().Sessions.FindAsync(foreign.Id, Token))?.EndedAt);
    }

    [Fact]
    public async Task Sweep_EndedAndExpired_ForgetsOnlyOldOnes()
    {
        Guid userId = await PersonAsync();
        Session ended = await AddAsync(userId);
        Session expired = await AddAsync(userId, Now.AddMinutes(1));
        Session living = await AddAsync(userId);
        ISessionStore store = Open().Sessions;
        await store.EndAsync(userId, ended.Id, Now, Token);
        await store.SweepAsync(Now, Token);
        Assert.NotNull(await store.FindAsync(ended.Id, Token));
        await store.SweepAsync(Now.AddMinutes(2), Token);
        Assert.Null(await store.FindAsync(ended.Id, Token));
        Assert.Null(await store.FindAsync(expired.Id, Token));
        Assert.NotNull(await Open().Sessions.FindAsync(living.Id, Token));
    }

    [Fact]
    public async Task Forget_EndedSessions_KeepsTheirIdsOnly()
    {
        Guid userId = await PersonAsync();
        Session session = await AddAsync(userId);
        ISessionStore store = Open().Sessions;
        await store.EndAsync(userId, session.Id, Now, Token);
        await store.ForgetAsync(userId, Token);
        Session left = (await store.FindAsync(session.Id, Token))!;
        Assert.Equal(("", ""), (left.Device, left.Address));
        Assert.Equal([session.Id], await store.EndedSinceAsync(Now, Token));
    }
}
