using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CoolChat.Contracts;

namespace CoolChat.Client;

/// <summary>HTTP calls with the wire's JSON rules; a refusal becomes a <see cref="CoolChatException"/>.</summary>
internal sealed class RestClient(HttpClient http, Uri server)
{
    /// <summary>Gives a valid access token; another one than the given, which was refused.</summary>
    public Func<string?, CancellationToken, ValueTask<string>>? Token { get; set; }

    public Uri Server { get; } = server;

    public HttpClient Http => http;

    public Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) => SendAsync<T>(HttpMethod.Get, path, null, cancellationToken);

    public Task<T> PostAsync<T>(string path, object? body, CancellationToken cancellationToken) => SendAsync<T>(HttpMethod.Post, path, body, cancellationToken);

    public async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await ExchangeAsync(method, path, body, cancellationToken);
        await using Stream content = await response.Content.ReadAsStreamAsync(cancellationToken);
        return await JsonSerializer.DeserializeAsync<T>(content, CoolChatJson.Options, cancellationToken)
            ?? throw new CoolChatException(ErrorCodes.Internal, $"{method} {path} answered null.");
    }

    public async Task SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await ExchangeAsync(method, path, body, cancellationToken);
    }

    /// <summary>Sends with the token, renewing it once when it is refused. The caller disposes of the answer, which is a success.</summary>
    public async Task<HttpResponseMessage> ExchangeAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await AttemptAsync(method, path, body, refused: null, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized && Token is not null)
        {
            string? refused = response.RequestMessage?.Headers.Authorization?.Parameter;
            response.Dispose();
            response = await AttemptAsync(method, path, body, refused, cancellationToken);
        }
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await RefusalAsync(response, cancellationToken);
    }

    private async Task<HttpResponseMessage> AttemptAsync(HttpMethod method, string path, object? body, string? refused, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, new Uri(Server, path));
        if (Token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await Token(refused, cancellationToken));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), CoolChatJson.Options));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public static async Task<CoolChatException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        Problem problem = new();
        try
        {
            byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            problem = JsonSerializer.Deserialize<Problem>(body, CoolChatJson.Options) ?? problem;
        }
        catch (JsonException)
        {
            // A proxy in between answers with its own pages: the status still tells.
        }
        TimeSpan? retryAfter = response.Headers.RetryAfter?.Delta
            ?? (problem.RetryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        return new CoolChatException(problem.Code ?? $"http_{(int)response.StatusCode}", problem.Detail ?? problem.Title ?? response.ReasonPhrase ?? "Refused.", problem.Field)
        {
            Status = response.StatusCode,
            RetryAfter = retryAfter,
        };
    }

    private sealed record Problem
    {
        public string? Code { get; init; }
        public string? Title { get; init; }
        public string? Detail { get; init; }
        public string? Field { get; init; }
        public int? RetryAfter { get; init; }
    }
}
