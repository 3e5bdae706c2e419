using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.EndToEndTests;
using CoolChat.Testing;

[assembly: AssemblyFixture(typeof(Server))]

namespace CoolChat.EndToEndTests;

/// <summary>The one server of this suite: a standalone process, or the deployment at COOLCHAT_URL.</summary>
public sealed class Server : IAsyncLifetime
{
    private readonly SemaphoreSlim _claiming = new(1, 1);
    private TestServer? _server;
    private TestPerson? _owner;

    public Uri Url => _server!.Url;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(new StandaloneSettings
    {
        // Tests come from one address and in bursts; the limits themselves have tests of their own.
        Configuration = new Dictionary<string, string>
        {
            ["RateLimits:Http:Enabled"] = "false",
            ["RateLimits:Chat:Enabled"] = "false",
        },
    });

    public async ValueTask DisposeAsync()
    {
        if (_owner is not null)
            await _owner.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        _claiming.Dispose();
    }

    /// <summary>Somebody new, connected.</summary>
    public Task<TestPerson> PersonAsync() => TestPerson.ConnectAsync(Url);

    /// <summary>The server's owner, who claimed it by the printed link; null where the server is not ours to claim.</summary>
    public async Task<TestPerson?> OwnerAsync()
    {
        if (_server!.Process is not { } process)
            return null;
        await _claiming.WaitAsync();
        try
        {
            return _owner ??= await Steps.ClaimAsync(process);
        }
        finally
        {
            _claiming.Release();
        }
    }

    /// <summary>Some new people, connected.</summary>
    public async Task<TestPerson[]> PeopleAsync(int count) => await Task.WhenAll(Enumerable.Range(0, count).Select(_ => PersonAsync()));
}

/// <summary>Short forms for tests.</summary>
internal static partial class Steps
{
    public static Command Command(Guid conversation, string type) => new() { CommandId = Guid.CreateVersion7(), ConversationId = conversation, Type = type };

    public static Command Text(Guid conversation, string text) =>
        Command(conversation, CommandTypes.MessageSend) with { Content = new Content { Type = ContentTypes.Text, Text = text } };

    public static async Task<Guid> DirectAsync(TestPerson one, TestPerson other) => (await one.Client.Chat.OpenDirectAsync(other.Id.ToString())).Id;

    public static async Task<Guid> GroupAsync(TestPerson owner, params TestPerson[] others) =>
        (await owner.Client.Chat.CreateGroupAsync("Group", [.. others.Select(other => other.Id.ToString())])).Id;

    /// <summary>Signs in as somebody new and claims the server by the link that it printed.</summary>
    public static async Task<TestPerson> ClaimAsync(StandaloneProcess server)
    {
        string token = await Eventually.ValueAsync(
            () => Task.FromResult(ClaimLink().Match(server.Output) is { Success: true } link ? link.Groups[1].Value : null), "the claim link is printed");
        TestPerson owner = await TestPerson.SignInAsync(server.Url);
        using HttpClient http = Http(server.Url, owner);
        using HttpResponseMessage claimed = await http.PostAsJsonAsync("user/claim", new ClaimRequest { Token = token }, CoolChatJson.Options);
        Assert.Equal(HttpStatusCode.NoContent, claimed.StatusCode);
        return owner;
    }

    /// <summary>Plain HTTP as a person (who must not renew meanwhile), or as nobody.</summary>
    public static HttpClient Http(Uri server, TestPerson? person = null)
    {
        HttpClient http = new() { BaseAddress = server };
        if (person is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", person.Client.Tokens.AccessToken);
        return http;
    }

    /// <summary>A message to sign in with, signed.</summary>
    public static async Task<WalletProof> SignAsync(Uri server, WalletKey key, string? domain = null)
    {
        using HttpClient http = Http(server);
        return await SignAsync(http, key, "sign-in", domain);
    }

    /// <summary>A message to link the wallet with, signed; <paramref name="http"/> is the account's.</summary>
    public static Task<WalletProof> SignLinkAsync(HttpClient http, WalletKey key) => SignAsync(http, key, "link");

    private static async Task<WalletProof> SignAsync(HttpClient http, WalletKey key, string purpose, string? domain = null)
    {
        Uri server = http.BaseAddress!;
        NonceView nonce = (await http.GetFromJsonAsync<NonceView>($"user/auth/nonce?purpose={purpose}", CoolChatJson.Options))!;
        string message = new SignInMessage
        {
            Domain = domain ?? server.Authority,
            Address = key.Address,
            Uri = server.GetLeftPart(UriPartial.Authority),
            Nonce = nonce.Nonce,
            IssuedAt = TimeProvider.System.GetUtcNow(),
        }.ToString();
        return new WalletProof { Message = message, Signature = key.SignMessage(message) };
    }

    [GeneratedRegex(@"/claim#([A-Za-z0-9_-]+)")]
    private static partial Regex ClaimLink();

    /// <summary>Waits until a client's local state of a conversation fulfils something.</summary>
    public static async Task<ConversationState> SeesAsync(this TestPerson person, Guid conversation, Func<ConversationState, bool> condition, string what)
    {
        try
        {
            await Eventually.TrueAsync(() => person.Client.Find(conversation) is { } state && condition(state), what);
        }
        catch (TimeoutException timeout)
        {
            ConversationState? local = person.Client.Find(conversation);
            ConversationView remote = await person.Client.Chat.GetAsync(conversation);
            throw new TimeoutException(
                $"{timeout.Message} (client {person.Client.State}, seq {local?.LastSeq}, read {local?.ReadSeq}, told {local?.Summary?.ReadSeq} at {local?.Summary?.LastSeq}; " +
                $"server: seq {remote.LastSeq}, read {remote.ReadSeq})", timeout);
        }
        return person.Client.Find(conversation)!;
    }

    public static async Task RefusedAsync(string code, Func<Task> act)
    {
        CoolChatException refusal = await Assert.ThrowsAsync<CoolChatException>(act);
        Assert.Equal(code, refusal.Code);
    }
}
