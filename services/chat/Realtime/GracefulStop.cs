using CoolChat.Contracts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CoolChat.Chat.Realtime;

/// <summary>
/// On a stop, asks every client to come back after a random while, so that they don't all return at once. Runs before SignalR ends its connections:
/// callbacks of <see cref="IHostApplicationLifetime.ApplicationStopping"/> run last registered first, and SignalR's was registered with its endpoint. SignalR
/// then drops what is not sent yet, so this waits a moment for clients to take the frame and go by themselves.
/// </summary>
internal sealed class GracefulStop(Audiences audiences, IHostApplicationLifetime lifetime, TimeProvider time, IOptions<ChatOptions> options)
    : IHostedService
{
    private static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);

    private readonly TimeSpan _spread = options.Value.ReconnectSpread;
    private CancellationTokenRegistration _registration;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => _registration = lifetime.ApplicationStopping.Register(AskToReconnect));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _registration.Dispose();
        return Task.CompletedTask;
    }

    private void AskToReconnect()
    {
        foreach (ClientConnection connection in audiences.All())
        {
            int after = 100 + Random.Shared.Next((int)_spread.TotalMilliseconds + 1);
            connection.Send(Frames.Make(HubMethods.Reconnect, new ReconnectNotice { AfterMs = after, Reason = "restarting" }));
        }
        long started = time.GetTimestamp();
        while (audiences.Any() && time.GetElapsedTime(started) < Farewell)
            Thread.Sleep(Glance);
    }
}
