using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CoolChat.User.SignIn;

/// <summary>Puts <see cref="ProveWallet"/> and <see cref="SignInNonces"/> together; who calls it also registers <see cref="INonceKeys"/> and <see cref="IUsedNonces"/>.</summary>
internal static class WalletProofSetup
{
    public static IHostApplicationBuilder AddWalletProof(this IHostApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOptions<SignInOptions>().Bind(builder.Configuration.GetSection(SignInOptions.Section)).ValidateOnStart();
        services.AddOptions<EthereumOptions>().Bind(builder.Configuration.GetSection(EthereumOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SignInOptions>, SignInOptionsValidator>();
        services.AddSingleton<IValidateOptions<EthereumOptions>, EthereumOptionsValidator>();
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
        services.AddSingleton<HostOrigins>();
        services.AddSingleton<ProveWallet>();
        return builder;
    }
}
