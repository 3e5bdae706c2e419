using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Peers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace CoolChat.UnitTests.ServiceDefaults;

/// <summary>Ports over HTTP between two services, against what they stand for in process.</summary>
public sealed class PeerTests : IAsyncLifetime
{
    private const string Key = "0123456789-0123456789-0123456789";
    private const string OtherKey = "abcdefghij-abcdefghij-abcdefghij";
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly Owner _owner = new();
    private WebApplication _app = null!;
    private PeerClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection([new("Callers:user:Key", Key), new("Callers:chat:Key", OtherKey)]);
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddSingleton<IMediaCatalog>(_owner);
        builder.Services.AddSingleton<IPersonalData>(_owner);
        builder.Services.AddSingleton<IPublicMedia>(_owner);
        builder.Services.AddAuthentication();
        builder.Services.AddAuthorization();
        builder.AddPeerAuthentication("media", ["user", "chat"]);
        _app = builder.Build();
        MediaCatalogPeer.Map(_app, "user");
        PersonalDataPeer.Map(_app, "user");
        PublicMediaPeer.Map(_app, "user");
        await _app.StartAsync(Token);
        _client = Client("user", Key);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    private PeerClient Client(string self, string key, string? address = null) => new(self, "media", Settings(
        ("Services:media:http:0", address ?? _app.Urls.First()), ("Services:media:Key", key)), _time);

    private static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();

    [Fact]
    public async Task Catalog_OverHttp_TellsTheSame_AndForgetsAfterAWhile()
    {
        MediaCatalogPeer catalog = new(_client, _time);
        MediaInfo info = new(Guid.CreateVersion7(), Guid.CreateVersion7(), "Zoë's.png", "image/png", 3_000_000_000, true);
        Assert.Null(await catalog.FindAsync(info.MediaId, Token));
        _owner.Media[info.MediaId] = info;
        Assert.Equal(info, await catalog.FindAsync(info.MediaId, Token));
        _owner.Media.Clear();
        Assert.Equal(info, await catalog.FindAsync(info.MediaId, Token));
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Null(await catalog.FindAsync(info.MediaId, Token));
    }

    [Fact]
    public async Task PublicMedia_OverHttp_IsNeverRemembered()
    {
        PublicMediaPeer shown = new(_client);
        Guid id = Guid.CreateVersion7();
        Assert.False(await shown.IsPublicAsync(id, Token));
        _owner.Shown.Add(id);
        Assert.True(await shown.IsPublicAsync(id, Token));
        _owner.Shown.Clear();
        Assert.False(await shown.IsPublicAsync(id, Token));
    }

    [Fact]
    public async Task PersonalData_OverHttp_ComesWhole_AndIsErased()
    {
        PersonalDataPeer data = new(_client, "media");
        _owner.Files["empty"] = [];
        _owner.Files["files/Zoë.bin"] = RandomNumberGenerator.GetBytes(3_000_001);
        _owner.Files["media.json"] = "[]"u8.ToArray();
        Dictionary<string, byte[]> got = await ExportAsync(data);
        Assert.Equal(_owner.Files.OrderBy(file => file.Key), got.OrderBy(file => file.Key));
        Guid userId = Guid.CreateVersion7();
        await data.EraseAsync(userId, eraseMessages: true, Token);
        await data.EraseAsync(userId, eraseMessages: false, Token);
        Assert.Equal([(userId, true), (userId, false)], _owner.Erased);
    }

    /// <summary>Half an export must not pass for a whole one.</summary>
    [Fact]
    public async Task PersonalData_ThatBreaksOff_Fails()
    {
        _owner.Files["a"] = new byte[10];
        _owner.BreaksOff = true;
        await Assert.ThrowsAnyAsync<IOException>(() => ExportAsync(new PersonalDataPeer(_client, "media")));
    }

    private static async Task<Dictionary<string, byte[]>> ExportAsync(PersonalDataPeer data)
    {
        Dictionary<string, byte[]> got = [];
        await data.ExportAsync(Guid.CreateVersion7(), async (name, write) =>
        {
            using MemoryStream file = new();
            await write(file, Token);
            got[name] = file.ToArray();
        }, Token);
        return got;
    }

    private static SymmetricSecurityKey Secret(string key) => new(Encoding.UTF8.GetBytes(key));

    [Fact]
    public async Task Call_WithoutARightToken_IsRefused()
    {
        string good = PeerTokens.Create("user", "media", Secret(Key), _time);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(good));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(good[..^4] + "AAAA"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(PeerTokens.Create("user", "user", Secret(Key), _time)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(PeerTokens.Create("user", "media", Secret(OtherKey), _time)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(PeerTokens.Create("processing", "media", Secret(Key), _time)));
        // Known, and not let in here.
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(PeerTokens.Create("chat", "media", Secret(OtherKey), _time)));
        _time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(good));
    }

    private async Task<HttpStatusCode> StatusAsync(string? token)
    {
        using HttpClient http = new() { BaseAddress = new Uri(_app.Urls.First()) };
        if (token is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage response = await http.GetAsync(new Uri($"/internal/media-catalog/{Guid.CreateVersion7()}", UriKind.Relative), Token);
        return response.StatusCode;
    }

    [Fact]
    public async Task Call_RefusedOrUnanswered_IsUnavailable()
    {
        using PeerClient stranger = Client("user", OtherKey), nowhere = Client("user", Key, "http://127.0.0.1:1");
        foreach (PeerClient client in new[] { stranger, nowhere })
        {
            RefusedException refused = await Assert.ThrowsAsync<RefusedException>(async () => await new MediaCatalogPeer(client, _time).FindAsync(Guid.CreateVersion7(), Token));
            Assert.Equal(ErrorCodes.Unavailable, refused.Refusal.Code);
        }
    }

    [Theory]
    [InlineData("", Key, "Services:media:http:0")]
    [InlineData("media:8080", Key, "Services:media:http:0")]
    [InlineData("http://127.0.0.1:1", "", "Services:media:Key")]
    [InlineData("http://127.0.0.1:1", "too short", "Services:media:Key")]
    public void Start_WithHalfAConfiguration_NamesTheKey(string address, string key, string names) =>
        Assert.Contains(names, Assert.Throws<StartException>(() => Client("user", key, address)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Keys_OfTheUserService_AreReadFromItsList()
    {
        string x = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32)), y = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication user = builder.Build();
        user.MapGet("/.well-known/jwks.json", () => Microsoft.AspNetCore.Http.TypedResults.Text(
            $$"""{ "keys": [ { "kty": "RSA", "kid": "other" }, { "kty": "EC", "crv": "P-256", "kid": "one", "x": "{{x}}", "y": "{{y}}" } ] }""", "application/json"));
        await user.StartAsync(Token);
        using VerificationKeysPeer keys = new(Settings(("Services:user:http:0", user.Urls.First())), TimeProvider.System, NullLogger<VerificationKeysPeer>.Instance);
        Assert.Empty(keys.Current);
        await keys.StartAsync(Token);
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(20));
        while (keys.Current.Count == 0)
            await Task.Delay(10, deadline.Token);
        VerificationKey key = Assert.Single(keys.Current);
        Assert.Equal(("one", x, y), (key.KeyId, Base64UrlEncoder.Encode(key.X.ToArray()), Base64UrlEncoder.Encode(key.Y.ToArray())));
        await keys.StopAsync(Token);
    }

    /// <summary>What the called service has in process.</summary>
    private sealed class Owner : IMediaCatalog, IPersonalData, IPublicMedia
    {
        public Dictionary<Guid, MediaInfo> Media { get; } = [];

        public HashSet<Guid> Shown { get; } = [];

        public Dictionary<string, byte[]> Files { get; } = [];

        public List<(Guid, bool)> Erased { get; } = [];

        public bool BreaksOff { get; set; }

        public string Section => "media";

        public ValueTask<MediaInfo?> FindAsync(Guid mediaId, CancellationToken cancellationToken) => new(Media.GetValueOrDefault(mediaId));

        public ValueTask<bool> IsPublicAsync(Guid mediaId, CancellationToken cancellationToken) => new(Shown.Contains(mediaId));

        public async Task ExportAsync(Guid userId, Func<string, Func<Stream, CancellationToken, Task>, Task> writeFile, CancellationToken cancellationToken)
        {
            foreach ((string name, byte[] content) in Files)
                await writeFile(name, (target, cancellation) => target.WriteAsync(content, cancellation).AsTask());
            if (BreaksOff)
                throw new InvalidOperationException("the disk is gone");
        }

        public Task EraseAsync(Guid userId, bool eraseMessages, CancellationToken cancellationToken)
        {
            Erased.Add((userId, eraseMessages));
            return Task.CompletedTask;
        }
    }
}
