namespace CoolChat.Client;

/// <summary>How a <see cref="CoolChatClient"/> behaves.</summary>
public sealed record CoolChatClientOptions
{
    /// <summary>Clock and timers.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Sends the HTTP requests; null: the client owns one. Its base address is not used.</summary>
    public HttpClient? HttpClient { get; init; }

    /// <summary>Name of the program, told to the server and shown in the list of sessions.</summary>
    public string ClientName { get; init; } = "CoolChat.Client";

    /// <summary>Version of the program.</summary>
    public string ClientVersion { get; init; } = "0.1.0";

    /// <summary>The line that the wallet shows when signing in.</summary>
    public string? Statement { get; init; } = "Sign in to CoolChat.";

    /// <summary>
    /// How many events before the last are fetched for a conversation when the client first meets it. 0: only what happens from then on;
    /// <see cref="int.MaxValue"/>: all of it, which makes the local state complete.
    /// </summary>
    public int History { get; init; }

    /// <summary>Wait before the first attempt to reconnect; doubles with each, with jitter.</summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest wait between attempts.</summary>
    public TimeSpan ReconnectDelayMost { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Commands without an outcome that are held at most; further ones are refused with busy.</summary>
    public int OutboxCapacity { get; init; } = 1000;

    /// <summary>Where they are kept; by default in memory, so that they end with the process.</summary>
    public IOutboxStore? OutboxStore { get; init; }

    /// <summary>Events that wait for a slow reader of <see cref="CoolChatClient.EventsAsync"/>; a full buffer holds the client up, it loses nothing.</summary>
    public int EventBuffer { get; init; } = 1024;
}

/// <summary>State of the live connection.</summary>
public enum ConnectionState
{
    /// <summary>Not connected; tries again by itself.</summary>
    Disconnected,
    /// <summary>On the way.</summary>
    Connecting,
    /// <summary>Live.</summary>
    Connected,
    /// <summary>Ended for good.</summary>
    Closed,
}
