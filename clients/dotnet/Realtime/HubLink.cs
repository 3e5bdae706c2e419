using System.Net.WebSockets;
using System.Text.Json;
using CoolChat.Contracts;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace CoolChat.Client;

/// <summary>
/// Keeps one hub connection alive: connects, says Hello, renews the token, and comes back with jittered exponential back-off or when
/// the server says. What was missed meanwhile is <see cref="EventPump"/>'s to fetch.
/// </summary>
internal sealed class HubLink(RestClient rest, Session session, CoolChatClientOptions options) : IAsyncDisposable
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource<HubConnection> _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan? _comeBackAfter;
    private Task? _loop;

    /// <summary>Adds the handlers of server calls to each new connection.</summary>
    public Action<HubConnection>? Configure { get; set; }

    /// <summary>After each successful Hello.</summary>
    public Action<HelloReply>? Connected { get; set; }

    /// <summary>The link ended for good.</summary>
    public Action<CoolChatException>? Ended { get; set; }

    public Action<ConnectionState>? StateChanged { get; set; }

    public void Start()
    {
        lock (_lock)
            _loop ??= Task.Run(RunAsync);
    }

    /// <summary>Completes with a connection that has said Hello; throws when the link has ended.</summary>
    public Task<HubConnection> WhenConnectedAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return _connected.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Calls the hub on the connection of the moment. Throws when it breaks meanwhile.</summary>
    public async Task<T> InvokeAsync<T>(string method, object?[] arguments, CancellationToken cancellationToken)
    {
        HubConnection connection = await WhenConnectedAsync(cancellationToken);
        return await connection.InvokeCoreAsync<T>(method, arguments, cancellationToken).WaitAsync(CallTimeout, options.TimeProvider, cancellationToken);
    }

    private async Task RunAsync()
    {
        for (int attempt = 0; !_stop.IsCancellationRequested; attempt++)
        {
            try
            {
                StateChanged?.Invoke(ConnectionState.Connecting);
                if (await ServeOneConnectionAsync())
                    attempt = -1;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                break;
            }
            catch (CoolChatException refusal) when (refusal.Code is not (ErrorCodes.RateLimited or ErrorCodes.Busy or ErrorCodes.Unavailable)
                && refusal.Status is null or >= System.Net.HttpStatusCode.BadRequest and < System.Net.HttpStatusCode.InternalServerError)
            {
                End(refusal);
                return;
            }
            catch (Exception exception) when (IsTransient(exception))
            {
                // The server is away or going: come back below.
            }
            StateChanged?.Invoke(ConnectionState.Disconnected);
            await DelayAsync(attempt + 1);
        }
        End(new CoolChatException("closed", "The client was closed."));
    }

    /// <summary>Returns true when the connection worked before it ended.</summary>
    private async Task<bool> ServeOneConnectionAsync()
    {
        await using HubConnection connection = Build();
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        CoolChatException? farewell = null;
        connection.On<ReconnectNotice>(HubMethods.Reconnect, notice =>
        {
            _comeBackAfter = TimeSpan.FromMilliseconds(Math.Clamp(notice.AfterMs, 0, 600_000));
            closed.TrySetResult();
        });
        connection.On<ClosedNotice>(HubMethods.Closed, notice =>
        {
            farewell = new CoolChatException(notice.Code, "The server closed the connection.");
            closed.TrySetResult();
        });
        Configure?.Invoke(connection);
        await ShakeHandsAsync(connection);
        HelloReply hello = await connection
            .InvokeCoreAsync<HelloReply>(HubMethods.Hello, [new HelloRequest { Client = options.ClientName, Version = options.ClientVersion }], _stop.Token)
            .WaitAsync(CallTimeout, options.TimeProvider, _stop.Token);
        Require(hello);
        SetConnected(connection);
        StateChanged?.Invoke(ConnectionState.Connected);
        Connected?.Invoke(hello);
        try
        {
            await RenewUntilAsync(connection, closed.Task);
        }
        finally
        {
            SetDisconnected();
        }
        // A token that ran out on a sleeping machine is renewed on the way back in; other farewells are final.
        return farewell is null or { Code: "token_expired" } ? true : throw farewell;
    }

    /// <summary>
    /// A refused handshake does not tell why. If it was the token, asking over HTTP renews it for the next attempt, or says that the session has ended.
    /// </summary>
    private async Task ShakeHandsAsync(HubConnection connection)
    {
        try
        {
            await connection.StartAsync(_stop.Token);
        }
        catch (WebSocketException refused) when (refused.WebSocketErrorCode == WebSocketError.NotAWebSocket)
        {
            await rest.SendAsync(HttpMethod.Get, "user/me", null, _stop.Token);
            throw;
        }
    }

    private async Task RenewUntilAsync(HubConnection connection, Task closed)
    {
        while (true)
        {
            using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            TimeSpan wait = session.RenewIn > TimeSpan.FromSeconds(1) ? session.RenewIn : TimeSpan.FromSeconds(1);
            Task renewal = Task.Delay(wait, options.TimeProvider, enough.Token);
            Task first = await Task.WhenAny(closed, renewal);
            await enough.CancelAsync();
            _stop.Token.ThrowIfCancellationRequested();
            if (first == closed)
                return;
            string token = await session.AccessTokenAsync(null, _stop.Token);
            Require(await connection.InvokeCoreAsync<HubReply>(HubMethods.Authenticate, [token], _stop.Token).WaitAsync(CallTimeout, options.TimeProvider, _stop.Token));
        }
    }

    private HubConnection Build()
    {
        HubConnectionBuilder builder = new();
        builder.WithUrl(new Uri(rest.Server, "chat/hub"), http =>
        {
            http.SkipNegotiation = true;
            http.Transports = HttpTransportType.WebSockets;
            http.AccessTokenProvider = async () => await session.AccessTokenAsync(null, _stop.Token);
        });
        builder.AddJsonProtocol(json => CoolChatJson.Apply(json.PayloadSerializerOptions));
        return builder.Build();
    }

    private static void Require(HubReply reply)
    {
        if (!reply.Ok)
            throw reply.Error.ToException();
    }

    private static bool IsTransient(Exception exception) => exception is not (OutOfMemoryException or JsonException);

    private Task DelayAsync(int attempt)
    {
        double most = Math.Min(options.ReconnectDelayMost.TotalMilliseconds, options.ReconnectDelay.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 20)));
        TimeSpan jittered = TimeSpan.FromMilliseconds(most * (0.5 + Random.Shared.NextDouble() / 2));
        // A server that drains many clients must not see all of them in the same moment.
        TimeSpan delay = _comeBackAfter is { } asked ? asked + jittered : jittered;
        _comeBackAfter = null;
        return Task.Delay(delay, options.TimeProvider, _stop.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    private void SetConnected(HubConnection connection)
    {
        lock (_lock)
            _connected.TrySetResult(connection);
    }

    private void SetDisconnected()
    {
        lock (_lock)
            _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private void End(CoolChatException reason)
    {
        lock (_lock)
        {
            _connected.TrySetException(reason);
            _ = _connected.Task.Exception;
        }
        StateChanged?.Invoke(ConnectionState.Closed);
        Ended?.Invoke(reason);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_loop is not null)
            await _loop;
        _stop.Dispose();
    }
}
