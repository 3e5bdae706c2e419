using System.Collections.Frozen;
using Microsoft.Net.Http.Headers;

namespace CoolChat.Media.Objects;

/// <summary>Which types exist, what they really are, and which a browser may show on our origin.</summary>
internal static class MediaTypes
{
    public const string Unknown = "application/octet-stream";
    private const int MaxLength = 127;

    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["image/jpg"] = "image/jpeg",
        ["image/pjpeg"] = "image/jpeg",
        ["image/x-png"] = "image/png",
        ["audio/mp3"] = "audio/mpeg",
        ["audio/x-m4a"] = "audio/mp4",
        ["audio/m4a"] = "audio/mp4",
        ["audio/x-wav"] = "audio/wav",
        ["audio/wave"] = "audio/wav",
        ["audio/vnd.wave"] = "audio/wav",
        ["audio/x-flac"] = "audio/flac",
        ["video/x-m4v"] = "video/mp4",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Shown in place: formats that carry no script. SVG, HTML, XML and PDF never are.</summary>
    private static readonly FrozenSet<string> Inline = FrozenSet.ToFrozenSet(
    [
        "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif",
        "video/mp4", "video/webm", "video/ogg",
        "audio/mpeg", "audio/mp4", "audio/ogg", "audio/webm", "audio/wav", "audio/flac", "audio/aac",
    ], StringComparer.Ordinal);

    /// <summary>The announced type in lower case without parameters; null when it is none (RFC 9110, 8.3.1).</summary>
    public static string? Parse(string? announced)
    {
        if (string.IsNullOrEmpty(announced))
            return Unknown;
        if (announced.Length > MaxLength || !MediaTypeHeaderValue.TryParse(announced, out MediaTypeHeaderValue? value)
            || value.MatchesAllTypes || value.MatchesAllSubTypes || value.MediaType.Value is not { } type)
            return null;
        string lower = type.ToLowerInvariant();
        return Aliases.GetValueOrDefault(lower, lower);
    }

    /// <summary>What to keep: an announced image, video or audio only when the bytes begin like one.</summary>
    public static string Settle(string announced, ReadOnlySpan<byte> head)
    {
        if (!IsPerceived(announced))
            return announced;
        return ContentSniffer.Candidates(head).Contains(announced, StringComparer.Ordinal) ? announced : Unknown;
    }

    public static bool IsInline(string contentType) => Inline.Contains(contentType);

    private static bool IsPerceived(string type) =>
        type.StartsWith("image/", StringComparison.Ordinal)
        || type.StartsWith("video/", StringComparison.Ordinal)
        || type.StartsWith("audio/", StringComparison.Ordinal);
}
