using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CoolChat.Contracts;
using Microsoft.AspNetCore.SignalR.Client;

namespace CoolChat.Client;

/// <summary>
/// A person on a CoolChat server. Sign in, then either read <see cref="EventsAsync"/> (every event of every conversation, in order, each
/// once, through any number of reconnects) or look at <see cref="Conversations"/>, which it keeps up to date; send by
/// <see cref="SendAsync(Command, CancellationToken)"/>. All members may be used from several threads.
/// </summary>
public sealed class CoolChatClient : IAsyncDisposable
{
    private readonly HttpClient? _ownedHttp;
    private readonly Session _session;
    private readonly RestClient _rest;
    private readonly HubLink _link;
    private readonly EventPump _pump;
    private readonly CommandOutbox _outbox;
    private int _disposed;

    private CoolChatClient(
        HttpClient http, bool owned, Uri server, SessionTokens tokens, Func<CancellationToken, Task<SessionTokens>>? signInAgain, CoolChatClientOptions options)
    {
        _ownedHttp = owned ? http : null;
        _session = new Session(new RestClient(http, server), tokens, signInAgain, options.TimeProvider);
        _rest = new RestClient(http, server) { Token = _session.AccessTokenAsync };
        _pump = new EventPump(_rest, _session.UserId, options) { Changed = state => ConversationChanged?.Invoke(state) };
        _link = new HubLink(_rest, _session, options)
        {
            Configure = Configure,
            Connected = _ => _pump.RequestSync(),
            Ended = reason => _pump.End(reason),
            StateChanged = SetState,
        };
        _outbox = new CommandOutbox(_link, _rest, options);
        Chat = new ChatApi(_rest);
        People = new PeopleApi(_rest);
        Media = new MediaApi(_rest);
    }

    /// <summary>Who is signed in.</summary>
    public Guid UserId => _session.UserId;

    /// <summary>The tokens of the moment; keep the refresh token to come back by <see cref="Resume"/>.</summary>
    public SessionTokens Tokens => _session.Tokens;

    /// <summary>State of the live connection.</summary>
    public ConnectionState State { get; private set; }

    /// <summary>Conversations, messages, invites, search.</summary>
    public ChatApi Chat { get; }

    /// <summary>Profiles, contacts, blocks, sessions.</summary>
    public PeopleApi People { get; }

    /// <summary>Uploads and downloads.</summary>
    public MediaApi Media { get; }

    /// <summary>The conversations known so far.</summary>
    public IReadOnlyList<ConversationState> Conversations => [.. _pump.States];

    /// <summary>Commands whose outcome is not known yet.</summary>
    public int PendingCommands => _outbox.Count;

    /// <summary>The connection came or went.</summary>
    public event Action<ConnectionState>? StateChanged;

    /// <summary>A conversation has a new event or summary. Called on the client's own task: return soon.</summary>
    public event Action<ConversationState>? ConversationChanged;

    /// <summary>Somebody types.</summary>
    public event Action<TypingNotice>? TypingReceived;

    /// <summary>Somebody who is watched came or went.</summary>
    public event Action<IReadOnlyList<PresenceNotice>>? PresenceReceived;

    /// <summary>Read and delivery marks moved.</summary>
    public event Action<IReadOnlyList<ReceiptsNotice>>? ReceiptsReceived;

    /// <summary>Signs in with a private key.</summary>
    /// <exception cref="CoolChatException">The server refused.</exception>
    public static Task<CoolChatClient> SignInAsync(Uri server, WalletKey key, CoolChatClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return SignInAsync(server, key.Address, (message, _) => ValueTask.FromResult(key.SignMessage(message)), options, cancellationToken);
    }

    /// <summary>Signs in with a wallet that signs elsewhere.</summary>
    /// <param name="server">Address of the server, as people open it.</param>
    /// <param name="address">The wallet's address with its EIP-55 checksum.</param>
    /// <param name="sign">
    /// Gives the personal_sign signature (0x ...) of the text. Asked again only when the server was restored from a backup, which ends all sessions.
    /// </param>
    /// <param name="options">Behaviour of the client.</param>
    /// <param name="cancellationToken">Stops the signing in.</param>
    /// <exception cref="CoolChatException">The server refused.</exception>
    public static async Task<CoolChatClient> SignInAsync(
        Uri server, string address, Func<string, CancellationToken, ValueTask<string>> sign, CoolChatClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sign);
        options ??= new CoolChatClientOptions();
        server = WithSlash(server);
        HttpClient http = options.HttpClient ?? new HttpClient();
        try
        {
            Task<SessionTokens> OpenSessionAsync(CancellationToken token) => ProveAsync(new RestClient(http, server), address, sign, options, token);
            SessionTokens tokens = await OpenSessionAsync(cancellationToken);
            return new CoolChatClient(http, options.HttpClient is null, server, tokens, OpenSessionAsync, options);
        }
        catch (Exception) when (options.HttpClient is null)
        {
            http.Dispose();
            throw;
        }
    }

    private static async Task<SessionTokens> ProveAsync(
        RestClient anonymous, string address, Func<string, CancellationToken, ValueTask<string>> sign, CoolChatClientOptions options, CancellationToken cancellationToken)
    {
        NonceAnswer nonce = await anonymous.GetAsync<NonceAnswer>("user/auth/nonce", cancellationToken);
        string message = new SignInMessage
        {
            Domain = anonymous.Server.Authority,
            Address = address,
            Statement = options.Statement,
            Uri = anonymous.Server.GetLeftPart(UriPartial.Authority),
            Nonce = nonce.Nonce,
            IssuedAt = options.TimeProvider.GetUtcNow(),
        }.ToString();
        SignInRequest request = new()
        {
            Message = message,
            Signature = await sign(message, cancellationToken),
            Device = new DeviceInfo { Name = options.ClientName },
        };
        return await anonymous.PostAsync<SessionTokens>("user/auth/verify", request, cancellationToken);
    }

    /// <summary>Comes back with the tokens of an earlier session.</summary>
    public static CoolChatClient Resume(Uri server, SessionTokens tokens, CoolChatClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        options ??= new CoolChatClientOptions();
        return new CoolChatClient(options.HttpClient ?? new HttpClient(), options.HttpClient is null, WithSlash(server), tokens, signInAgain: null, options);
    }

    /// <summary>Connects and completes when everything that was missed has been fetched. From then on the client reconnects by itself.</summary>
    /// <exception cref="CoolChatException">The session has ended.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        await _outbox.ResumeAsync(cancellationToken);
        _pump.Start();
        _link.Start();
        await _link.WhenConnectedAsync(cancellationToken);
        await _pump.SyncAsync(cancellationToken);
    }

    /// <summary>Fetches what has changed; needed only to wait for it, the client does so by itself.</summary>
    public Task SyncAsync(CancellationToken cancellationToken = default) => _pump.SyncAsync(cancellationToken);

    /// <summary>
    /// Every event from the moment this is enumerated on: in order for each conversation, each once, across reconnects. Connects if need be.
    /// </summary>
    /// <exception cref="BrokenChainException">The server's log of a conversation contradicts itself; enumerate again to go on with the others.</exception>
    /// <exception cref="CoolChatException">The session has ended.</exception>
    public async IAsyncEnumerable<ChatEvent> EventsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Channel<ChatEvent> reader = _pump.Subscribe();
        try
        {
            _pump.Start();
            _link.Start();
            await foreach (ChatEvent e in reader.Reader.ReadAllAsync(cancellationToken))
                yield return e;
        }
        finally
        {
            _pump.Unsubscribe(reader);
        }
    }

    /// <summary>The local state of a conversation, or null while it is not known.</summary>
    public ConversationState? Find(Guid conversationId) => _pump.Find(conversationId);

    /// <summary>
    /// Sends a command and completes when it is in the log (or kept for its time). Through broken connections it is sent again under the
    /// same commandId, so that it happens once. Cancelling stops the waiting, never the command.
    /// </summary>
    /// <exception cref="CoolChatException">The server refused it.</exception>
    public async Task<CommandResult> SendAsync(Command command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        _pump.Start();
        _link.Start();
        CommandResult result = await _outbox.SendAsync(command, cancellationToken);
        return result.Ok ? result : throw result.Error.ToException();
    }

    /// <summary>Sends a text.</summary>
    /// <exception cref="CoolChatException">The server refused it.</exception>
    public Task<CommandResult> SendTextAsync(Guid conversationId, string text, Guid? replyTo = null, CancellationToken cancellationToken = default) => SendAsync(
        new Command
        {
            CommandId = Guid.CreateVersion7(),
            ConversationId = conversationId,
            Type = CommandTypes.MessageSend,
            Content = new Content { Type = ContentTypes.Text, Text = text },
            ReplyTo = replyTo,
        },
        cancellationToken);

    /// <summary>Marks everything up to <paramref name="seq"/> as read.</summary>
    public Task MarkReadAsync(Guid conversationId, long seq, CancellationToken cancellationToken = default) =>
        CallAsync(HubMethods.MarkRead, [conversationId, seq], cancellationToken);

    /// <summary>Tells that everything up to <paramref name="seq"/> has arrived.</summary>
    public Task MarkDeliveredAsync(Guid conversationId, long seq, CancellationToken cancellationToken = default) =>
        CallAsync(HubMethods.MarkDelivered, [conversationId, seq], cancellationToken);

    /// <summary>Tells the others that one types; repeat every few seconds while it is so.</summary>
    public Task TypingAsync(Guid conversationId, CancellationToken cancellationToken = default) =>
        CallAsync(HubMethods.Typing, [conversationId], cancellationToken);

    /// <summary>Asks to be told whether these people are here; replaces the earlier list. Ask again after a reconnect.</summary>
    public Task WatchPresenceAsync(IReadOnlyList<Guid> userIds, CancellationToken cancellationToken = default) =>
        CallAsync(HubMethods.WatchPresence, [userIds], cancellationToken);

    /// <summary>Ends the session on the server and closes the client.</summary>
    public async Task SignOutAsync(CancellationToken cancellationToken = default)
    {
        await _rest.SendAsync(HttpMethod.Post, "user/auth/logout", new { }, cancellationToken);
        await DisposeAsync();
    }

    private async Task CallAsync(string method, object?[] arguments, CancellationToken cancellationToken)
    {
        HubReply reply = await _link.InvokeAsync<HubReply>(method, arguments, cancellationToken);
        if (!reply.Ok)
            throw reply.Error.ToException();
    }

    private void Configure(HubConnection connection)
    {
        connection.On<ChatEvent[]>(HubMethods.Appended, _pump.OnAppended);
        connection.On<ConversationView[]>(HubMethods.ConversationsChanged, _pump.OnChanged);
        connection.On<ResyncNotice>(HubMethods.Resync, _ => _pump.RequestSync());
        connection.On<RejectedNotice>(HubMethods.Rejected, notice => _outbox.Settle(notice.CommandId, new CommandResult
        {
            Ok = false,
            CommandId = notice.CommandId,
            Error = new WireError { Code = notice.Code, Detail = notice.Detail },
        }));
        connection.On<TypingNotice>(HubMethods.Typing, notice => TypingReceived?.Invoke(notice));
        connection.On<PresenceNotice[]>(HubMethods.Presence, notices => PresenceReceived?.Invoke(notices));
        connection.On<ReceiptsNotice[]>(HubMethods.Receipts, notices => ReceiptsReceived?.Invoke(notices));
    }

    private void SetState(ConnectionState state)
    {
        State = state;
        StateChanged?.Invoke(state);
    }

    private static Uri WithSlash(Uri server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return server.AbsoluteUri.EndsWith('/') ? server : new Uri(server.AbsoluteUri + "/");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        await _outbox.DisposeAsync();
        await _link.DisposeAsync();
        await _pump.DisposeAsync();
        _session.Dispose();
        _ownedHttp?.Dispose();
    }

    private sealed record NonceAnswer
    {
        public required string Nonce { get; init; }
    }
}
