using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Identity;
using Microsoft.Extensions.Hosting;

namespace CoolChat.Chat.Realtime;

/// <summary>Closes connections whose right to be there ended: the session was revoked, the account deleted, the token ran out.</summary>
internal sealed class ConnectionEndings(Audiences audiences, IIntegrationEvents events, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly List<IDisposable> _subscriptions = [];

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _subscriptions.Add(events.Subscribe<SessionRevoked>((revoked, _) =>
        {
            foreach (ClientConnection connection in audiences.Of(revoked.UserId).Where(c => c.Caller.SessionId == revoked.SessionId))
                connection.Close(ClosedCodes.SessionRevoked);
            return ValueTask.CompletedTask;
        }));
        _subscriptions.Add(events.Subscribe<AccountDeleted>((deleted, _) =>
        {
            foreach (ClientConnection connection in audiences.Of(deleted.UserId))
                connection.Close(ClosedCodes.SessionRevoked);
            return ValueTask.CompletedTask;
        }));
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                CloseExpired();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A stop.
        }
    }

    private void CloseExpired()
    {
        // The same tolerance as over HTTP: a connection may live as long as the token would be taken there.
        DateTimeOffset oldest = time.GetUtcNow() - AccessTokens.ClockSkew;
        foreach (ClientConnection connection in audiences.All())
        {
            if (connection.ExpiresAt <= oldest)
                connection.Close(ClosedCodes.TokenExpired);
        }
    }

    public override void Dispose()
    {
        _subscriptions.ForEach(subscription => subscription.Dispose());
        base.Dispose();
    }
}
