using CoolChat.Contracts.Internal;
using CoolChat.User.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace CoolChat.UnitTests.SignIn;

/// <summary>The layer as a host puts it together, with a clock and keys of the test's own.</summary>
internal sealed class SignInHost : IAsyncDisposable
{
    public const string Purpose = "sign-in";
    public const int UsedCapacity = 50;
    public const string Site = "https://chat.example.com";

    private readonly WebApplication _app;

    public SignInHost(IEnumerable<KeyValuePair<string, string?>>? settings = null, string environment = "Production", TimeProvider? rpcClock = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings ?? [new("Auth:PublicOrigins:0", Site)]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(rpcClock ?? Clock);
        builder.Services.AddSingleton<INonceKeys>(Keys);
        builder.Services.AddSingleton<IUsedNonces>(new InMemoryUsedNonces(Clock, UsedCapacity));
        builder.AddWalletProof();
        _app = builder.Build();
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    public TestNonceKeys Keys { get; } = new();

    public SignInNonces Nonces => _app.Services.GetRequiredService<SignInNonces>();

    public HostOrigins Origins => _app.Services.GetRequiredService<HostOrigins>();

    public ICollection<string> Addresses => _app.Urls;

    public DateTimeOffset Now => _app.Services.GetRequiredService<TimeProvider>().GetUtcNow();

    public Task StartAsync() => _app.StartAsync();

    /// <summary>A message that this host takes: change it, and it is that change which is refused.</summary>
    public SiweMessage Message(EthereumAddress address, ulong chainId = 1) => new()
    {
        Domain = "chat.example.com",
        Address = address,
        Statement = "Sign in to CoolChat.",
        Uri = Site,
        ChainId = chainId,
        Nonce = Nonces.Issue(Purpose).Nonce,
        IssuedAt = Rfc3339Time.Of(Now),
    };

    public async Task<Result<ProvenWallet>> ProveAsync(string message, byte[] signature, string purpose = Purpose, string? requestId = null) =>
        await _app.Services.GetRequiredService<ProveWallet>().VerifyAsync(
            new WalletProof(message, "0x" + Convert.ToHexStringLower(signature), purpose, requestId), CancellationToken.None);

    public Task<Result<ProvenWallet>> ProveAsync(SiweMessage message, TestWallet wallet, string? requestId = null) =>
        ProveAsync(message.ToMessage(), wallet.Sign(message.ToMessage()), requestId: requestId);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

internal sealed class TestNonceKeys : INonceKeys
{
    public IReadOnlyList<ReadOnlyMemory<byte>> Current { get; set; } = [New(1)];

    public static ReadOnlyMemory<byte> New(byte seed) => Enumerable.Repeat(seed, 32).ToArray();
}
