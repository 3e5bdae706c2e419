using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Identity;
using CoolChat.ServiceDefaults.Problems;
using CoolChat.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CoolChat.ServiceDefaults.RateLimits;

/// <summary>Section <c>RateLimits:Http</c>: how much one network address may ask over HTTP. Hub calls have limits of their own, by person.</summary>
internal sealed class HttpRateLimitOptions
{
    public const string Section = "RateLimits:Http";

    /// <summary>Off only for measurements, or behind an edge that limits.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Requests a second, for as long as one likes. An office behind one address fits in.</summary>
    public int PerSecond { get; set; } = 100;

    /// <summary>Requests at once.</summary>
    public int Burst { get; set; } = 2_000;

    /// <summary>Tighter limits for parts of the address space, by a name of one's choice; each counts for itself, beside the whole.</summary>
    public Dictionary<string, RouteRateLimit> Routes { get; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>How much one network address may ask below one path.</summary>
internal sealed class RouteRateLimit
{
    /// <summary>Where it counts: /user/auth.</summary>
    public string Path { get; set; } = "";

    /// <summary>Requests a second, for as long as one likes.</summary>
    public int PerSecond { get; set; }

    /// <summary>Requests at once.</summary>
    public int Burst { get; set; }
}

internal static class HttpRateLimits
{
    public static void AddHttpRateLimits(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<HttpRateLimitOptions>().BindConfiguration(HttpRateLimitOptions.Section, static binder => binder.ErrorOnUnknownConfiguration = true)
            .Validate(options => options.PerSecond is >= 1 and <= 1_000_000, HttpRateLimitOptions.Section + ":PerSecond is a number from 1 to 1000000.")
            .Validate(options => options.Burst is >= 1 and <= 10_000_000, HttpRateLimitOptions.Section + ":Burst is a number from 1 to 10000000.")
            .Validate(options => options.Routes.Values.All(IsLimit), HttpRateLimitOptions.Section + ":Routes: each has a Path like /user/auth, and PerSecond and Burst from 1 to 1000000.")
            .ValidateOnStart();
        builder.Services.AddRateLimiter(_ => { });
        builder.Services.AddOptions<RateLimiterOptions>().Configure<IOptions<HttpRateLimitOptions>>((limiter, options) =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (context, _) => new ValueTask(RejectAsync(context));
            limiter.GlobalLimiter = Create(options.Value);
        });
    }

    private static PartitionedRateLimiter<HttpContext> Create(HttpRateLimitOptions options)
    {
        PartitionedRateLimiter<HttpContext> whole = PartitionedRateLimiter.Create<HttpContext, UInt128>(context => Partition(context, options));
        if (options.Routes.Count == 0)
            return whole;
        return PartitionedRateLimiter.CreateChained(
            [whole, .. options.Routes.Values.Select(route => PartitionedRateLimiter.Create<HttpContext, UInt128>(context => Partition(context, options, route)))]);
    }

    private static bool IsLimit(RouteRateLimit route) =>
        route.Path.StartsWith('/') && route.PerSecond is >= 1 and <= 1_000_000 && route.Burst is >= 1 and <= 1_000_000;

    private static RateLimitPartition<UInt128> Partition(HttpContext context, HttpRateLimitOptions options, RouteRateLimit route) =>
        options.Enabled && context.Request.Path.StartsWithSegments(route.Path, StringComparison.OrdinalIgnoreCase)
            ? Bucket(context, route.Burst, route.PerSecond)
            : RateLimitPartition.GetNoLimiter(UInt128.Zero);

    private static RateLimitPartition<UInt128> Partition(HttpContext context, HttpRateLimitOptions options)
    {
        PathString path = context.Request.Path;
        if (!options.Enabled || Probes.IsProbe(path) || path.StartsWithSegments(AccessTokens.HubPath, StringComparison.Ordinal))
            return RateLimitPartition.GetNoLimiter(UInt128.Zero);
        return Bucket(context, options.Burst, options.PerSecond);
    }

    private static RateLimitPartition<UInt128> Bucket(HttpContext context, int burst, int perSecond) =>
        RateLimitPartition.GetTokenBucketLimiter(KeyOf(context.Connection.RemoteIpAddress), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        });

    /// <summary>IPv4 by address; IPv6 by /64, because that much belongs to one subscriber. Never zero, which is the unlimited partition.</summary>
    internal static UInt128 KeyOf(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        if (address is null)
            return UInt128.One;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            bytes[8..].Clear();
        bytes[15] |= 1;
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static Task RejectAsync(OnRejectedContext context)
    {
        int seconds = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
        Refusal refusal = new(ErrorCodes.RateLimited, "Too many requests from your network address; try again later.", RetryAfter: seconds);
        return ProblemWriter.WriteAsync(context.HttpContext, ProblemMapping.ToDetails(refusal));
    }
}
