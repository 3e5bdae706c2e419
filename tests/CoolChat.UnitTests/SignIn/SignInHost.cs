using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.UnitTests.User;
using CoolChat.User.Accounts;
using CoolChat.User.Auth;
using CoolChat.User.SignIn;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CoolChat.UnitTests.SignIn;

/// <summary>Proofs as the running user module judges them; messages that it takes, to be changed in one thing.</summary>
public sealed class SignInHost : IAsyncLifetime
{
    public const string Site = "https://chat.example.com";

    private readonly string[] _settings;
    private UserHost? _host;

    public SignInHost()
        : this("--Auth:PublicOrigins:0=" + Site)
    {
    }

    internal SignInHost(params string[] settings) => _settings = settings;

    internal FakeTimeProvider Clock => _host!.Time;

    internal SignInNonces Nonces => _host!.Services.GetRequiredService<SignInNonces>();

    internal PublicOrigins Origins => _host!.Services.GetRequiredService<PublicOrigins>();

    internal string Address => _host!.Origin;

    public async ValueTask InitializeAsync() => _host = await UserHost.StartAsync(settings: _settings);

    public ValueTask DisposeAsync() => _host!.DisposeAsync();

    internal static async Task<SignInHost> StartAsync(params string[] settings)
    {
        SignInHost host = new(settings);
        await host.InitializeAsync();
        return host;
    }

    internal SiweMessage Message(EthereumAddress address, ulong chainId = 1) => new()
    {
        Domain = "chat.example.com",
        Address = address,
        Statement = "Sign in to CoolChat.",
        Uri = Site,
        ChainId = chainId,
        Nonce = Nonces.Issue().Nonce,
        IssuedAt = Rfc3339Time.Of(Clock.GetUtcNow()),
    };

    internal Task<Result<WalletId>> ProveAsync(string message, byte[] signature) => _host!.Services.GetRequiredService<IWalletProofs>().VerifyAsync(
        new WalletProof { Message = message, Signature = "0x" + Convert.ToHexStringLower(signature) }, ProofContext.SignIn, CancellationToken.None);

    internal Task<Result<WalletId>> ProveAsync(SiweMessage message, TestWallet wallet) => ProveAsync(message.ToMessage(), wallet.Sign(message.ToMessage()));
}
