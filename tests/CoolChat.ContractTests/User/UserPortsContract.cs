using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Testing;
using Xunit;

namespace CoolChat.ContractTests.User;

/// <summary>What another service knows of people through the ports of the user service, and what happens there meanwhile.</summary>
public interface IUserPorts : IAsyncDisposable
{
    IUserDirectory Directory { get; }

    IBlockList Blocks { get; }

    ISessionStatus Sessions { get; }

    IVerificationKeys Keys { get; }

    ILastSeen LastSeen { get; }

    /// <summary>Somebody new signs in.</summary>
    Task<SignedIn> SignInAsync();

    Task RenameAsync(Guid userId, string name);

    Task NoteContactAsync(Guid owner, Guid other, bool noted);

    Task BlockAsync(Guid blocker, Guid blocked, bool isBlocked);

    Task EndSessionAsync(Guid userId, Guid sessionId);

    Task DeleteAccountAsync(Guid userId);

    /// <summary>Both sides end and begin again.</summary>
    Task RestartAsync();
}

/// <summary>Somebody who signed in.</summary>
public sealed record SignedIn(Guid UserId, string Address, Guid SessionId, string AccessToken);

/// <summary>
/// What holds for <see cref="IUserDirectory"/>, <see cref="IBlockList"/>, <see cref="ISessionStatus"/> and <see cref="IVerificationKeys"/>, in process or over a
/// network: projections follow the truth within a second, so changes are waited for.
/// </summary>
public abstract class UserPortsContract : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private IUserPorts _ports = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<IUserPorts> OpenAsync();

    public async ValueTask InitializeAsync() => _ports = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _ports.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static Task UntilAsync(Func<bool> condition, string what) => Eventually.TrueAsync(condition, what, Patience);

    private async Task<Result<IReadOnlyList<Guid>>> ResolveAsync(Guid asker, params string[] who) => await _ports.Directory.ResolveAsync(asker, who, Token);

    [Fact]
    public async Task Resolve_IdsAndAddresses_InOrder_AndAnUnknownAddressWaits()
    {
        SignedIn ann = await _ports.SignInAsync(), bob = await _ports.SignInAsync();
        string never = "0x" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        Result<IReadOnlyList<Guid>> found = await ResolveAsync(ann.UserId, bob.Address, ann.UserId.ToString(), bob.Address.ToLowerInvariant(), never);
        Assert.True(found.Ok, found.Refusal?.Detail);
        Assert.Equal([bob.UserId, ann.UserId, bob.UserId], found.Value.Take(3));
        Result<IReadOnlyList<Guid>> again = await ResolveAsync(bob.UserId, never);
        Assert.Equal(found.Value[3], Assert.Single(again.Value!));
        Assert.Empty((await ResolveAsync(ann.UserId)).Value!);
    }

    [Theory]
    [InlineData("no id")]
    [InlineData("")]
    [InlineData("0x1234")]
    [InlineData("018f2b9e-0000-7000-8000-000000000001")]
    public async Task Resolve_Nobody_IsNotFound_ByPosition_AndLeavesNothingBehind(string nobody)
    {
        SignedIn ann = await _ports.SignInAsync();
        string never = "0x" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        Refusal? refusal = (await ResolveAsync(ann.UserId, ann.UserId.ToString(), never, nobody)).Refusal;
        Assert.Equal((ErrorCodes.NotFound, "members[2]"), (refusal?.Code, refusal?.Field));
        Assert.Empty(await _ports.Directory.FindByPrefixAsync(never, 10, Token));
    }

    [Fact]
    public async Task Resolve_WhoBlockedTheAsker_OrDeleted_IsLikeNobody()
    {
        SignedIn ann = await _ports.SignInAsync(), bob = await _ports.SignInAsync(), cy = await _ports.SignInAsync();
        await _ports.BlockAsync(bob.UserId, ann.UserId, true);
        await UntilAsync(() => _ports.Blocks.IsBlocked(bob.UserId, ann.UserId), "the block is known");
        Refusal? blocked = (await ResolveAsync(ann.UserId, bob.Address)).Refusal;
        Refusal? unknown = (await ResolveAsync(ann.UserId, Guid.CreateVersion7().ToString())).Refusal;
        Assert.Equal(unknown, blocked);
        Assert.True((await ResolveAsync(cy.UserId, bob.Address)).Ok);
        await _ports.DeleteAccountAsync(cy.UserId);
        Assert.Equal(unknown, (await ResolveAsync(ann.UserId, cy.UserId.ToString())).Refusal);
    }

    [Fact]
    public async Task LookUpAndPrefix_TellNamesOfThoseWhoAreThere()
    {
        SignedIn ann = await _ports.SignInAsync();
        string name = "Zoë " + Guid.NewGuid().ToString("N")[..8];
        await _ports.RenameAsync(ann.UserId, name);
        DirectoryEntry entry = Assert.Single(await _ports.Directory.LookUpAsync([Guid.CreateVersion7(), ann.UserId], Token));
        Assert.Equal((ann.UserId, ann.Address, name), (entry.UserId, entry.Address, entry.DisplayName));
        foreach (string prefix in new[] { name, name.ToUpperInvariant(), name[4..], ann.Address[..12] })
            Assert.Contains(ann.UserId, await _ports.Directory.FindByPrefixAsync(prefix, 10, Token));
        Assert.Empty(await _ports.Directory.FindByPrefixAsync("", 10, Token));
        Assert.Single(await _ports.Directory.FindByPrefixAsync("0x", 1, Token));
    }

    [Fact]
    public async Task LookUp_AfterAChange_TellsTheNewName()
    {
        SignedIn ann = await _ports.SignInAsync(), bob = await _ports.SignInAsync();
        Assert.Equal(2, (await _ports.Directory.LookUpAsync([ann.UserId, bob.UserId, ann.UserId], Token)).Count);
        await _ports.RenameAsync(ann.UserId, "Mira");
        await Eventually.TrueAsync(
            async () => (await _ports.Directory.LookUpAsync([ann.UserId], Token)).Single().DisplayName == "Mira", "the new name is known", Patience);
    }

    [Fact]
    public async Task LastSeen_Noted_IsFound_AndNeverGoesBack()
    {
        SignedIn ann = await _ports.SignInAsync(), bob = await _ports.SignInAsync();
        DateTimeOffset at = new(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
        Assert.Empty(await _ports.LastSeen.FindAsync([ann.UserId, bob.UserId], Token));
        await _ports.LastSeen.NoteAsync([new(ann.UserId, at), new(Guid.CreateVersion7(), at)], Token);
        await _ports.LastSeen.NoteAsync([new(ann.UserId, at.AddHours(-1))], Token);
        await _ports.LastSeen.NoteAsync([], Token);
        IReadOnlyDictionary<Guid, DateTimeOffset> found = await _ports.LastSeen.FindAsync([ann.UserId, bob.UserId], Token);
        Assert.Equal([new(ann.UserId, at)], found);
    }

    [Fact]
    public async Task Contact_NotedAndRemoved_HoldsOneWay()
    {
        SignedIn ann = await _ports.SignInAsync(), bob = await _ports.SignInAsync();
        await _ports.NoteContactAsync(ann.UserId, bob.UserId, true);
        await Eventually.TrueAsync(async () => await _ports.Directory.IsContactAsync(ann.UserId, bob.UserId, Token), "the contact is known", Patience);
        Assert.False(await _ports.Directory.IsContactAsync(bob.UserId, ann.UserId, Token));
        await _ports.NoteContactAsync(ann.UserId, bob.UserId, false);
        await Eventually.TrueAsync(async () => !await _ports.Directory.IsContactAsync(ann.UserId, bob.UserId, Token), "it is known no more", Patience);
    }

    [Fact]
    public async Task Block_MadeAndLifted_HoldsOneWay_AlsoAfterARestart()
    {
        SignedIn ann = await _ports.SignInAsync(), bob = await _ports.SignInAsync();
        Assert.False(_ports.Blocks.IsBlocked(ann.UserId, bob.UserId));
        await _ports.BlockAsync(ann.UserId, bob.UserId, true);
        await UntilAsync(() => _ports.Blocks.IsBlocked(ann.UserId, bob.UserId), "the block is known");
        Assert.False(_ports.Blocks.IsBlocked(bob.UserId, ann.UserId));
        await _ports.RestartAsync();
        Assert.True(_ports.Blocks.IsBlocked(ann.UserId, bob.UserId));
        await _ports.BlockAsync(ann.UserId, bob.UserId, false);
        await UntilAsync(() => !_ports.Blocks.IsBlocked(ann.UserId, bob.UserId), "it is lifted");
    }

    [Fact]
    public async Task Blocks_OppositeOnesAtOnce_EndAsTheTruth()
    {
        SignedIn ann = await _ports.SignInAsync(), bob = await _ports.SignInAsync(), end = await _ports.SignInAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _ports.BlockAsync(ann.UserId, bob.UserId, i % 2 == 0)));
        await _ports.BlockAsync(ann.UserId, end.UserId, true);
        await UntilAsync(() => _ports.Blocks.IsBlocked(ann.UserId, end.UserId), "what came after them is known");
        // The truth is with the store: who is blocked can't resolve the other.
        Assert.Equal(!(await ResolveAsync(bob.UserId, ann.Address)).Ok, _ports.Blocks.IsBlocked(ann.UserId, bob.UserId));
        await _ports.RestartAsync();
        Assert.Equal(!(await ResolveAsync(bob.UserId, ann.Address)).Ok, _ports.Blocks.IsBlocked(ann.UserId, bob.UserId));
    }

    [Fact]
    public async Task Blocks_OfADeletedAccount_EndWithIt()
    {
        SignedIn ann = await _ports.SignInAsync(), bob = await _ports.SignInAsync();
        await _ports.BlockAsync(ann.UserId, bob.UserId, true);
        await UntilAsync(() => _ports.Blocks.IsBlocked(ann.UserId, bob.UserId), "the block is known");
        await _ports.DeleteAccountAsync(ann.UserId);
        // Nothing tells it at once, and nobody is there any more to be protected: with the next change at the latest.
        await _ports.BlockAsync(bob.UserId, (await _ports.SignInAsync()).UserId, true);
        await UntilAsync(() => !_ports.Blocks.IsBlocked(ann.UserId, bob.UserId), "it has ended");
    }

    [Fact]
    public async Task Session_Ended_IsRevoked_AlsoAfterARestart_AndOthersAreNot()
    {
        SignedIn ann = await _ports.SignInAsync(), bob = await _ports.SignInAsync();
        Assert.False(_ports.Sessions.IsRevoked(ann.SessionId));
        await _ports.EndSessionAsync(ann.UserId, ann.SessionId);
        await UntilAsync(() => _ports.Sessions.IsRevoked(ann.SessionId), "the end is known");
        await _ports.RestartAsync();
        Assert.True(_ports.Sessions.IsRevoked(ann.SessionId));
        Assert.False(_ports.Sessions.IsRevoked(bob.SessionId));
        await _ports.DeleteAccountAsync(bob.UserId);
        await UntilAsync(() => _ports.Sessions.IsRevoked(bob.SessionId), "a deleted account's sessions end");
    }

    [Fact]
    public async Task Keys_OfTheMoment_VerifyTokens_AlsoAfterARestart()
    {
        SignedIn ann = await _ports.SignInAsync();
        Assert.True(IsSignedByOneOf(ann.AccessToken, _ports.Keys.Current));
        await _ports.RestartAsync();
        Assert.True(IsSignedByOneOf(ann.AccessToken, _ports.Keys.Current));
        Assert.False(IsSignedByOneOf(ann.AccessToken[..^4] + "AAAA", _ports.Keys.Current));
    }

    private static bool IsSignedByOneOf(string token, IReadOnlyList<VerificationKey> keys)
    {
        string[] parts = token.Split('.');
        return keys.Any(key =>
        {
            using ECDsa verifier = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = key.X.ToArray(), Y = key.Y.ToArray() } });
            return verifier.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256);
        });
    }
}
