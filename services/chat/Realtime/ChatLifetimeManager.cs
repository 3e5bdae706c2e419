using System.Globalization;
using CoolChat.Chat.Presence;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Identity;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoolChat.Chat.Realtime;

/// <summary>Puts connections into the tables before their first call is read, and takes them out when they end.</summary>
internal sealed partial class ChatLifetimeManager(
    Audiences audiences,
    PresenceTracker presence,
    ISessionStatus sessions,
    TimeProvider time,
    ChatMetrics metrics,
    IOptions<ChatOptions> options,
    ILogger<ChatLifetimeManager> logger,
    ILogger<DefaultHubLifetimeManager<ChatHub>> baseLogger) : DefaultHubLifetimeManager<ChatHub>(baseLogger)
{
    public override async Task OnConnectedAsync(HubConnectionContext connection)
    {
        Caller caller = Caller.From(connection.User) ?? throw new InvalidOperationException("The hub requires authorization.");
        ClientConnection client = new(
            new HubFrameSink(connection), caller, ExpiryOf(connection), metrics, options.Value.BufferFrames, options.Value.BufferBytes);
        connection.Features.Set(client);
        if (audiences.Of(caller.UserId).Count >= options.Value.ConnectionsPerPerson)
        {
            LogTooMany(logger, options.Value.ConnectionsPerPerson);
            connection.Abort();
            return;
        }
        await base.OnConnectedAsync(connection);
        Task loaded = audiences.AddAsync(client);
        metrics.Connected();
        presence.Connected(caller.UserId);
        await loaded;
        // Revoked between the check of the token and here: nobody else would close it.
        if (sessions.IsRevoked(caller.SessionId))
            client.Close(ClosedCodes.SessionRevoked);
    }

    public override async Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        if (connection.Features.Get<ClientConnection>() is { } client)
        {
            client.End();
            if (audiences.Forget(client, out bool last))
                metrics.Disconnected();
            presence.Disconnected(client, last);
        }
        await base.OnDisconnectedAsync(connection);
    }

    private DateTimeOffset ExpiryOf(HubConnectionContext connection) =>
        long.TryParse(connection.User.FindFirst("exp")?.Value, CultureInfo.InvariantCulture, out long seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : time.GetUtcNow() + AccessTokens.Lifetime;

    [LoggerMessage(303, LogLevel.Warning, "A person opened more than {Most} connections; the newest was ended")]
    private static partial void LogTooMany(ILogger logger, int most);
}

/// <summary>Codes of <see cref="ClosedNotice"/>.</summary>
internal static class ClosedCodes
{
    public const string SessionRevoked = "session_revoked";
    public const string TokenExpired = "token_expired";
}
