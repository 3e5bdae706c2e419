using CoolChat.User.Auth;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CoolChat.User.SignIn;

/// <summary>Puts <see cref="ProveWallet"/> together.</summary>
internal static class WalletProofSetup
{
    public static IServiceCollection AddWalletProof(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<EthereumOptions>, EthereumOptionsValidator>();
        services.AddOptions<EthereumOptions>().BindConfiguration(EthereumOptions.Section, static binder => binder.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        // Without the defaults for outgoing calls: EthereumRpc has its own time limit, and one chain's failures must not open a breaker for the others.
        // A redirect would carry the question to an endpoint that nobody configured.
        IHttpClientBuilder client = services.AddHttpClient(EthereumRpc.ClientName).ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        });
#pragma warning disable EXTEXP0001 // Marked as an evaluation since 9.0; there is no other way to leave the defaults out, and a change would not compile.
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        services.AddSingleton<EthereumRpc>();
        services.AddSingleton<ContractWalletVerifier>();
        services.AddSingleton<SignInNonces>();
        services.AddSingleton<SignInPolicy>();
        services.AddSingleton<IWalletProofs, ProveWallet>();
        return services;
    }
}
