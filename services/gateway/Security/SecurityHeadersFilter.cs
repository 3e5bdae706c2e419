using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace CoolChat.Gateway.Security;

/// <summary>Puts the headers before everything else in the pipeline; set again when the exception handler has cleared the response.</summary>
internal sealed class SecurityHeadersFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, following) =>
        {
            SecurityHeaders.Apply(context);
            context.Response.OnStarting(() =>
            {
                if (context.Response.Headers.XContentTypeOptions.Count == 0)
                    SecurityHeaders.Apply(context);
                return Task.CompletedTask;
            });
            return following(context);
        });
        next(app);
    };
}
