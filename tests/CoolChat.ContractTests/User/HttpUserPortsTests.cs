using CoolChat.Contracts.Internal;
using CoolChat.Engines.Redis;
using CoolChat.ServiceDefaults;
using CoolChat.ServiceDefaults.Identity;
using CoolChat.ServiceDefaults.Peers;
using CoolChat.Testing;
using CoolChat.User;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace CoolChat.ContractTests.User;

/// <summary>
/// The suite on what a chat process knows of the user service: by HTTP, ended sessions by Redis, and no other event ever arrives. What memory holds must
/// become right without.
/// </summary>
public sealed class HttpUserPortsTests : UserPortsContract
{
    protected override async Task<IUserPorts> OpenAsync() => await HttpUserPorts.StartAsync();
}

/// <summary>The user module in one process, the ports of the chat service to it in another.</summary>
internal sealed class HttpUserPorts : IUserPorts
{
    private static readonly string Secret = Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N");
    private readonly KeyValuePair<string, string?>[] _settings;
    private InProcessUserPorts _user = null!;
    private WebApplication _chat = null!;

    private HttpUserPorts(string redis, KeyValuePair<string, string?>[] more) => _settings =
    [
        new("ConnectionStrings:redis", redis), new("Redis:Prefix", $"test:{Guid.NewGuid():N}:"),
        .. from key in (string[])["Services:user", "Services:media", "Services:chat", "Services:processing", "Callers:user", "Callers:media", "Callers:chat", "Callers:processing"]
           select KeyValuePair.Create(key + ":Key", (string?)Secret),
        .. from service in (string[])["media", "chat", "processing"] select KeyValuePair.Create($"Services:{service}:http:0", (string?)"http://127.0.0.1:1"),
        .. more,
    ];

    public IUserDirectory Directory => Get<IUserDirectory>();

    public IBlockList Blocks => Get<IBlockList>();

    public ISessionStatus Sessions => Get<ISessionStatus>();

    public IVerificationKeys Keys => Get<IVerificationKeys>();

    public ILastSeen LastSeen => Get<ILastSeen>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private T Get<T>()
        where T : notnull => _chat.Services.GetRequiredService<T>();

    public static async Task<HttpUserPorts> StartAsync(params KeyValuePair<string, string?>[] more)
    {
        HttpUserPorts ports = new(await Testing.Engines.RedisAsync(), more);
        ports._user = await InProcessUserPorts.StartAsync(ports.AddToUser, static app =>
        {
            app.MapServiceDefaults();
            app.MapUser();
            app.MapUserPeers();
        });
        await ports.StartChatAsync();
        return ports;
    }

    private void AddToUser(WebApplicationBuilder builder)
    {
        builder.Configuration.AddInMemoryCollection(_settings);
        builder.AddServiceDefaults("user");
        builder.Services.AddRedisSessionRevocations(AccessTokens.RevocationMemory);
        builder.AddUserPeers();
        // No chat and no media run beside this.
        foreach (ServiceDescriptor away in builder.Services.Where(service => service.ServiceType == typeof(IPersonalData) && service.ImplementationInstance is PersonalDataPeer).ToArray())
            builder.Services.Remove(away);
    }

    private async Task StartChatAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection([.. _settings, new("Services:user:http:0", _user.Url)]);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        builder.AddServiceDefaults("chat");
        builder.Services.AddRedisSessionRevocations(AccessTokens.RevocationMemory);
        builder.AddChatPeers();
        _chat = builder.Build();
        _chat.MapServiceDefaults();
        _chat.MapChatPeers();
        await _chat.StartAsync(Token);
        await Eventually.TrueAsync(
            async () => (await Get<HealthCheckService>().CheckHealthAsync(Token)).Status == HealthStatus.Healthy, "chat is ready");
    }

    public Task<SignedIn> SignInAsync() => _user.SignInAsync();

    public Task RenameAsync(Guid userId, string name) => _user.RenameAsync(userId, name);

    public Task NoteContactAsync(Guid owner, Guid other, bool noted) => _user.NoteContactAsync(owner, other, noted);

    public Task BlockAsync(Guid blocker, Guid blocked, bool isBlocked) => _user.BlockAsync(blocker, blocked, isBlocked);

    public Task EndSessionAsync(Guid userId, Guid sessionId) => _user.EndSessionAsync(userId, sessionId);

    public Task DeleteAccountAsync(Guid userId) => _user.DeleteAccountAsync(userId);

    public async Task RestartAsync()
    {
        await _chat.DisposeAsync();
        await _user.RestartAsync();
        await StartChatAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _chat.DisposeAsync();
        await _user.DisposeAsync();
    }
}
