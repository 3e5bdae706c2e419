using System.Net;
using System.Text.Json.Nodes;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.UnitTests.User;
using CoolChat.User.SignIn;
using Xunit;

namespace CoolChat.UnitTests.SignIn;

/// <summary>What a client sees of refusals.</summary>
public sealed class VerifyEndpointTests : IAsyncLifetime
{
    private static readonly WalletKey Key = WalletKey.Create();

    private UserHost? _host;

    public async ValueTask InitializeAsync() => _host = await UserHost.StartAsync();

    public ValueTask DisposeAsync() => _host!.DisposeAsync();

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"message":null,"signature":"0x00"}""")]
    [InlineData("""{"message":"a","signature":null}""")]
    [InlineData("""{"message":1,"signature":"0x00"}""")]
    [InlineData("""{"message":["a"],"signature":"0x00"}""")]
    [InlineData("""{"message":"a"}""")]
    [InlineData("null")] // sent as no body at all
    [InlineData("[]")]
    public async Task Verify_BodyOfAnotherShape_Is400(string body)
    {
        Answer answer = await _host!.SendAsync(HttpMethod.Post, "/user/auth/verify", JsonNode.Parse(body));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid", JsonNode.Parse(answer.Content)?["code"]?.GetValue<string>());
    }

    [Fact]
    public async Task Verify_EachKindOfRefusal_HasItsStatusCodeAndField()
    {
        (string message, string signature) = await _host!.ProofAsync(Key);
        await RefusedAsync("hello", signature, HttpStatusCode.BadRequest, SignInErrors.Preamble, "message");
        await RefusedAsync(message.Replace("Version: 1", "Version: 2", StringComparison.Ordinal), signature, HttpStatusCode.BadRequest, SignInErrors.VersionUnsupported, "message.version");
        await RefusedAsync(message, "0x12", HttpStatusCode.Unauthorized, SignInErrors.SignatureInvalid, "signature");
        await RefusedAsync(message, signature, HttpStatusCode.Unauthorized, SignInErrors.NonceUsed, "message.nonce");
        (message, signature) = await _host.ProofAsync(Key);
        await RefusedAsync(message, "not hexadecimal", HttpStatusCode.Unauthorized, SignInErrors.SignatureInvalid, "signature");
        (message, signature) = await _host.ProofAsync(Key);
        await RefusedAsync(message, "0x" + new string('0', 200), HttpStatusCode.BadRequest, SignInErrors.ChainUnsupported, "message.chainId");
        (message, signature) = await _host.ProofAsync(Key);
        await RefusedAsync(
            message.Replace("127.0.0.1", "evil.example", StringComparison.Ordinal), signature, HttpStatusCode.Unauthorized, SignInErrors.DomainNotAllowed, "message.domain");
    }

    private async Task RefusedAsync(string message, string signature, HttpStatusCode status, string code, string field) =>
        (await _host!.SendAsync(HttpMethod.Post, "/user/auth/verify", new SignInRequest { Message = message, Signature = signature })).Refused(status, code, field);
}
