using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoolChat.Gateway.Tls;

/// <summary>
/// The certificate on disk, read again at handshakes, at most every few seconds: connections that are open stay open, which they would not if the
/// listener were replaced. Compared by content, since what renews certificates swaps links or writes in place.
/// </summary>
internal sealed partial class CertificateFiles(IOptions<TlsOptions> options, TimeProvider time, ILogger<CertificateFiles> logger)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    private readonly Lock _reading = new();
    private Pair? _pair;
    private long _readAt;

    public bool IsConfigured => !string.IsNullOrEmpty(options.Value.Certificate);

    /// <summary>The certificate of the moment with its chain.</summary>
    /// <exception cref="StartException">There has never been a good one.</exception>
    public SslStreamCertificateContext Current()
    {
        lock (_reading)
        {
            if (_pair is null || time.GetElapsedTime(_readAt) >= Between)
                Read();
            return _pair!.Context;
        }
    }

    private void Read()
    {
        _readAt = time.GetTimestamp();
        try
        {
            string certificate = File.ReadAllText(options.Value.Certificate!), key = File.ReadAllText(options.Value.Key!);
            if (_pair is { } known && known.Certificate == certificate && known.Key == key)
                return;
            _pair = new Pair(certificate, key, Load(certificate, key));
            LogRead(logger, _pair.Context.TargetCertificate.Subject, _pair.Context.TargetCertificate.NotAfter.ToUniversalTime());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            if (_pair is null)
                throw new StartException($"Edge:Tls: cannot read the certificate {options.Value.Certificate} with the key {options.Value.Key}: {failure.Message}", failure);
            // Halfway through a renewal, or a broken one: the old certificate is better than none.
            LogKept(logger, failure, _pair.Context.TargetCertificate.NotAfter.ToUniversalTime());
        }
    }

    private static SslStreamCertificateContext Load(string certificate, string key)
    {
        X509Certificate2Collection chain = [];
        chain.ImportFromPem(certificate);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificate, key), chain, offline: true);
    }

    private sealed record Pair(string Certificate, string Key, SslStreamCertificateContext Context);

    [LoggerMessage(212, LogLevel.Information, "Certificate read: {Subject}, valid until {Until:u}")]
    private static partial void LogRead(ILogger logger, string subject, DateTime until);

    [LoggerMessage(213, LogLevel.Error, "The certificate on disk can't be used; the one from before is served, valid until {Until:u}")]
    private static partial void LogKept(ILogger logger, Exception failure, DateTime until);
}
