using System.Collections.Concurrent;
using System.Diagnostics;
using CoolChat.Engines.RabbitMq;
using RabbitMQ.Client;

namespace CoolChat.Processing.Adapters.RabbitMq;

/// <summary>
/// How a node learns which partitions it has, and how many nodes there are: the broker tells neither. Each node puts an empty message into every
/// partition's queue now and then; whoever gets it is the partition's active consumer, and its <c>app-id</c> names a node that lives.
/// </summary>
internal sealed class Probes(TimeSpan every)
{
    public const string Type = "coolchat.probe.v1";
    private const int Remembered = 4;

    private readonly ConcurrentDictionary<string, long> _nodes = new();
    private readonly BasicProperties _properties = new() { Type = Type, AppId = Guid.NewGuid().ToString("N"), DeliveryMode = DeliveryModes.Transient };

    /// <summary>Nodes heard of lately, this one included.</summary>
    public int Nodes => Math.Max(1, _nodes.Values.Count(heard => Stopwatch.GetElapsedTime(heard) < every * Remembered));

    public void Heard(string node) => _nodes[node] = Stopwatch.GetTimestamp();

    public async Task SendAsync(IChannel channel, CommandQueues queues, CancellationToken cancellationToken)
    {
        for (int partition = 0; partition < queues.Partitions; partition++)
            await channel.BasicPublishAsync("", queues.NameOf(partition), mandatory: false, _properties, ReadOnlyMemory<byte>.Empty, cancellationToken);
        foreach ((string node, long heard) in _nodes)
        {
            if (Stopwatch.GetElapsedTime(heard) > every * Remembered * 2)
                _nodes.TryRemove(node, out _);
        }
    }
}
