using Microsoft.Extensions.Options;

namespace CoolChat.Chat;

/// <summary>Section <c>Chat</c>.</summary>
internal sealed class ChatOptions
{
    public const string Section = "Chat";

    /// <summary>How long Submit waits for the outcome before it answers <c>accepted</c>.</summary>
    public TimeSpan OutcomeWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Calls of one connection that may be under way at once; its order holds all the same. What is under way when more comes than can be carried
    /// survives collections, each of which copies it: 64 made a server that was overloaded once carry half as much until it was left alone.
    /// </summary>
    public int ParallelCalls { get; set; } = 16;

    /// <summary>Frames that wait for a client that does not read, before it is skipped and told to resync.</summary>
    public int BufferFrames { get; set; } = 512;

    /// <summary>Bytes that wait for such a client.</summary>
    public int BufferBytes { get; set; } = 1 << 20;

    /// <summary>Hub connections of one person.</summary>
    public int ConnectionsPerPerson { get; set; } = 100;

    /// <summary>Events that wait for the live fan-out; beyond it they are dropped and every client syncs.</summary>
    public int FanoutEvents { get; set; } = 50_000;

    /// <summary>Typing is told in conversations where at most this many people are connected.</summary>
    public int TypingAudience { get; set; } = 200;

    /// <summary>How long somebody without a connection stays online: a reload is no absence.</summary>
    public TimeSpan PresenceGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>On a stop, clients are asked to come back after a random part of this.</summary>
    public TimeSpan ReconnectSpread { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What is wrong, by its key; null when nothing is.</summary>
    public string? Check()
    {
        if (OutcomeWait < TimeSpan.FromMilliseconds(50) || OutcomeWait > TimeSpan.FromMinutes(1))
            return Section + ":OutcomeWait is a time from 00:00:00.050 to 00:01:00.";
        if (ParallelCalls is < 1 or > 1024)
            return Section + ":ParallelCalls is a number from 1 to 1024.";
        if (BufferFrames is < 1 or > 100_000)
            return Section + ":BufferFrames is a number from 1 to 100000.";
        if (BufferBytes is < 1024 or > 1 << 28)
            return Section + ":BufferBytes is a number from 1024 to 268435456.";
        if (ConnectionsPerPerson is < 1 or > 100_000)
            return Section + ":ConnectionsPerPerson is a number from 1 to 100000.";
        if (FanoutEvents is < 100 or > 10_000_000)
            return Section + ":FanoutEvents is a number from 100 to 10000000.";
        if (TypingAudience is < 1 or > 100_000)
            return Section + ":TypingAudience is a number from 1 to 100000.";
        if (PresenceGrace < TimeSpan.Zero || PresenceGrace > TimeSpan.FromMinutes(10))
            return Section + ":PresenceGrace is a time from 00:00:00 to 00:10:00.";
        return ReconnectSpread < TimeSpan.Zero || ReconnectSpread > TimeSpan.FromMinutes(10)
            ? Section + ":ReconnectSpread is a time from 00:00:00 to 00:10:00."
            : null;
    }
}

/// <summary>Fails the start by the key that is wrong.</summary>
internal sealed class ChatOptionsValidator : IValidateOptions<ChatOptions>
{
    public ValidateOptionsResult Validate(string? name, ChatOptions options) =>
        options.Check() is { } wrong ? ValidateOptionsResult.Fail(wrong) : ValidateOptionsResult.Success;
}
