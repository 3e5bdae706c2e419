using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Engines;
using CoolChat.ServiceDefaults;
using CoolChat.User;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace CoolChat.UnitTests.User;

/// <summary>The user module on a real port with a real file, and a clock that tests move.</summary>
internal sealed class UserHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private UserHost(WebApplication app, FakeTimeProvider time, string folder)
    {
        _app = app;
        _http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(app.Urls.First()) };
        Time = time;
        Folder = folder;
    }

    public FakeTimeProvider Time { get; }

    public string Folder { get; }

    public IServiceProvider Services => _app.Services;

    public string Origin => _http.BaseAddress!.GetLeftPart(UriPartial.Authority);

    public static async Task<UserHost> StartAsync(
        string? folder = null, Action<IServiceCollection>? configure = null, DateTimeOffset? now = null, params string[] settings)
    {
        folder ??= Directory.CreateTempSubdirectory("coolchat-user").FullName;
        FakeTimeProvider time = new(now ?? new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder([.. settings, "--urls", "http://127.0.0.1:0", $"--{DataFolder.Key}={folder}"]);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton<IIntegrationEvents, InProcessIntegrationEvents>();
        builder.AddServiceDefaults("user");
        builder.AddUser();
        configure?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        app.MapServiceDefaults();
        app.MapUser();
        await app.StartAsync();
        return new UserHost(app, time, folder);
    }

    /// <summary>Stops the host but keeps its folder, for a restart.</summary>
    public async Task<string> StopAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _http.Dispose();
        return Folder;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }

    public async Task<Answer> SendAsync(HttpMethod method, string path, object? body = null, string? token = null, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body, body.GetType(), options: CoolChatJson.Options);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach ((string name, string value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        using HttpResponseMessage response = await _http.SendAsync(request);
        byte[] content = await response.Content.ReadAsByteArrayAsync();
        return new Answer(response.StatusCode, content, response.Headers.TryGetValues("Set-Cookie", out var cookies) ? string.Join('\n', cookies) : null);
    }

    public Task<Answer> GetAsync(string path, string? token = null) => SendAsync(HttpMethod.Get, path, null, token);

    public async Task<T> GetAsync<T>(string path, string? token = null) => (await GetAsync(path, token)).As<T>();

    public async Task<(string Message, string Signature)> ProofAsync(WalletKey key, string? nonce = null)
    {
        nonce ??= (await GetAsync<NonceView>("/user/auth/nonce")).Nonce;
        string message = new SignInMessage
        {
            Domain = _http.BaseAddress!.Authority,
            Address = key.Address,
            Statement = "Sign in to CoolChat.",
            Uri = Origin,
            Nonce = nonce,
            IssuedAt = Time.GetUtcNow(),
        }.ToString();
        return (message, key.SignMessage(message));
    }

    public async Task<Answer> TrySignInAsync(WalletKey key, DeviceInfo? device = null, params (string Name, string Value)[] headers)
    {
        (string message, string signature) = await ProofAsync(key);
        return await SendAsync(HttpMethod.Post, "/user/auth/verify", new SignInRequest { Message = message, Signature = signature, Device = device }, null, headers);
    }

    public async Task<AuthResult> SignInAsync(WalletKey? key = null) => (await TrySignInAsync(key ?? WalletKey.Create())).As<AuthResult>();

    public Task<Answer> RefreshAsync(string? refreshToken) =>
        SendAsync(HttpMethod.Post, "/user/auth/refresh", new RefreshRequest { RefreshToken = refreshToken });
}

/// <summary>An HTTP answer.</summary>
internal sealed record Answer(HttpStatusCode Status, byte[] Content, string? SetCookie)
{
    public T As<T>()
    {
        Assert.True((int)Status is >= 200 and < 300, $"{(int)Status}: {System.Text.Encoding.UTF8.GetString(Content)}");
        return JsonSerializer.Deserialize<T>(Content, CoolChatJson.Options)!;
    }

    public void Refused(HttpStatusCode status, string code, string? field = null)
    {
        Assert.True(status == Status, $"{(int)Status}: {System.Text.Encoding.UTF8.GetString(Content)}");
        using JsonDocument problem = JsonDocument.Parse(Content);
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
        Assert.Equal(field, problem.RootElement.TryGetProperty("field", out JsonElement found) ? found.GetString() : null);
    }
}
