using CoolChat.Client;

namespace CoolChat.Testing;

/// <summary>Somebody with a new random wallet, signed in.</summary>
public sealed class TestPerson : IAsyncDisposable
{
    private TestPerson(WalletKey key, CoolChatClient client)
    {
        Key = key;
        Client = client;
    }

    /// <summary>The wallet.</summary>
    public WalletKey Key { get; }

    /// <summary>The client; its local state is complete once connected.</summary>
    public CoolChatClient Client { get; }

    /// <summary>userId.</summary>
    public Guid Id => Client.UserId;

    /// <summary>Signs somebody new in, or somebody again.</summary>
    public static async Task<TestPerson> SignInAsync(Uri server, WalletKey? key = null, CoolChatClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        key ??= WalletKey.Create();
        options ??= new CoolChatClientOptions { History = int.MaxValue, ReconnectDelay = TimeSpan.FromMilliseconds(50), ReconnectDelayMost = TimeSpan.FromSeconds(1) };
        return new TestPerson(key, await CoolChatClient.SignInAsync(server, key, options, cancellationToken));
    }

    /// <summary>Signs somebody new in and connects.</summary>
    public static async Task<TestPerson> ConnectAsync(Uri server, WalletKey? key = null, CoolChatClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        TestPerson person = await SignInAsync(server, key, options, cancellationToken);
        await person.Client.ConnectAsync(cancellationToken);
        return person;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Client.DisposeAsync();
}
