using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults;
using CoolChat.ServiceDefaults.Identity;
using CoolChat.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace CoolChat.UnitTests.ServiceDefaults;

/// <summary>A real Kestrel on a free port with nothing but the service defaults and a few endpoints.</summary>
internal sealed class DefaultsHost : IAsyncDisposable, IVerificationKeys, ISessionStatus
{
    private readonly WebApplication _app;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public DefaultsHost(params (string Key, string Value)[] settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value));
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 64 * 1024);
        builder.Services.AddSingleton<IVerificationKeys>(this);
        builder.Services.AddSingleton<ISessionStatus>(this);
        builder.AddServiceDefaults("test");
        _app = builder.Build();
        _app.MapServiceDefaults();
        _app.MapPost("/chat/echo", (EchoRequest request) => TypedResults.Ok(request));
        _app.MapGet("/chat/limit", (int limit) => TypedResults.Ok(limit));
        _app.MapGet("/chat/refuse", () => new Refusal(ErrorCodes.Busy, "Later.", "queue", 7).ToProblem());
        _app.MapGet("/chat/throw", void () => throw new InvalidOperationException("a secret of the server"));
        _app.MapGet("/chat/refused", void () => throw new RefusedException(new Refusal(ErrorCodes.StorageFull, "The disk is full.")));
        _app.MapGet("/user/who", (Caller caller) => TypedResults.Ok(caller)).RequireAuthorization();
        _app.MapGet("/chat/hub", (Caller caller) => TypedResults.Ok(caller)).RequireAuthorization();
    }

    public HashSet<Guid> Revoked { get; } = [];

    public HttpClient Client { get; private set; } = new();

    public IReadOnlyList<VerificationKey> Current { get; private set; } = [];

    public bool IsRevoked(Guid sessionId) => Revoked.Contains(sessionId);

    public static async Task<DefaultsHost> StartAsync(params (string Key, string Value)[] settings)
    {
        DefaultsHost host = new(settings);
        ECParameters key = host._key.ExportParameters(false);
        host.Current = [new VerificationKey("k1", key.Q.X, key.Q.Y)];
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        host.Client = new HttpClient { BaseAddress = new Uri(host._app.Urls.First()) };
        return host;
    }

    /// <summary>A valid token, changed as the test wants.</summary>
    public string Token(Guid user, Guid session, Action<SecurityTokenDescriptor>? change = null, ECDsa? key = null, string keyId = "k1")
    {
        SecurityTokenDescriptor token = new()
        {
            Issuer = AccessTokens.Issuer,
            Audience = AccessTokens.Audience,
            NotBefore = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-1),
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(10),
            Subject = new ClaimsIdentity(
            [
                new Claim(AccessTokens.UserId, user.ToString()),
                new Claim(AccessTokens.Address, "0x52908400098527886E0F7030069857D2E4169EE7"),
                new Claim(AccessTokens.SessionId, session.ToString()),
            ]),
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(key ?? _key) { KeyId = keyId }, SecurityAlgorithms.EcdsaSha256),
        };
        change?.Invoke(token);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content = null, string? token = null)
    {
        using HttpRequestMessage request = new(method, path) { Content = content };
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        using HttpResponseMessage response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        JsonElement? body = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
            ? await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)
            : null;
        return new Answer((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, body, response.Headers.RetryAfter?.Delta);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _key.Dispose();
    }

    internal sealed record Answer(int Status, string? Type, JsonElement? Body, TimeSpan? RetryAfter)
    {
        public string? Code => Text("code");

        public string? Field => Text("field");

        private string? Text(string name) => Body is { } body && body.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
    }

    internal sealed record EchoRequest
    {
        public required Guid Id { get; init; }

        public string? Text { get; init; }

        public EchoRequest? Inner { get; init; }

        public IReadOnlyList<string> Names { get; init; } = [];
    }
}
