using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace CoolChat.EndToEndTests.Refusals;

/// <summary>Sends what should be refused and collects every answer that is not what a refusal must be, so that one run tells all of them.</summary>
internal sealed class Probe : IDisposable
{
    private const int Shown = 60;
    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(60);
    private readonly ConcurrentBag<string> _faults = [];

    private Probe(HttpClient http, IReadOnlyList<Operation> operations)
    {
        Http = http;
        Operations = operations;
    }

    public HttpClient Http { get; }

    /// <summary>Everything that the server says it offers.</summary>
    public IReadOnlyList<Operation> Operations { get; }

    public static async Task<Probe> StartAsync(Uri server)
    {
        // A client that sends a large body without waiting for the word to would find the connection closed instead of the refusal.
        HttpClient http = new(new SocketsHttpHandler { Expect100ContinueTimeout = MostWait }) { BaseAddress = server, Timeout = MostWait };
        return new Probe(http, await Api.DiscoverAsync(http));
    }

    public void Note(string fault) => _faults.Add(fault);

    public void AssertNoFaults() =>
        Assert.True(_faults.IsEmpty, $"{_faults.Count} faults:\n" + string.Join('\n', _faults.Order(StringComparer.Ordinal).Take(Shown)));

    public async Task SendAsync(
        Operation operation, string what, string path, string? token, HttpContent? content = null, bool mustRefuse = true, HttpStatusCode? status = null)
    {
        try
        {
            using HttpResponseMessage response = await ExchangeAsync(operation.Method, path, token, content);
            string? fault = await Refused.FaultAsync(response, mustRefuse);
            if (fault is null && status is not null && response.StatusCode != status)
                fault = $"answered {(int)response.StatusCode}, not {(int)status}";
            if (fault is not null)
                Note($"{operation} {what}: {fault[..Math.Min(fault.Length, 300)]}");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            Note($"{operation} {what}: {exception.Message}");
        }
    }

    public async Task<HttpResponseMessage> ExchangeAsync(HttpMethod method, string path, string? token, HttpContent? content = null)
    {
        using HttpRequestMessage request = new(method, new Uri(path, UriKind.Relative)) { Content = content };
        // As a careful client does: a body that is too large is refused before it is sent.
        request.Headers.ExpectContinue = content?.Headers.ContentLength > 1 << 19;
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Http.SendAsync(request);
    }

    public static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    public static ByteArrayContent Json(string body) => Json(Encoding.UTF8.GetBytes(body));

    /// <summary>A body where one is due.</summary>
    public static ByteArrayContent? Plausible(Operation operation) => operation.BodyProperties is null ? null : Json("{}");

    public void Dispose() => Http.Dispose();
}
