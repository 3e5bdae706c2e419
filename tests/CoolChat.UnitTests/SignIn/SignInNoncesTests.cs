using CoolChat.Contracts;
using CoolChat.User.SignIn;
using Xunit;

namespace CoolChat.UnitTests.SignIn;

public sealed class SignInNoncesTests : IAsyncDisposable
{
    private readonly SignInHost _host = new();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task<string?> ConsumeAsync(string nonce, string purpose = SignInHost.Purpose) =>
        (await _host.Nonces.ConsumeAsync(nonce, purpose, CancellationToken.None))?.Code;

    [Fact]
    public async Task ConsumeAsync_Twice_IsGoodOnce()
    {
        IssuedNonce issued = _host.Nonces.Issue(SignInHost.Purpose);
        Assert.Equal(_host.Now + TimeSpan.FromMinutes(10), issued.ExpiresAt);
        Assert.Null(await ConsumeAsync(issued.Nonce));
        Assert.Equal(SignInErrors.NonceUsed, await ConsumeAsync(issued.Nonce));
    }

    [Fact]
    public async Task ConsumeAsync_ManyAtOnce_OneGetsIt()
    {
        string nonce = _host.Nonces.Issue(SignInHost.Purpose).Nonce;
        string?[] answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => ConsumeAsync(nonce))));
        Assert.Single(answers, static answer => answer is null);
        Assert.Equal(31, answers.Count(static answer => answer == SignInErrors.NonceUsed));
    }

    [Fact]
    public void Issue_Many_AreDifferentAndFitTheGrammar()
    {
        HashSet<string> nonces = [.. Enumerable.Range(0, 1000).Select(_ => _host.Nonces.Issue(SignInHost.Purpose).Nonce)];
        Assert.Equal(1000, nonces.Count);
        Assert.All(nonces, static nonce => Assert.True(nonce.Length >= 8 && nonce.All(char.IsAsciiLetterOrDigit)));
    }

    [Fact]
    public async Task ConsumeAsync_AtItsExpiry_IsExpired()
    {
        string early = _host.Nonces.Issue(SignInHost.Purpose).Nonce;
        string late = _host.Nonces.Issue(SignInHost.Purpose).Nonce;
        _host.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.Null(await ConsumeAsync(early));
        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SignInErrors.NonceExpired, await ConsumeAsync(late));
        Assert.Equal(SignInErrors.NonceExpired, await ConsumeAsync(early));
    }

    [Fact]
    public async Task ConsumeAsync_ForAnotherPurpose_IsUnknownAndStaysGood()
    {
        string nonce = _host.Nonces.Issue("link:1").Nonce;
        Assert.Equal(SignInErrors.NonceUnknown, await ConsumeAsync(nonce));
        Assert.Equal(SignInErrors.NonceUnknown, await ConsumeAsync(nonce, "link:2"));
        Assert.Null(await ConsumeAsync(nonce, "link:1"));
    }

    [Fact]
    public async Task ConsumeAsync_AnyCharacterChanged_IsUnknown()
    {
        string nonce = _host.Nonces.Issue(SignInHost.Purpose).Nonce;
        for (int i = 0; i < nonce.Length; i++)
        {
            string changed = nonce[..i] + (nonce[i] == 'a' ? 'b' : 'a') + nonce[(i + 1)..];
            Assert.Equal(SignInErrors.NonceUnknown, await ConsumeAsync(changed));
        }
        Assert.Null(await ConsumeAsync(nonce));
    }

    [Fact]
    public async Task ConsumeAsync_OtherSpelling_IsUnknown()
    {
        string nonce = _host.Nonces.Issue(SignInHost.Purpose).Nonce;
        string[] others = ["", "12345678", nonce.ToUpperInvariant(), nonce + "a", nonce[..^1], "\u00e4" + nonce[1..], new string('a', nonce.Length)];
        foreach (string other in others)
            Assert.Equal(SignInErrors.NonceUnknown, await ConsumeAsync(other));
    }

    [Fact]
    public async Task ConsumeAsync_KeyReplaced_OldNoncesLiveAsLongAsTheKeyIsListed()
    {
        string nonce = _host.Nonces.Issue(SignInHost.Purpose).Nonce;
        string other = _host.Nonces.Issue(SignInHost.Purpose).Nonce;
        _host.Keys.Current = [TestNonceKeys.New(2), TestNonceKeys.New(1)];
        Assert.Null(await ConsumeAsync(nonce));
        Assert.Null(await ConsumeAsync(_host.Nonces.Issue(SignInHost.Purpose).Nonce));
        _host.Keys.Current = [TestNonceKeys.New(2)];
        Assert.Equal(SignInErrors.NonceUnknown, await ConsumeAsync(other));
    }

    [Fact]
    public async Task ConsumeAsync_SetIsFull_IsBusyUntilSomeExpire()
    {
        for (int i = 0; i < SignInHost.UsedCapacity; i++)
            Assert.Null(await ConsumeAsync(_host.Nonces.Issue(SignInHost.Purpose).Nonce));
        Assert.Equal(ErrorCodes.Busy, await ConsumeAsync(_host.Nonces.Issue(SignInHost.Purpose).Nonce));
        _host.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(await ConsumeAsync(_host.Nonces.Issue(SignInHost.Purpose).Nonce));
    }
}
