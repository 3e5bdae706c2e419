using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Configuration;
using Microsoft.IdentityModel.Tokens;

namespace CoolChat.ServiceDefaults.Peers;

/// <summary>Calls one other service as this one. What does not answer, or not properly, is a refusal <c>unavailable</c>.</summary>
internal sealed class PeerClient : IDisposable
{
    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(30);

    private readonly string _self;
    private readonly string _target;
    private readonly SymmetricSecurityKey _key;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    /// <exception cref="StartException">The target's address or key is missing or wrong.</exception>
    public PeerClient(string self, string target, IConfiguration configuration, TimeProvider time)
    {
        _self = self;
        _target = target;
        _time = time;
        _key = PeerTokens.ReadKey(configuration, PeerTokens.CallKey(target));
        _http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(3),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        })
        {
            BaseAddress = AddressOf(configuration, target),
            Timeout = MostWait,
        };
    }

    /// <exception cref="StartException">It is missing or no address.</exception>
    public static Uri AddressOf(IConfiguration configuration, string target)
    {
        string key = PeerTokens.AddressKey(target);
        return Uri.TryCreate(configuration[key], UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
            ? address
            : throw new StartException($"{key} is not set to the address of the {target} service, like http://10.0.0.5:8080.");
    }

    /// <summary>What is there, or null for 404.</summary>
    public async ValueTask<T?> FindAsync<T>(string path, CancellationToken cancellationToken)
        where T : class
    {
        using HttpResponseMessage? response = await SendAsync(HttpMethod.Get, path, cancellationToken);
        return response is null ? null : await ReadAsync<T>(response, cancellationToken);
    }

    /// <summary>The answer to a question that doesn't fit into an address.</summary>
    public async ValueTask<T> AskAsync<T>(string path, object question, CancellationToken cancellationToken)
        where T : class
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, path, question, cancellationToken) ?? throw Missing(path);
        return await ReadAsync<T>(response, cancellationToken);
    }

    /// <summary>The same where it may be a refusal, which is passed on.</summary>
    public async ValueTask<Result<T>> AskForResultAsync<T>(string path, object question, CancellationToken cancellationToken)
    {
        PeerAnswer<T> answer = await AskAsync<PeerAnswer<T>>(path, question, cancellationToken);
        return answer.Value is null && answer.Refusal is null ? throw Away(null) : answer.ToResult();
    }

    /// <summary>Tells something; done when this returns.</summary>
    public async ValueTask TellAsync(string path, object what, CancellationToken cancellationToken)
    {
        using HttpResponseMessage done = await SendAsync(HttpMethod.Post, path, what, cancellationToken) ?? throw Missing(path);
    }

    /// <summary>The answer once its headers are there; null for 404.</summary>
    public ValueTask<HttpResponseMessage?> SendAsync(HttpMethod method, string path, CancellationToken cancellationToken) =>
        SendAsync(method, path, null, cancellationToken);

    /// <summary>Where there is always an answer, 404 means that nobody offers this.</summary>
    public RefusedException Missing(string path) => Away(new HttpRequestException($"{path} of {_target}: 404", null, HttpStatusCode.NotFound));

    private async ValueTask<HttpResponseMessage?> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", PeerTokens.Create(_self, _target, _key, _time));
        if (body is not null)
            request.Content = JsonContent.Create(body, body.GetType(), options: CoolChatJson.Options);
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Away(failure);
        }
        if (response.IsSuccessStatusCode)
            return response;
        HttpStatusCode status = response.StatusCode;
        response.Dispose();
        return status == HttpStatusCode.NotFound ? null : throw Away(new HttpRequestException($"{method} {path} of {_target}: {(int)status}", null, status));
    }

    private async ValueTask<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(CoolChatJson.Options, cancellationToken) ?? throw Away(null);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or System.Text.Json.JsonException)
        {
            throw Away(failure);
        }
    }

    private RefusedException Away(Exception? failure) =>
        new(new Refusal(ErrorCodes.Unavailable, $"The {_target} service does not answer just now; try again later.", RetryAfter: 2), failure);

    public void Dispose() => _http.Dispose();
}
