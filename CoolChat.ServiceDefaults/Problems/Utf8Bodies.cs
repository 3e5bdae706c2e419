using System.Buffers;
using System.IO.Pipelines;
using System.Text.Unicode;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace CoolChat.ServiceDefaults.Problems;

/// <summary>
/// JSON is UTF-8 throughout (RFC 8259 section 8.1). The serializer checks only what it reads, and skips members that it doesn't know: those would pass
/// whatever they hold. Bodies are bounded by the host's limit, and stay in the reader for whoever binds them.
/// </summary>
internal static class Utf8Bodies
{
    private const string Json = "application/json";

    public static void UseUtf8Bodies(this IApplicationBuilder app) => app.Use(RequireAsync);

    private static async Task RequireAsync(HttpContext context, RequestDelegate next)
    {
        if (TakesJson(context) && context.Request.HasJsonContentType() && !await IsUtf8Async(context.Request.BodyReader, context.RequestAborted))
            await ProblemWriter.WriteAsync(context, ProblemMapping.ToDetails(new Refusal(ErrorCodes.Invalid, "The body is not UTF-8.")));
        else
            await next(context);
    }

    private static bool TakesJson(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.Contains(Json, StringComparer.Ordinal) == true;

    private static async ValueTask<bool> IsUtf8Async(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await body.ReadAsync(cancellationToken);
            if (!read.IsCompleted)
            {
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }
            bool valid = IsUtf8(read.Buffer);
            body.AdvanceTo(read.Buffer.Start);
            return valid;
        }
    }

    private static bool IsUtf8(in ReadOnlySequence<byte> body)
    {
        if (body.IsSingleSegment)
            return Utf8.IsValid(body.FirstSpan);
        int length = (int)body.Length;
        byte[] whole = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            body.CopyTo(whole);
            return Utf8.IsValid(whole.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }
}
