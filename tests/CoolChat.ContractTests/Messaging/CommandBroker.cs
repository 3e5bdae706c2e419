using RabbitMQ.Client;

namespace CoolChat.ContractTests.Messaging;

/// <summary>Queues of a test class on the RabbitMQ that <see cref="Testing.Engines"/> finds, removed when its tests are done.</summary>
public sealed class CommandBroker : IAsyncDisposable
{
    private readonly List<string> _prefixes = [];
    private string? _address;

    /// <summary>The configuration of a deployment of its own.</summary>
    public async Task<KeyValuePair<string, string?>[]> ConfigurationAsync(string prefix, int partitions = 4, string? address = null)
    {
        _address = await Testing.Engines.RabbitMqAsync();
        lock (_prefixes)
            _prefixes.Add(prefix);
        return
        [
            new("ConnectionStrings:rabbitmq", address ?? _address),
            new("Messaging:RabbitMq:Prefix", prefix),
            new("Storage:Mongo:Partitions", $"{partitions}"),
            new("Processing:CommandQueue:BalanceMs", "200"),
        ];
    }

    public async Task<IConnection> ConnectAsync() =>
        await new ConnectionFactory { Uri = new Uri(await Testing.Engines.RabbitMqAsync()) }.CreateConnectionAsync();

    public async ValueTask DisposeAsync()
    {
        if (_address is null)
            return;
        await using IConnection connection = await ConnectAsync();
        await using IChannel channel = await connection.CreateChannelAsync();
        foreach (string prefix in _prefixes.Distinct())
        {
            foreach (int partitions in (int[])[1, 4, 16])
            {
                for (int partition = 0; partition < partitions; partition++)
                    await channel.QueueDeleteAsync($"{prefix}.commands.{partitions}.{partition}");
            }
            await channel.QueueDeleteAsync($"{prefix}.dead");
            await channel.ExchangeDeleteAsync($"{prefix}.dead");
        }
    }
}
