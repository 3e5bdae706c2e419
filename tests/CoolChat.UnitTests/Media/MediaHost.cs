using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Media;
using CoolChat.ServiceDefaults;
using CoolChat.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace CoolChat.UnitTests.Media;

/// <summary>The media module on a real Kestrel, with real tokens, a folder of its own and a clock that tests move.</summary>
internal sealed class MediaHost : IAsyncDisposable, IVerificationKeys, ISessionStatus, IMediaGrants, IPublicMedia
{
    public const int PartBytes = 64 * 1024;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly WebApplication _app;
    private readonly bool _ownsFolder;

    private MediaHost(string? folder, (string Key, string Value)[] settings)
    {
        _ownsFolder = folder is null;
        Folder = folder ?? Directory.CreateTempSubdirectory("coolchat-media-").FullName;
        ECParameters key = _key.ExportParameters(false);
        Current = [new VerificationKey("k1", key.Q.X, key.Q.Y)];
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["CoolChat:Data"] = Folder,
            ["Media:PartBytes"] = "65536",
            ["Media:ReserveBytes"] = "0",
        });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSingleton<IVerificationKeys>(this);
        builder.Services.AddSingleton<ISessionStatus>(this);
        builder.Services.AddSingleton<IMediaGrants>(this);
        builder.Services.AddSingleton<IPublicMedia>(this);
        builder.AddServiceDefaults("test");
        builder.AddMedia();
        _app = builder.Build();
        _app.MapServiceDefaults();
        _app.MapMedia();
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public string Folder { get; }

    public IServiceProvider Services => _app.Services;

    public HttpClient Client { get; private set; } = new();

    public IReadOnlyList<VerificationKey> Current { get; }

    public HashSet<(Guid User, Guid Media)> Grants { get; } = [];

    public HashSet<Guid> Public { get; } = [];

    public bool IsRevoked(Guid sessionId) => false;

    public ValueTask<bool> CanSeeAsync(Guid userId, Guid mediaId, CancellationToken cancellationToken) => new(Grants.Contains((userId, mediaId)));

    public ValueTask<bool> IsShownAsync(Guid mediaId, CancellationToken cancellationToken) => new(Grants.Any(grant => grant.Media == mediaId));

    public ValueTask<bool> IsPublicAsync(Guid mediaId, CancellationToken cancellationToken) => new(Public.Contains(mediaId));

    public static Task<MediaHost> StartAsync(params (string Key, string Value)[] settings) => StartInAsync(null, settings);

    public static async Task<MediaHost> StartInAsync(string? folder, params (string Key, string Value)[] settings)
    {
        MediaHost host = new(folder, settings);
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        host.Client = new HttpClient { BaseAddress = new Uri(host._app.Urls.First()) };
        return host;
    }

    public async Task<Reply> SendAsync(
        HttpMethod method, string path, Guid? user = null, object? json = null, HttpContent? content = null, string? range = null,
        string? ifRange = null)
    {
        using HttpRequestMessage request = new(method, path);
        request.Content = json is null ? content : JsonContent.Create(json);
        if (user is { } caller)
            request.Headers.Authorization = new("Bearer", Token(caller));
        if (range is not null)
            request.Headers.TryAddWithoutValidation("Range", range);
        if (ifRange is not null)
            request.Headers.TryAddWithoutValidation("If-Range", ifRange);
        using HttpResponseMessage response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        byte[] bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, IEnumerable<string> values) in response.Headers.NonValidated.Select(h => (h.Key, (IEnumerable<string>)h.Value))
            .Concat(response.Content.Headers.NonValidated.Select(h => (h.Key, (IEnumerable<string>)h.Value))))
            headers[name] = string.Join(", ", values);
        return new Reply((int)response.StatusCode, bytes, headers);
    }

    /// <summary>Announces a file.</summary>
    public Task<Reply> StartUploadAsync(
        Guid user, long size, string fileName = "a.bin", string? contentType = "application/octet-stream", string? sha256 = null,
        bool? encrypted = null) =>
        SendAsync(HttpMethod.Post, "/media/uploads", user, new { fileName, contentType, size, sha256, encrypted });

    public async Task<Reply> PutAsync(UploadPartView part, byte[] bytes, bool chunked = false)
    {
        using HttpContent content = chunked ? new StreamContent(new ForwardOnly(bytes)) : new ByteArrayContent(bytes);
        return await SendAsync(HttpMethod.Put, part.Url, content: content);
    }

    /// <summary>The whole way of a file.</summary>
    public async Task<MediaView> UploadAsync(
        Guid user, byte[] bytes, string fileName = "a.bin", string contentType = "application/octet-stream", bool? encrypted = null)
    {
        UploadView upload = (await StartUploadAsync(user, bytes.Length, fileName, contentType, encrypted: encrypted)).As<UploadView>();
        foreach (UploadPartView part in upload.Parts)
            Assert.Equal(204, (await PutAsync(part, Slice(bytes, upload, part))).Status);
        Reply completed = await SendAsync(HttpMethod.Post, $"/media/uploads/{upload.UploadId}/complete", user);
        Assert.Equal(200, completed.Status);
        return completed.As<MediaView>();
    }

    public static byte[] Slice(byte[] bytes, UploadView upload, UploadPartView part) =>
        bytes.AsSpan((int)(upload.PartSize * (part.Number - 1)), (int)part.Size).ToArray();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _key.Dispose();
        if (_ownsFolder)
            Directory.Delete(Folder, recursive: true);
    }

    private string Token(Guid user)
    {
        DateTime now = Clock.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = AccessTokens.Issuer,
            Audience = AccessTokens.Audience,
            NotBefore = now.AddMinutes(-1),
            Expires = now.AddMinutes(10),
            Subject = new ClaimsIdentity(
            [
                new Claim(AccessTokens.UserId, user.ToString()),
                new Claim(AccessTokens.Address, "0x52908400098527886E0F7030069857D2E4169EE7"),
                new Claim(AccessTokens.SessionId, Guid.NewGuid().ToString()),
            ]),
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(_key) { KeyId = "k1" }, SecurityAlgorithms.EcdsaSha256),
        });
    }

    internal sealed record Reply(int Status, byte[] Bytes, IReadOnlyDictionary<string, string> Headers)
    {
        public string? Code => Json("code");

        public string? Field => Json("field");

        public T As<T>() => JsonSerializer.Deserialize<T>(Bytes, CoolChatJson.Options)!;

        private string? Json(string name) =>
            Bytes.Length > 0 && JsonDocument.Parse(Bytes).RootElement.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
    }

    /// <summary>Has no length, so that the client sends it in chunks.</summary>
    private sealed class ForwardOnly(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
