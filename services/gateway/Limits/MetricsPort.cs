using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace CoolChat.Gateway.Limits;

/// <summary>
/// Where <c>Edge:MetricsPort</c> is set, /metrics is there on that port alone, to which nobody leads people. By the port of the connection: a Host header says
/// what its sender likes.
/// </summary>
internal sealed class MetricsPort(IOptionsMonitor<EdgeOptions> options) : IMiddleware
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        options.CurrentValue.MetricsPort is { } port
        && context.Connection.LocalPort != port
        && context.Request.Path.StartsWithSegments("/metrics", StringComparison.OrdinalIgnoreCase)
            ? Refusal.NotFound().ToProblem().ExecuteAsync(context)
            : next(context);
}
