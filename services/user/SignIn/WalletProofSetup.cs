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
        services.AddOptions<EthereumOptions>().BindConfiguration(EthereumOptions.Section).ValidateOnStart();
        // A redirect would carry the question to an endpoint that nobody configured.
        services.AddHttpClient(EthereumRpc.ClientName).ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        });
        services.AddSingleton<EthereumRpc>();
        services.AddSingleton<ContractWalletVerifier>();
        services.AddSingleton<SignInNonces>();
        services.AddSingleton<SignInPolicy>();
        services.AddSingleton<IWalletProofs, ProveWallet>();
        return services;
    }
}
