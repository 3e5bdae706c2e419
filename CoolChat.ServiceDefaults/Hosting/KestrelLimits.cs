using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CoolChat.ServiceDefaults.Hosting;

/// <summary>What one connection may ask of any process: small requests, complete headers soon, bodies that keep coming.</summary>
public static class KestrelLimits
{
    private const long MaxRequestBody = 1L << 20;

    /// <summary>Sets them. Endpoints that take more than a command (parts of uploads) raise the body limit for themselves.</summary>
    public static void Apply(KestrelServerOptions kestrel)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaxRequestBody;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.MaxRequestLineSize = 8 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        kestrel.Limits.MaxConcurrentConnections = 20_000;
        kestrel.Limits.MaxConcurrentUpgradedConnections = 50_000;
    }
}
