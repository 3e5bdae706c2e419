using System.Collections.Concurrent;
using System.Diagnostics;
using CoolChat.Engines.RabbitMq;
using CoolChat.Processing.Writing;
using RabbitMQ.Client;

namespace CoolChat.Processing.Adapters.RabbitMq;

/// <summary>
/// Two connections, a consumer for each partition and the thread that answers, from the broker's coming to its going. Keeps the node at its share of
/// partitions: it steps back from what it has beyond it and queues up behind the others again.
/// </summary>
internal sealed class ConsumingSession : IAsyncDisposable
{
    private readonly RabbitMqEngine _engine;
    private readonly CommandConsumerOptions _options;
    private readonly ConversationWriter _writer;
    private readonly IConnection _consuming;
    private readonly IConnection _publishing;
    private readonly Probes _probes;
    private readonly PartitionConsumer?[] _consumers;
    private readonly ConcurrentDictionary<int, long> _heard = new();
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ending = new();
    private IChannel? _control;
    private Answers? _answers;

    private ConsumingSession(RabbitMqEngine engine, CommandConsumerOptions options, ConversationWriter writer, IConnection consuming, IConnection publishing)
    {
        _engine = engine;
        _options = options;
        _writer = writer;
        _consuming = consuming;
        _publishing = publishing;
        _probes = new Probes(Every);
        _consumers = new PartitionConsumer?[engine.Queues.Partitions];
        foreach (IConnection connection in (IConnection[])[consuming, publishing])
        {
            connection.ConnectionShutdownAsync += (_, shutdown) =>
            {
                End(shutdown.ReplyText);
                return Task.CompletedTask;
            };
        }
    }

    /// <summary>Partitions that were heard of lately.</summary>
    public IReadOnlyCollection<int> Held => [.. _heard.Where(heard => Stopwatch.GetElapsedTime(heard.Value) < Every * 3).Select(heard => heard.Key)];

    private TimeSpan Every => TimeSpan.FromMilliseconds(_options.BalanceMs);

    /// <summary>Connects, makes the queues and begins to consume.</summary>
    public static async Task<ConsumingSession> OpenAsync(
        RabbitMqEngine engine, CommandConsumerOptions options, ConversationWriter writer, CancellationToken cancellationToken)
    {
        IConnection publishing = await engine.ConnectAsync("coolchat answers", cancellationToken);
        ConsumingSession? session = null;
        try
        {
            session = new ConsumingSession(engine, options, writer, await engine.ConnectAsync("coolchat consumer", cancellationToken), publishing);
            await session.StartAsync(cancellationToken);
            return session;
        }
        catch (Exception)
        {
            if (session is null)
                await publishing.DisposeAsync();
            else
                await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Looks after the partitions until the session ends; answers why it did.</summary>
    public async Task<string> RunAsync(CancellationToken stoppingToken)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, _ending.Token);
        try
        {
            while (true)
            {
                await _probes.SendAsync(_control!, _engine.Queues, ending.Token);
                await Task.Delay(Every, ending.Token);
                await ReopenAsync(ending.Token);
                await StepBackAsync(ending.Token);
            }
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            return await _ended.Task;
        }
    }

    /// <summary>Hands all partitions over: nothing new is taken, what is under way ends.</summary>
    public async Task LetGoAsync() =>
        await Task.WhenAll(_consumers.Select(consumer => consumer?.LetGoAsync(TimeSpan.FromSeconds(_options.HandOverSeconds)) ?? Task.CompletedTask));

    public async ValueTask DisposeAsync()
    {
        End("closed");
        foreach (PartitionConsumer? consumer in _consumers)
            consumer?.StepDown("The session ended.");
        _answers?.Dispose();
        foreach (IConnection connection in (IConnection[])[_consuming, _publishing])
        {
            await connection.CloseAsync(200, "Goodbye", _engine.Timeout, abort: true, CancellationToken.None);
            await connection.DisposeAsync();
        }
    }

    private void End(string reason)
    {
        if (_ended.TrySetResult(reason))
            _ = _ending.CancelAsync();
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        _control = await _publishing.CreateChannelAsync(cancellationToken: cancellationToken);
        _control.ChannelShutdownAsync += (_, shutdown) =>
        {
            End(shutdown.ReplyText);
            return Task.CompletedTask;
        };
        await _engine.Queues.DeclareAsync(_control, cancellationToken);
        _answers = await Answers.OpenAsync(_publishing, _engine.Queues, End, cancellationToken);
        for (int partition = 0; partition < _consumers.Length; partition++)
            _consumers[partition] = await OpenAsync(partition, cancellationToken);
    }

    private Task<PartitionConsumer> OpenAsync(int partition, CancellationToken cancellationToken) => PartitionConsumer.OpenAsync(
        _consuming, _engine.Queues, partition, _options.Prefetch, _writer, _answers!.Add, Probed, cancellationToken);

    /// <summary>A probe reached this node: it has the partition.</summary>
    private void Probed(PartitionConsumer consumer, string node)
    {
        _heard[consumer.Partition] = Stopwatch.GetTimestamp();
        _probes.Heard(node);
    }

    private async Task ReopenAsync(CancellationToken cancellationToken)
    {
        for (int partition = 0; partition < _consumers.Length; partition++)
        {
            if (_consumers[partition] is { IsLost: true } lost)
                await ReplaceAsync(lost, cancellationToken);
        }
    }

    private async Task StepBackAsync(CancellationToken cancellationToken) => await Task.WhenAll(
        FairShare.Excess(Held, _probes.Nodes, _consumers.Length).Select(partition => _consumers[partition]!).Select(async consumer =>
        {
            await consumer.LetGoAsync(TimeSpan.FromSeconds(_options.HandOverSeconds));
            await ReplaceAsync(consumer, cancellationToken);
        }));

    private async Task ReplaceAsync(PartitionConsumer consumer, CancellationToken cancellationToken)
    {
        await consumer.CloseAsync();
        _heard.TryRemove(consumer.Partition, out _);
        _consumers[consumer.Partition] = await OpenAsync(consumer.Partition, cancellationToken);
    }
}
