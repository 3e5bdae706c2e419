using CoolChat.Contracts;
using CoolChat.User.Auth;
using CoolChat.User.SignIn;
using Xunit;

namespace CoolChat.UnitTests.SignIn;

public sealed class SignInNoncesTests(SignInHost host) : IClassFixture<SignInHost>
{
    private async Task<string?> ConsumeAsync(string nonce) => (await host.Nonces.ConsumeAsync(nonce, ProofContext.SignIn, requestId: null, CancellationToken.None))?.Code;

    [Fact]
    public async Task ConsumeAsync_Twice_IsGoodOnce()
    {
        NonceView issued = host.Nonces.Issue();
        Assert.Equal(host.Clock.GetUtcNow() + TimeSpan.FromMinutes(10), issued.ExpiresAt);
        Assert.Null(await ConsumeAsync(issued.Nonce));
        Assert.Equal(SignInErrors.NonceUsed, await ConsumeAsync(issued.Nonce));
    }

    [Fact]
    public async Task ConsumeAsync_ManyAtOnce_OneGetsIt()
    {
        string nonce = host.Nonces.Issue().Nonce;
        string?[] answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => ConsumeAsync(nonce))));
        Assert.Single(answers, static answer => answer is null);
        Assert.Equal(31, answers.Count(static answer => answer == SignInErrors.NonceUsed));
    }

    [Fact]
    public void Issue_Many_AreDifferentAndFitTheGrammar()
    {
        HashSet<string> nonces = [.. Enumerable.Range(0, 1000).Select(_ => host.Nonces.Issue().Nonce)];
        Assert.Equal(1000, nonces.Count);
        Assert.All(nonces, static nonce => Assert.True(nonce.Length >= 8 && nonce.All(char.IsAsciiLetterOrDigit)));
    }

    [Fact]
    public async Task ConsumeAsync_AtItsExpiry_IsExpired()
    {
        string early = host.Nonces.Issue().Nonce;
        string late = host.Nonces.Issue().Nonce;
        host.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.Null(await ConsumeAsync(early));
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SignInErrors.NonceExpired, await ConsumeAsync(late));
        Assert.Equal(SignInErrors.NonceExpired, await ConsumeAsync(early));
    }

    [Fact]
    public async Task ConsumeAsync_AnyCharacterChanged_IsUnknown()
    {
        string nonce = host.Nonces.Issue().Nonce;
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
        string nonce = host.Nonces.Issue().Nonce;
        string[] others = ["", "12345678", nonce.ToUpperInvariant(), nonce + "a", nonce[..^1], "\u00e4" + nonce[1..], new string('a', nonce.Length)];
        foreach (string other in others)
            Assert.Equal(SignInErrors.NonceUnknown, await ConsumeAsync(other));
    }

    [Fact]
    public async Task ConsumeAsync_ForAnotherPurposeOrAccount_IsRefusedAndUsedUp()
    {
        Guid me = Guid.NewGuid();
        ProofContext link = ProofContext.Link(me);
        foreach ((ProofContext issued, ProofContext presented) in new[] { (ProofContext.SignIn, link), (link, ProofContext.SignIn), (link, ProofContext.Link(Guid.NewGuid())) })
        {
            string nonce = host.Nonces.Issue(issued).Nonce;
            Assert.Equal(SignInErrors.NonceOtherPurpose, (await host.Nonces.ConsumeAsync(nonce, presented, null, CancellationToken.None))?.Code);
            Assert.Equal(SignInErrors.NonceUsed, (await host.Nonces.ConsumeAsync(nonce, issued, null, CancellationToken.None))?.Code);
        }
        Assert.Null(await host.Nonces.ConsumeAsync(host.Nonces.Issue(link).Nonce, link, "any", CancellationToken.None));
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(null, "any", null)]
    [InlineData("order-7", "order-7", null)]
    [InlineData("", "", null)]
    [InlineData("order-7", "order-8", SignInErrors.RequestIdNotExpected)]
    [InlineData("order-7", null, SignInErrors.RequestIdNotExpected)]
    [InlineData("", null, SignInErrors.RequestIdNotExpected)]
    public async Task ConsumeAsync_RequestId_IsTheExpectedOne(string? expected, string? given, string? code)
    {
        string nonce = host.Nonces.Issue(ProofContext.SignIn, expected).Nonce;
        Assert.Equal(code, (await host.Nonces.ConsumeAsync(nonce, ProofContext.SignIn, given, CancellationToken.None))?.Code);
    }

    [Fact]
    public async Task ConsumeAsync_OfAnotherServer_IsUnknown()
    {
        await using SignInHost other = await SignInHost.StartAsync();
        Assert.Equal(SignInErrors.NonceUnknown, await ConsumeAsync(other.Nonces.Issue().Nonce));
    }
}
