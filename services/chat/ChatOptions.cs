using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace CoolChat.Chat;

/// <summary>Section <c>Chat</c>.</summary>
internal sealed class ChatOptions
{
    public const string Section = "Chat";

    /// <summary>How long Submit waits for the outcome before it answers <c>accepted</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan OutcomeWait { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Calls of one connection that may be under way at once; its order holds all the same.</summary>
    [Range(1, 1024)]
    public int ParallelCalls { get; set; } = 64;

    /// <summary>Frames that wait for a client that does not read, before it is skipped and told to resync.</summary>
    [Range(1, 100_000)]
    public int BufferFrames { get; set; } = 512;

    /// <summary>Bytes that wait for such a client.</summary>
    [Range(1024, 1 << 28)]
    public int BufferBytes { get; set; } = 1 << 20;

    /// <summary>Hub connections of one person.</summary>
    [Range(1, 100_000)]
    public int ConnectionsPerPerson { get; set; } = 100;

    /// <summary>Events that wait for the live fan-out; beyond it they are dropped and every client syncs.</summary>
    [Range(100, 10_000_000)]
    public int FanoutEvents { get; set; } = 50_000;

    /// <summary>Typing is told in conversations where at most this many people are connected.</summary>
    [Range(1, 100_000)]
    public int TypingAudience { get; set; } = 200;

    /// <summary>How long somebody without a connection stays online: a reload is no absence.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan PresenceGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>On a stop, clients are asked to come back after a random part of this.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ReconnectSpread { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>message.send.</summary>
    [ValidateObjectMembers]
    public BucketOptions Messages { get; set; } = new() { PerSecond = 50, Burst = 200 };

    /// <summary>Every other command, and settings.</summary>
    [ValidateObjectMembers]
    public BucketOptions Actions { get; set; } = new() { PerSecond = 50, Burst = 200 };

    /// <summary>Read and delivered marks.</summary>
    [ValidateObjectMembers]
    public BucketOptions Marks { get; set; } = new() { PerSecond = 100, Burst = 500 };

    /// <summary>New conversations, invites, joins and additions of members.</summary>
    [ValidateObjectMembers]
    public BucketOptions Creates { get; set; } = new() { PerSecond = 2, Burst = 100 };

    /// <summary>Typing.</summary>
    [ValidateObjectMembers]
    public BucketOptions Typing { get; set; } = new() { PerSecond = 2, Burst = 10 };

    /// <summary>WatchPresence.</summary>
    [ValidateObjectMembers]
    public BucketOptions Watches { get; set; } = new() { PerSecond = 2, Burst = 20 };

    /// <summary>Searches.</summary>
    [ValidateObjectMembers]
    public BucketOptions Searches { get; set; } = new() { PerSecond = 5, Burst = 50 };
}

/// <summary>A token bucket of one person.</summary>
internal sealed class BucketOptions
{
    /// <summary>For as long as one likes; 0 = no limit.</summary>
    [Range(0, 1_000_000)]
    public double PerSecond { get; set; }

    /// <summary>At once.</summary>
    [Range(1, 10_000_000)]
    public int Burst { get; set; } = 1;
}

[OptionsValidator]
internal sealed partial class ChatOptionsValidator : IValidateOptions<ChatOptions>;
