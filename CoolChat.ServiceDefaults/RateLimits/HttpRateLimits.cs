using System.Threading.RateLimiting;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CoolChat.ServiceDefaults.RateLimits;

/// <summary>Limits of HTTP requests by network address, path and token.</summary>
public static class HttpRateLimits
{
    /// <summary>The buckets of this process, to be added up with those of others that stand before the same services.</summary>
    public static ISharedBuckets GetHttpBuckets(this IServiceProvider services) => services.GetRequiredService<HttpBuckets>();

    internal static void AddHttpRateLimits(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IValidateOptions<HttpRateLimitOptions>, Rules>();
        builder.Services.AddOptions<HttpRateLimitOptions>().BindConfiguration(HttpRateLimitOptions.Section, static binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        builder.Services.AddSingleton<HttpBuckets>();
        builder.Services.AddRateLimiter(_ => { });
        builder.Services.AddOptions<RateLimiterOptions>().Configure<HttpBuckets>((limiter, buckets) =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (context, _) => new ValueTask(RejectAsync(context));
            limiter.GlobalLimiter = buckets;
        });
    }

    private static Task RejectAsync(OnRejectedContext context)
    {
        int seconds = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
        Refusal refusal = new(ErrorCodes.RateLimited, "Too many requests; try again later.", RetryAfter: seconds);
        return ProblemWriter.WriteAsync(context.HttpContext, ProblemMapping.ToDetails(refusal));
    }

    private sealed class Rules : IValidateOptions<HttpRateLimitOptions>
    {
        public ValidateOptionsResult Validate(string? name, HttpRateLimitOptions options) =>
            options.Check() is { } wrong ? ValidateOptionsResult.Fail(wrong) : ValidateOptionsResult.Success;
    }
}
