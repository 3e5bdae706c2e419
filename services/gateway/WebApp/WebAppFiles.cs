using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace CoolChat.Gateway.WebApp;

/// <summary>
/// The files of the built web app, listed once at start: a request names one of them or nothing, so no path is ever made from what was asked.
/// </summary>
internal sealed partial class WebAppFiles
{
    private const string Index = "/index.html";
    private readonly FrozenDictionary<string, WebAppFile> _files;

    public WebAppFiles(IOptions<WebAppOptions> options, ILogger<WebAppFiles> logger)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, options.Value.WebApp);
        _files = List(folder).ToFrozenDictionary(StringComparer.Ordinal);
        if (!IsThere)
            LogMissing(logger, folder);
    }

    public bool IsThere => _files.ContainsKey(Index);

    public WebAppFile? Find(PathString path) => _files.GetValueOrDefault(path.Value ?? "");

    /// <summary>The page that finds out by itself what an address without a file means.</summary>
    public WebAppFile? Page => _files.GetValueOrDefault(Index);

    private static IEnumerable<KeyValuePair<string, WebAppFile>> List(string folder)
    {
        if (!Directory.Exists(folder))
            yield break;
        FileExtensionContentTypeProvider types = new();
        types.Mappings[".webmanifest"] = "application/manifest+json";
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            string name = "/" + Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
            if (Path.GetExtension(file) is ".br" or ".gz" || Path.GetFileName(file)[0] == '.' || !types.TryGetContentType(file, out string? type))
                continue;
            yield return new(name, new WebAppFile(file, type, CachingOf(name), Encoded(file, ".br"), Encoded(file, ".gz"), TagOf(file)));
        }
    }

    /// <summary>Names under /assets carry a hash of their content; everything else may change under its name.</summary>
    private static string CachingOf(string name) =>
        name.StartsWith("/assets/", StringComparison.Ordinal) ? "public, max-age=31536000, immutable"
        : name.EndsWith(".html", StringComparison.Ordinal) || name.EndsWith(".js", StringComparison.Ordinal) ? "no-cache"
        : "public, max-age=3600";

    private static string? Encoded(string file, string extension) => File.Exists(file + extension) ? file + extension : null;

    private static EntityTagHeaderValue TagOf(string file)
    {
        FileInfo info = new(file);
        return new EntityTagHeaderValue($"\"{info.LastWriteTimeUtc.Ticks:x}-{info.Length:x}\"", isWeak: true);
    }

    [LoggerMessage(200, LogLevel.Warning, "The web app is missing ({Folder}): the server runs without it. Install Node 20.19 or newer and build again.")]
    private static partial void LogMissing(ILogger logger, string folder);
}

/// <summary>A file of the web app, with its compressed forms where there are some.</summary>
internal sealed record WebAppFile(string Path, string ContentType, string Caching, string? Brotli, string? Gzip, EntityTagHeaderValue Tag);
