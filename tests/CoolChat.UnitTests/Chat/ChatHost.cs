using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CoolChat.Chat;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Processing;
using CoolChat.ServiceDefaults;
using CoolChat.ServiceDefaults.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace CoolChat.UnitTests.Chat;

/// <summary>The chat module on a real Kestrel with the real writer and reader on RocksDB; people, media and search stand in memory.</summary>
internal sealed class ChatHost : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coolchat-chat-").FullName;
    private readonly WebApplication _app;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private ChatHost((string Key, string Value)[] settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.Append(("CoolChat:Data", _folder)).ToDictionary(s => s.Item1, s => (string?)s.Item2));
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        ECParameters key = _key.ExportParameters(false);
        People = new FakePeople([new VerificationKey("k1", key.Q.X, key.Q.Y)]);
        builder.Services.AddSingleton<IVerificationKeys>(People);
        builder.Services.AddSingleton<ISessionStatus>(People);
        builder.Services.AddSingleton<IBlockList>(People);
        builder.Services.AddSingleton<IUserDirectory>(People);
        builder.Services.AddSingleton<ILastSeen>(People);
        builder.Services.AddSingleton<IMediaCatalog>(Media);
        builder.Services.AddSingleton<IIntegrationEvents>(Events);
        builder.AddServiceDefaults("test");
        builder.AddProcessing();
        builder.AddChat();
        builder.Services.AddSingleton<IMessageSearch>(Search);
        _app = builder.Build();
        _app.MapServiceDefaults();
        _app.MapChat();
    }

    public FakePeople People { get; }

    public FakeMedia Media { get; } = new();

    public FakeSearch Search { get; } = new();

    public InProcessIntegrationEvents Events { get; } = new();

    public IServiceProvider Services => _app.Services;

    public HttpClient Client { get; private set; } = null!;

    public Uri Address => Client.BaseAddress!;

    public static async Task<ChatHost> StartAsync(params (string Key, string Value)[] settings)
    {
        ChatHost host = new(settings);
        await host._app.StartAsync(TestContext.Current.CancellationToken);
        host.Client = new HttpClient { BaseAddress = new Uri(host._app.Urls.First()) };
        return host;
    }

    public Task StopAsync() => _app.StopAsync();

    /// <summary>Somebody new with a session.</summary>
    public Person Join()
    {
        Guid user = Guid.CreateVersion7();
        People.Known.TryAdd(user, 0);
        return new Person(this, user, Guid.CreateVersion7(), Guid.CreateVersion7());
    }

    public string Token(Guid user, Guid session, Guid device, TimeSpan? lifetime = null) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = AccessTokens.Issuer,
            Audience = AccessTokens.Audience,
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime + (lifetime ?? TimeSpan.FromMinutes(10)),
            Subject = new ClaimsIdentity(
            [
                new Claim(AccessTokens.UserId, user.ToString()),
                new Claim(AccessTokens.Address, "0x52908400098527886E0F7030069857D2E4169EE7"),
                new Claim(AccessTokens.SessionId, session.ToString()),
                new Claim(AccessTokens.DeviceId, device.ToString()),
            ]),
            SigningCredentials = new SigningCredentials(new ECDsaSecurityKey(_key) { KeyId = "k1" }, SecurityAlgorithms.EcdsaSha256),
        });

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await _app.DisposeAsync();
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>Somebody who calls the host.</summary>
internal sealed record Person(ChatHost Host, Guid Id, Guid Session, Guid Device)
{
    public string Token(TimeSpan? lifetime = null) => Host.Token(Id, Session, Device, lifetime);

    public async Task<Answer> SendAsync(HttpMethod method, string path, object? body = null)
    {
        string? json = body as string ?? (body is null ? null : JsonSerializer.Serialize(body, body.GetType(), CoolChatJson.Options));
        using HttpRequestMessage request = new(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        request.Headers.Authorization = new("Bearer", Token());
        using HttpResponseMessage response = await Host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        JsonElement? content = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
            ? await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)
            : null;
        return new Answer((int)response.StatusCode, content);
    }

    public async Task<T> GetAsync<T>(string path) => (await SendAsync(HttpMethod.Get, path)).As<T>();

    /// <summary>Creates a conversation with the others.</summary>
    public async Task<ConversationView> CreateAsync(string kind, params Person[] others)
    {
        Answer answer = await SendAsync(HttpMethod.Post, "/chat/conversations", new CreateConversationRequest
        {
            CommandId = Guid.CreateVersion7(),
            Kind = kind,
            Title = kind == ConversationKinds.Direct ? null : "Together",
            Members = [.. others.Select(other => other.Id.ToString())],
        });
        return answer.As<ConversationView>();
    }

    public Task<Answer> SubmitAsync(Command command) => SendAsync(HttpMethod.Post, $"/chat/conversations/{command.ConversationId}/commands", command);

    public static Command Say(Guid conversationId, string text) => new()
    {
        CommandId = Guid.CreateVersion7(),
        ConversationId = conversationId,
        Type = CommandTypes.MessageSend,
        Content = new Content { Type = ContentTypes.Text, Text = text },
    };
}

/// <summary>What came back over HTTP.</summary>
internal sealed record Answer(int Status, JsonElement? Body)
{
    public string? Code => Text("code");

    public string? Field => Text("field");

    public T As<T>()
    {
        Assert.True(Status == 200, $"{Status}: {Body}");
        return Body!.Value.Deserialize<T>(CoolChatJson.Options)!;
    }

    private string? Text(string name) => Body is { } body && body.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
