using CoolChat.Chat.Presence;
using CoolChat.Engines.Redis;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace CoolChat.Chat.Adapters.Redis;

/// <summary>
/// Typing between nodes: a message on one channel, dropped when Redis is away, because it is worthless late.
/// <code>
/// {prefix}typing   channel of {node}{conversationId}{userId} (96 hexadecimal digits)
/// </code>
/// </summary>
internal sealed class RedisTypingRelay(RedisEngine redis, TimeProvider time) : BackgroundService, ITypingRelay
{
    private const int IdLength = 32;
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(1);
    private readonly string _node = Guid.NewGuid().ToString("N");
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action<Guid, Guid> _typing = static (_, _) => { };

    /// <summary>Completes when it hears other nodes.</summary>
    public Task Listening => _listening.Task;

    public void OnTyping(Action<Guid, Guid> typing) => _typing = typing;

    public void Tell(Guid conversationId, Guid userId)
    {
        try
        {
            redis.Database.Publish(redis.Channel("typing"), $"{_node}{conversationId:N}{userId:N}", CommandFlags.FireAndForget);
        }
        catch (Exception away) when (RedisEngine.IsAway(away))
        {
            // Nobody is told later.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Once subscribed it stays so, over every reconnection.
        while (!_listening.Task.IsCompleted)
        {
            try
            {
                await redis.Subscriber.SubscribeAsync(redis.Channel("typing"), (channel, value) => Hear(value.ToString()));
                _listening.SetResult();
            }
            catch (Exception away) when (RedisEngine.IsAway(away))
            {
                await Task.Delay(RetryEvery, time, stoppingToken);
            }
        }
    }

    private void Hear(string text)
    {
        if (text.Length == 3 * IdLength
            && !text.StartsWith(_node, StringComparison.Ordinal)
            && Guid.TryParseExact(text.AsSpan(IdLength, IdLength), "N", out Guid conversationId)
            && Guid.TryParseExact(text.AsSpan(2 * IdLength), "N", out Guid userId))
            _typing(conversationId, userId);
    }
}
