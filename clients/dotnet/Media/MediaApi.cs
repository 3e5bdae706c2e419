using System.Net.Http.Headers;
using System.Security.Cryptography;
using CoolChat.Contracts;

namespace CoolChat.Client;

/// <summary>Uploads and downloads of media. Every method throws <see cref="CoolChatException"/> on a refusal.</summary>
public sealed class MediaApi
{
    private const int ParallelParts = 4;
    private const int AttemptsPerPart = 4;
    private readonly RestClient _rest;

    internal MediaApi(RestClient rest) => _rest = rest;

    /// <summary>Uploads a file in parallel parts; a part that fails is tried again.</summary>
    /// <param name="path">The file.</param>
    /// <param name="contentType">Its media type.</param>
    /// <param name="progress">Told the bytes that have arrived.</param>
    /// <param name="cancellationToken">Stops the upload and takes it back.</param>
    /// <returns>What a message's content may show.</returns>
    public async Task<Attachment> UploadAsync(string path, string contentType, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
        string sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        UploadView ticket = await BeginAsync(new StartUploadRequest { FileName = Path.GetFileName(path), ContentType = contentType, Size = file.Length, Sha256 = sha256 }, cancellationToken);
        try
        {
            long done = 0;
            ParallelOptions parallel = new() { MaxDegreeOfParallelism = ParallelParts, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(ticket.Parts, parallel, async (part, token) =>
            {
                byte[] bytes = await ReadPartAsync(file, ticket, part, token);
                await PutPartAsync(part, bytes, token);
                progress?.Report(Interlocked.Add(ref done, bytes.Length));
            });
            MediaView media = await CompleteAsync(ticket.UploadId, cancellationToken);
            return new Attachment { MediaId = media.MediaId, FileName = media.FileName, ContentType = media.ContentType, Size = media.Size };
        }
        catch (Exception)
        {
            await TryAbandonAsync(ticket.UploadId);
            throw;
        }
    }

    /// <summary>Begins an upload; refused before the first byte when it is too large or over the quota.</summary>
    public Task<UploadView> BeginAsync(StartUploadRequest request, CancellationToken cancellationToken = default) =>
        _rest.PostAsync<UploadView>("media/uploads", request, cancellationToken);

    /// <summary>Sends one part to where its ticket says.</summary>
    public async Task PutPartAsync(UploadPartView part, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(part);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                using HttpRequestMessage request = new(HttpMethod.Put, new Uri(_rest.Server, part.Url)) { Content = new ReadOnlyMemoryContent(bytes) };
                foreach ((string name, string value) in part.Headers)
                {
                    if (!request.Headers.TryAddWithoutValidation(name, value))
                        request.Content.Headers.TryAddWithoutValidation(name, value);
                }
                using HttpResponseMessage response = await _rest.Http.SendAsync(request, cancellationToken);
                if (response.IsSuccessStatusCode)
                    return;
                throw await RestClient.RefusalAsync(response, cancellationToken);
            }
            catch (Exception exception) when (attempt < AttemptsPerPart && exception is HttpRequestException or CoolChatException { Status: >= System.Net.HttpStatusCode.InternalServerError })
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200 << attempt), cancellationToken);
            }
        }
    }

    /// <summary>Ends an upload whose parts are all in: it is checked and becomes media.</summary>
    public Task<MediaView> CompleteAsync(Guid uploadId, CancellationToken cancellationToken = default) =>
        _rest.SendAsync<MediaView>(HttpMethod.Post, $"media/uploads/{uploadId}/complete", new { }, cancellationToken);

    /// <summary>Which parts have arrived, to go on with an interrupted upload.</summary>
    public Task<UploadView> FindUploadAsync(Guid uploadId, CancellationToken cancellationToken = default) =>
        _rest.GetAsync<UploadView>($"media/uploads/{uploadId}", cancellationToken);

    /// <summary>Takes an upload back.</summary>
    public Task AbandonAsync(Guid uploadId, CancellationToken cancellationToken = default) =>
        _rest.SendAsync(HttpMethod.Delete, $"media/uploads/{uploadId}", null, cancellationToken);

    /// <summary>A short-lived address that needs no token.</summary>
    public async Task<Uri> UrlAsync(Guid mediaId, CancellationToken cancellationToken = default) =>
        new(_rest.Server, (await _rest.GetAsync<MediaUrlView>($"media/{mediaId}/url", cancellationToken)).Url);

    /// <summary>Downloads to a stream.</summary>
    /// <param name="mediaId">The media.</param>
    /// <param name="target">Where to.</param>
    /// <param name="from">First byte, to go on with an interrupted download.</param>
    /// <param name="progress">Told the bytes written.</param>
    /// <param name="cancellationToken">Stops the download.</param>
    public async Task DownloadAsync(Guid mediaId, Stream target, long from = 0, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        using HttpRequestMessage request = new(HttpMethod.Get, await UrlAsync(mediaId, cancellationToken));
        if (from > 0)
            request.Headers.Range = new RangeHeaderValue(from, null);
        using HttpResponseMessage response = await _rest.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw await RestClient.RefusalAsync(response, cancellationToken);
        await using Stream source = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[64 * 1024];
        long written = 0;
        for (int read; (read = await source.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            progress?.Report(written += read);
        }
    }

    private static async Task<byte[]> ReadPartAsync(FileStream file, UploadView ticket, UploadPartView part, CancellationToken cancellationToken)
    {
        long offset = (part.Number - 1) * ticket.PartSize;
        byte[] bytes = new byte[Math.Max(0, Math.Min(ticket.PartSize, file.Length - offset))];
        for (int read = 0; read < bytes.Length;)
        {
            int more = await RandomAccess.ReadAsync(file.SafeFileHandle, bytes.AsMemory(read), offset + read, cancellationToken);
            if (more == 0)
                throw new EndOfStreamException("The file became shorter during the upload.");
            read += more;
        }
        return bytes;
    }

    private async Task TryAbandonAsync(Guid uploadId)
    {
        try
        {
            await AbandonAsync(uploadId, CancellationToken.None);
        }
        catch (Exception exception) when (exception is HttpRequestException or CoolChatException)
        {
            // The server sweeps what was left behind.
        }
    }
}
