using System.Collections.Concurrent;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoolChat.Gateway.Proxy;

/// <summary>
/// An orderly end. Told to stop, the gateway says at /health that it is going, serves on for <c>Edge:Drain</c>, takes no new WebSockets and cuts those
/// it has at random moments of that time; only then the host stops listening.
/// </summary>
internal sealed partial class Draining(IOptions<EdgeOptions> options, TimeProvider time, ILogger<Draining> logger) : IHostedLifecycleService, IHealthCheck
{
    private static readonly Refusal Going = new(ErrorCodes.Unavailable, "This gateway is about to stop; connect again.", RetryAfter: 1);

    private readonly ConcurrentDictionary<HttpContext, bool> _sockets = [];
    private volatile bool _going;

    /// <summary>Open WebSockets.</summary>
    public int Sockets => _sockets.Count;

    public async Task TrackAsync(HttpContext context, Func<Task> next)
    {
        bool isSocket = IsSocket(context);
        if (_going && isSocket)
        {
            await Going.ToProblem().ExecuteAsync(context);
            return;
        }
        if (_going && HttpProtocol.IsHttp11(context.Request.Protocol))
            context.Response.Headers.Connection = "close";
        if (!isSocket)
        {
            await next();
            return;
        }
        _sockets[context] = true;
        try
        {
            await next();
        }
        finally
        {
            _sockets.TryRemove(context, out _);
        }
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_going ? HealthCheckResult.Unhealthy("stopping") : HealthCheckResult.Healthy());

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _going = true;
        TimeSpan drain = options.Value.Drain;
        LogDraining(logger, _sockets.Count, drain);
        try
        {
            await Task.WhenAll([Task.Delay(drain, time, cancellationToken), .. _sockets.Keys.Select(socket => CutAsync(socket, drain, cancellationToken))]);
        }
        catch (OperationCanceledException)
        {
            // The host's time is up: it ends what is left.
        }
    }

    private async Task CutAsync(HttpContext socket, TimeSpan within, CancellationToken cancellationToken)
    {
        await Task.Delay(within * Random.Shared.NextDouble(), time, cancellationToken);
        // Not when it has ended by itself: its context may serve somebody else by now.
        if (_sockets.ContainsKey(socket))
            socket.Abort();
    }

    private static bool IsSocket(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest == true || context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect == true;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(210, LogLevel.Information, "Stopping: {Sockets} WebSockets are cut within {Drain}")]
    private static partial void LogDraining(ILogger logger, int sockets, TimeSpan drain);
}
