using CoolChat.Contracts.Internal;
using CoolChat.Processing.Decisions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Timer = CoolChat.Conversations.Log.Timer;

namespace CoolChat.Processing.Writing;

/// <summary>
/// Twice a second hands due timers to the writer, which decides what they still mean. A timer leaves the store in the commit that does what
/// it says, so that a crash at any moment repeats it instead of forgetting it. Where several nodes write, each hands over those of the partitions that
/// it has.
/// </summary>
internal sealed partial class TimerPump(
    IConversationLog log, ConversationWriter writer, TimeProvider time, ILogger<TimerPump> logger, IHeldPartitions? held = null) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private const int MostAtOnce = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer tick = new(Interval, time);
        while (await tick.WaitForNextTickAsync(stoppingToken))
        {
            // Not on the timer's own thread: the store may take its time.
            if (await Task.Run(Due, stoppingToken) is not { } due)
                continue;
            foreach (Timer timer in held is null ? due : due.Where(timer => held.Holds(timer.ConversationId)))
            {
                Result<OperationResult> result = await writer.ExecuteAsync(
                    new FireTimer { ConversationId = timer.ConversationId, Actor = timer.Actor, Timer = timer }, stoppingToken);
                if (result.Refusal is { } refusal)
                    LogRefused(logger, timer.Kind.ToString(), timer.ConversationId, refusal.Code);
            }
        }
    }

    /// <summary>Null while the store is away: what is due then is due at the next look.</summary>
    private IReadOnlyList<Timer>? Due()
    {
        try
        {
            return log.DueTimers(time.GetUtcNow().ToUnixTimeMilliseconds(), MostAtOnce);
        }
        catch (LogUnavailableException)
        {
            return null;
        }
    }

    [LoggerMessage(3010, LogLevel.Information, "Timer {Kind} in conversation {ConversationId} ended with {Code}")]
    private static partial void LogRefused(ILogger logger, string kind, Guid conversationId, string code);
}
