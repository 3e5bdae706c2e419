using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace CoolChat.Gateway.Proxy;

/// <summary>What the proxy could not do, as problem details with a stable code.</summary>
internal static class ProxyProblems
{
    private static readonly Refusal TooLarge = new(ErrorCodes.TooLarge, "The request is larger than allowed.");

    public static async Task AnswerAsync(HttpContext context, Func<Task> next)
    {
        // Refused before a byte of it is passed on.
        if (context.GetReverseProxyFeature().Route.Config.MaxRequestBodySize is { } most and >= 0 && context.Request.ContentLength > most)
        {
            await TooLarge.ToProblem().ExecuteAsync(context);
            return;
        }
        await next();
        if (context.Features.Get<IForwarderErrorFeature>() is { } error && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested
            && Describe(error) is { } refusal)
        {
            await refusal.ToProblem().ExecuteAsync(context);
        }
    }

    private static Refusal? Describe(IForwarderErrorFeature failure) => failure.Error switch
    {
        _ when IsTooLarge(failure.Exception) => TooLarge,
        ForwarderError.NoAvailableDestinations => new(ErrorCodes.Unavailable, "The service is not there just now; try again later.", RetryAfter: 2),
        ForwarderError.RequestTimedOut => new(ErrorCodes.GatewayTimeout, "The service did not answer in time; try again later."),
        ForwarderError.RequestBodyClient => new(ErrorCodes.Invalid, "The request's body ended too early."),
        ForwarderError.Request or ForwarderError.RequestCreation or ForwarderError.RequestBodyDestination or ForwarderError.ResponseHeaders
            or ForwarderError.ResponseBodyDestination or ForwarderError.UpgradeRequestDestination or ForwarderError.UpgradeResponseDestination =>
            new(ErrorCodes.BadGateway, "The service gave no proper answer; try again later.", RetryAfter: 1),
        _ => null,
    };

    private static bool IsTooLarge(Exception? exception) => exception switch
    {
        BadHttpRequestException bad => bad.StatusCode == StatusCodes.Status413PayloadTooLarge,
        AggregateException many => many.InnerExceptions.Any(IsTooLarge),
        { InnerException: { } inner } => IsTooLarge(inner),
        _ => false,
    };
}
