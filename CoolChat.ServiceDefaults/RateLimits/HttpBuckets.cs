using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Identity;
using CoolChat.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace CoolChat.ServiceDefaults.RateLimits;

/// <summary>Token buckets of network addresses, for the whole and for some paths, and of access tokens. A request takes one of each that it concerns.</summary>
internal sealed class HttpBuckets : PartitionedRateLimiter<HttpContext>, ISharedBuckets
{
    private const int Whole = 0;
    private const string Bearer = "Bearer ";
    private readonly bool _enabled;
    private readonly PathString[] _paths;
    private readonly TokenBuckets<UInt128> _addresses;
    private readonly TokenBuckets<UInt128>? _tokens;

    public HttpBuckets(IOptions<HttpRateLimitOptions> options, TimeProvider time)
    {
        HttpRateLimitOptions limits = options.Value;
        _enabled = limits.Enabled;
        _paths = [.. limits.Routes.Values.Select(route => new PathString(route.Path))];
        _addresses = new TokenBuckets<UInt128>(
            "address",
            [new TokenBucket("all", limits.PerSecond, limits.Burst), .. limits.Routes.Select(route => new TokenBucket(route.Key, route.Value.PerSecond, route.Value.Burst))],
            Format, time);
        if (limits.Token is { } token)
            _tokens = new TokenBuckets<UInt128>("token", [new TokenBucket("all", token.PerSecond, token.Burst)], Format, time);
    }

    public void Share()
    {
        _addresses.Share();
        _tokens?.Share();
    }

    public IReadOnlyList<Given> TakeGiven(int most)
    {
        IReadOnlyList<Given> given = _addresses.TakeGiven(most);
        return _tokens is null || given.Count == most ? given : [.. given, .. _tokens.TakeGiven(most - given.Count)];
    }

    public override RateLimiterStatistics? GetStatistics(HttpContext resource) => null;

    protected override RateLimitLease AttemptAcquireCore(HttpContext resource, int permitCount) =>
        _enabled && Take(resource) is { } wait ? new Refused(wait) : Passed.Lease;

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(HttpContext resource, int permitCount, CancellationToken cancellationToken) =>
        new(AttemptAcquireCore(resource, permitCount));

    private TimeSpan? Take(HttpContext context)
    {
        PathString path = context.Request.Path;
        UInt128 address = KeyOf(context.Connection.RemoteIpAddress);
        bool isFree = Probes.IsProbe(path) || path.StartsWithSegments(AccessTokens.HubPath, StringComparison.Ordinal);
        if (!isFree && _addresses.Take(address, Whole) is { } wait)
            return wait;
        for (int i = 0; i < _paths.Length; i++)
        {
            if (path.StartsWithSegments(_paths[i], StringComparison.OrdinalIgnoreCase) && _addresses.Take(address, i + 1) is { } routeWait)
                return routeWait;
        }
        return !isFree && _tokens is not null && TokenOf(context) is { } token ? _tokens.Take(token, Whole) : null;
    }

    /// <summary>IPv4 by address; IPv6 by /64, because that much belongs to one subscriber.</summary>
    internal static UInt128 KeyOf(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        if (address is null)
            return UInt128.Zero;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            bytes[8..].Clear();
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>Half of the token's hash: it is no secret, and no token leads to it.</summary>
    private static UInt128? TokenOf(HttpContext context)
    {
        string? header = context.Request.Headers.Authorization;
        if (header is null || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return null;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(header), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    private static string Format(UInt128 key) => key.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);

    private sealed class Passed : RateLimitLease
    {
        public static readonly Passed Lease = new();

        public override bool IsAcquired => true;

        public override IEnumerable<string> MetadataNames => [];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }
    }

    private sealed class Refused(TimeSpan wait) : RateLimitLease
    {
        public override bool IsAcquired => false;

        public override IEnumerable<string> MetadataNames => [MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            bool known = metadataName == MetadataName.RetryAfter.Name;
            metadata = known ? wait : null;
            return known;
        }
    }
}
