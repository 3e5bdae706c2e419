using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CoolChat.Gateway.Tls;

/// <summary>TLS ends here: https addresses are served with the certificate of <c>Edge:Tls</c>.</summary>
internal static class TlsSetup
{
    public static void AddTls(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<TlsOptions>, TlsOptionsRules>();
        services.AddOptions<TlsOptions>().BindConfiguration(TlsOptions.Section).ValidateOnStart();
        services.AddSingleton<CertificateFiles>();
        services.AddOptions<KestrelServerOptions>().Configure<CertificateFiles>((kestrel, files) =>
        {
            if (!files.IsConfigured)
                return;
            // A certificate that can't be read ends the start, not the first connection.
            files.Current();
            kestrel.ConfigureHttpsDefaults(https => Serve(https, files));
        });
    }

    private static void Serve(HttpsConnectionAdapterOptions https, CertificateFiles files)
    {
        https.ServerCertificateSelector = (_, _) => files.Current().TargetCertificate;
        https.OnAuthenticate = (_, tls) =>
        {
            // The selector can't hand over those the certificate was issued by.
            tls.ServerCertificateSelectionCallback = null;
            tls.ServerCertificateContext = files.Current();
        };
    }
}
