using System.Security.Cryptography;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Engines;
using CoolChat.User;
using CoolChat.User.Accounts;
using CoolChat.User.Data;
using CoolChat.User.Profiles;
using CoolChat.User.Relations;
using CoolChat.User.Sessions;
using CoolChat.User.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CoolChat.ContractTests.User;

/// <summary>The suite on the user module in the same process, as standalone composes it.</summary>
public sealed class InProcessUserPortsTests : UserPortsContract
{
    protected override async Task<IUserPorts> OpenAsync() => await InProcessUserPorts.StartAsync();
}

/// <summary>The user module on a folder of its own, without the rest of the server.</summary>
internal sealed class InProcessUserPorts : IUserPorts
{
    private readonly Action<WebApplicationBuilder>? _add;
    private readonly Action<WebApplication>? _map;
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("coolchat-ports-").FullName;
    private WebApplication _app = null!;

    private InProcessUserPorts(Action<WebApplicationBuilder>? add, Action<WebApplication>? map) => (_add, _map) = (add, map);

    /// <summary>Where it listens; another one after a restart.</summary>
    public string Url => _app.Urls.First();

    public IUserDirectory Directory => Get<IUserDirectory>();

    public IBlockList Blocks => Get<IBlockList>();

    public ISessionStatus Sessions => Get<ISessionStatus>();

    public IVerificationKeys Keys => Get<IVerificationKeys>();

    public ILastSeen LastSeen => Get<ILastSeen>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <param name="add">What the process has besides the module, after it.</param>
    /// <param name="map">What it maps.</param>
    public static async Task<InProcessUserPorts> StartAsync(Action<WebApplicationBuilder>? add = null, Action<WebApplication>? map = null)
    {
        InProcessUserPorts ports = new(add, map);
        await ports.BeginAsync();
        return ports;
    }

    private async Task BeginAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Configuration.AddInMemoryCollection([new(DataFolder.Key, _folder)]);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        builder.Services.AddLogging();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IIntegrationEvents, InProcessIntegrationEvents>();
        builder.AddUser();
        _add?.Invoke(builder);
        _app = builder.Build();
        _map?.Invoke(_app);
        await _app.StartAsync(Token);
    }

    public async Task<SignedIn> SignInAsync()
    {
        IAccountStore accounts = Get<IAccountStore>();
        Guid id = (await accounts.EnsureAsync(new WalletId("0x" + Convert.ToHexString(RandomNumberGenerator.GetBytes(20))), Now, Token)).Id;
        await accounts.ActivateAsync(id, Now, Token);
        Account account = (await accounts.FindAsync(id, Token))!;
        Session session = new()
        {
            Id = Guid.CreateVersion7(),
            UserId = id,
            DeviceId = Guid.CreateVersion7(),
            Device = "Firefox on Linux",
            Address = account.Wallet!.Value.Address,
            CreatedAt = Now,
            LastSeenAt = Now,
            ExpiresAt = Now.AddDays(1),
        };
        await Get<ISessionStore>().AddAsync(session, RefreshTokens.First(session.Id).Hash, Token);
        return new SignedIn(id, session.Address, session.Id, Get<TokenIssuer>().Issue(account, session).Token);
    }

    public async Task RenameAsync(Guid userId, string name) =>
        Assert.True((await Get<ChangeProfile>().ExecuteAsync(userId, new ProfileChanges { DisplayName = name }, Token)).Ok);

    public Task NoteContactAsync(Guid owner, Guid other, bool noted) => NoteAsync(RelationKind.Contact, owner, other, noted);

    public Task BlockAsync(Guid blocker, Guid blocked, bool isBlocked) => NoteAsync(RelationKind.Block, blocker, blocked, isBlocked);

    private async Task NoteAsync(RelationKind kind, Guid owner, Guid other, bool noted)
    {
        NoteRelation note = Get<NoteRelation>();
        Result<bool> done = noted ? await note.PutAsync(kind, owner, other.ToString(), Token) : await note.RemoveAsync(kind, owner, other.ToString(), Token);
        Assert.Null(done.Refusal);
    }

    public async Task EndSessionAsync(Guid userId, Guid sessionId) => Assert.True(await Get<EndSessions>().OneAsync(userId, sessionId, Token));

    public async Task DeleteAccountAsync(Guid userId)
    {
        string address = (await Get<IAccountStore>().FindAsync(userId, Token))!.Wallet!.Value.Address;
        Assert.True((await Get<DeleteAccount>().ExecuteAsync(userId, new DeleteAccountRequest { Confirm = address }, Token)).Ok);
    }

    public async Task RestartAsync()
    {
        await _app.DisposeAsync();
        await BeginAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }
}
