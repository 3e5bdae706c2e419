using CoolChat.Contracts.Internal;
using CoolChat.User.Data;
using CoolChat.User.Registration;
using CoolChat.User.Sessions;
using CoolChat.User.SignIn;
using CoolChat.User.Tokens;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CoolChat.User.Hosting;

/// <summary>Loads what is answered from memory before the first request, then keeps it tidy and finishes interrupted deletions.</summary>
internal sealed partial class UserStartup(
    KeyRing keys, RefreshTokens refreshTokens, SignInNonces nonces, EndedSessions endedSessions, BlockProjection blocks, OwnerClaim claim, DeleteAccount deletions,
    ISessionStore sessions, IServerStore server, TimeProvider time, ILogger<UserStartup> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(5);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await keys.MaintainAsync(cancellationToken);
        await refreshTokens.LoadAsync(cancellationToken);
        await nonces.LoadAsync(cancellationToken);
        await endedSessions.LoadAsync(cancellationToken);
        await blocks.CatchUpAsync(cancellationToken);
        await claim.LoadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Period, time);
        do
        {
            try
            {
                await TidyAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // A full disk must not stop the server; the next round tries again.
                LogFailure(logger, failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    internal async Task TidyAsync(CancellationToken cancellationToken)
    {
        await keys.MaintainAsync(cancellationToken);
        await deletions.ResumeAsync(cancellationToken);
        endedSessions.Sweep();
        DateTimeOffset now = time.GetUtcNow();
        await sessions.SweepAsync(now - EndedSessions.Memory, cancellationToken);
        await server.SweepAsync(now - EndedSessions.Memory, cancellationToken);
    }

    [LoggerMessage(220, LogLevel.Error, "Tidying sessions and keys failed; trying again later")]
    private static partial void LogFailure(ILogger logger, Exception failure);
}
