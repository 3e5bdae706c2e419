using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CoolChat.Media.Objects;

/// <summary>
/// Serves bytes that strangers made on our own origin: never as something that runs. Types outside a short list of pictures, sound and
/// video are downloads; no type is guessed by the browser; and if something is opened as a page after all, it is in a sandbox.
/// </summary>
internal static class MediaResponse
{
    /// <param name="response">Gets the headers.</param>
    /// <param name="record">A complete object.</param>
    /// <param name="content">Its bytes; disposed by the result.</param>
    /// <param name="signed">A signed address names nobody and is new each time, so its answer may be kept; one for a token is asked again.</param>
    public static IResult Create(HttpResponse response, MediaRecord record, Stream content, bool signed)
    {
        bool inline = MediaTypes.IsInline(record.ContentType);
        ContentDispositionHeaderValue disposition = new(inline ? "inline" : "attachment");
        disposition.SetHttpFileName(record.FileName);
        IHeaderDictionary headers = response.Headers;
        headers.ContentDisposition = disposition.ToString();
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers[HeaderNames.CacheControl] = signed ? "private, max-age=3600, immutable" : "private, no-cache";
        return TypedResults.Stream(
            content,
            record.ContentType,
            fileDownloadName: null,
            record.CompletedAt,
            new EntityTagHeaderValue($"\"{record.Sha256}\""),
            enableRangeProcessing: true);
    }
}
