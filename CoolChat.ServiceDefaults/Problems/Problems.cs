using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CoolChat.ServiceDefaults.Problems;

/// <summary>Every failure of an HTTP request ends as problem details with a stable code.</summary>
internal static class Problems
{
    public static void AddProblems(this IServiceCollection services)
    {
        // Before AddProblemDetails, whose own writer stays silent when the client doesn't accept JSON.
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails();
        services.AddExceptionHandler<ExceptionProblems>();
        // Malformed requests come as exceptions that tell what is wrong, in every environment.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
    }

    public static void UseProblems(this IApplicationBuilder app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages(pages => WriteAsync(pages.HttpContext, pages.HttpContext.Response.StatusCode));
        app.Use(RefuseForeignCharsets);
    }

    private static async Task WriteAsync(HttpContext context, int status) =>
        await ProblemWriter.WriteAsync(context, ProblemMapping.ToDetails(ProblemMapping.FromStatus(status)));

    /// <summary>The framework answers 500 to a charset that it doesn't know; JSON is UTF-8 anyway (RFC 8259 section 8.1).</summary>
    private static Task RefuseForeignCharsets(HttpContext context, RequestDelegate next)
    {
        bool foreign = Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            && type.Charset.HasValue
            && type.MediaType.Value!.Contains("json", StringComparison.OrdinalIgnoreCase)
            && !Microsoft.Net.Http.Headers.HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);
        return foreign ? WriteAsync(context, StatusCodes.Status415UnsupportedMediaType) : next(context);
    }
}
