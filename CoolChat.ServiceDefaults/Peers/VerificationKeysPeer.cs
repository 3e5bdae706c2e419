using System.Net.Http.Json;
using System.Text.Json;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace CoolChat.ServiceDefaults.Peers;

/// <summary>
/// <see cref="IVerificationKeys"/> from the user service's /.well-known/jwks.json. A new key is published ten minutes before it signs, so looking every minute
/// is early enough; while the user service is away the keys from before hold, and a process that never had any says at /health that it can't serve.
/// </summary>
internal sealed partial class VerificationKeysPeer(IConfiguration configuration, TimeProvider time, ILogger<VerificationKeysPeer> logger)
    : BackgroundService, IVerificationKeys, IHealthCheck
{
    private const int Coordinate = 32;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);

    private readonly Uri _address = new(PeerClient.AddressOf(configuration, "user"), "/.well-known/jwks.json");
    private volatile VerificationKey[] _keys = [];

    public IReadOnlyList<VerificationKey> Current => _keys;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_keys.Length > 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("no keys yet"));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using HttpClient http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = Every }) { Timeout = TimeSpan.FromSeconds(5) };
        while (!stoppingToken.IsCancellationRequested)
            await Task.Delay(await TryReadAsync(http, stoppingToken) ? Every : AgainAfter, time, stoppingToken);
    }

    private async Task<bool> TryReadAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            Jwks? read = await http.GetFromJsonAsync<Jwks>(_address, cancellationToken);
            VerificationKey[] keys = [.. (read?.Keys ?? []).Select(Import).OfType<VerificationKey>()];
            if (keys.Length == 0)
                return false;
            // The same list as long as it says the same: importing keys costs.
            if (!keys.Select(key => key.KeyId).SequenceEqual(_keys.Select(key => key.KeyId)))
                _keys = keys;
            return true;
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or FormatException
            || (failure is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogAway(logger, _address, failure.Message);
            return false;
        }
    }

    private static VerificationKey? Import(Jwk key)
    {
        if (key is not { Kty: "EC", Crv: "P-256", Kid: { Length: > 0 } id, X: { } x, Y: { } y })
            return null;
        byte[] left = Base64UrlEncoder.DecodeBytes(x), right = Base64UrlEncoder.DecodeBytes(y);
        return left.Length == Coordinate && right.Length == Coordinate ? new VerificationKey(id, left, right) : null;
    }

    private sealed record Jwks(IReadOnlyList<Jwk>? Keys);

    private sealed record Jwk(string? Kty, string? Crv, string? Kid, string? X, string? Y);

    [LoggerMessage(110, LogLevel.Warning, "The keys of access tokens can't be read from {Address}: {Reason}")]
    private static partial void LogAway(ILogger logger, Uri address, string reason);
}
