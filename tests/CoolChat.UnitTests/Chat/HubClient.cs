using System.Threading.Channels;
using CoolChat.Contracts;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CoolChat.UnitTests.Chat;

/// <summary>A plain SignalR client that keeps what the server says.</summary>
internal sealed class HubClient : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly HubConnection _connection;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HubClient(HubConnection connection)
    {
        _connection = connection;
        _connection.Closed += _ =>
        {
            _closed.TrySetResult();
            return Task.CompletedTask;
        };
        connection.On<ChatEvent[]>(HubMethods.Appended, events =>
        {
            foreach (ChatEvent e in events)
                Events.Writer.TryWrite(e);
        });
        Keep(HubMethods.Rejected, Rejected);
        Keep(HubMethods.ConversationsChanged, Changed);
        Keep(HubMethods.Receipts, Receipts);
        Keep(HubMethods.Typing, Typing);
        Keep(HubMethods.Presence, Presence);
        Keep(HubMethods.Resync, Resyncs);
        Keep(HubMethods.Reconnect, Reconnects);
        Keep(HubMethods.Closed, ClosedNotices);
    }

    public Channel<ChatEvent> Events { get; } = Channel.CreateUnbounded<ChatEvent>();

    public Channel<RejectedNotice> Rejected { get; } = Channel.CreateUnbounded<RejectedNotice>();

    public Channel<ConversationView[]> Changed { get; } = Channel.CreateUnbounded<ConversationView[]>();

    public Channel<ReceiptsNotice[]> Receipts { get; } = Channel.CreateUnbounded<ReceiptsNotice[]>();

    public Channel<TypingNotice> Typing { get; } = Channel.CreateUnbounded<TypingNotice>();

    public Channel<PresenceNotice[]> Presence { get; } = Channel.CreateUnbounded<PresenceNotice[]>();

    public Channel<ResyncNotice> Resyncs { get; } = Channel.CreateUnbounded<ResyncNotice>();

    public Channel<ReconnectNotice> Reconnects { get; } = Channel.CreateUnbounded<ReconnectNotice>();

    public Channel<ClosedNotice> ClosedNotices { get; } = Channel.CreateUnbounded<ClosedNotice>();

    public static async Task<HubClient> ConnectAsync(Person person, bool messagePack = false, TimeSpan? tokenLifetime = null)
    {
        IHubConnectionBuilder builder = new HubConnectionBuilder().WithUrl(new Uri(person.Host.Address, "/chat/hub"), http =>
        {
            http.SkipNegotiation = true;
            http.Transports = HttpTransportType.WebSockets;
            http.AccessTokenProvider = () => Task.FromResult<string?>(person.Token(tokenLifetime));
        });
        if (messagePack)
            builder.AddMessagePackProtocol(options => options.SerializerOptions = CoolChat.Chat.Protocol.JsonThroughMessagePackResolver.Options);
        else
            builder.AddJsonProtocol(options => options.PayloadSerializerOptions = CoolChatJson.Options);
        HubClient client = new(builder.Build());
        await client._connection.StartAsync(TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>Calls the hub with whatever arguments, within the deadline.</summary>
    public Task<T> CallAsync<T>(string method, params object?[] arguments) =>
        _connection.InvokeCoreAsync<T>(method, arguments, TestContext.Current.CancellationToken).WaitAsync(Deadline);

    public Task<CommandResult> SubmitAsync(Command command) => CallAsync<CommandResult>(HubMethods.Submit, command);

    public Task WaitClosedAsync() => _closed.Task.WaitAsync(Deadline);

    /// <summary>The next thing that came, within the deadline.</summary>
    public static async Task<T> NextAsync<T>(Channel<T> channel)
    {
        using CancellationTokenSource deadline = new(Deadline);
        return await channel.Reader.ReadAsync(deadline.Token);
    }

    /// <summary>The next one that fits, within the deadline.</summary>
    public static async Task<T> NextAsync<T>(Channel<T> channel, Func<T, bool> fits)
    {
        while (true)
        {
            T next = await NextAsync(channel);
            if (fits(next))
                return next;
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private void Keep<T>(string method, Channel<T> channel) => _connection.On<T>(method, value => channel.Writer.TryWrite(value));
}
