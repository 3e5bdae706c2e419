using CoolChat.Testing;

namespace CoolChat.FaultTests.Cluster;

/// <summary>Something that breaks and is mended again.</summary>
/// <param name="Name">For the report.</param>
/// <param name="BreakAsync">Breaks and mends it. The last argument waits until people got through meanwhile.</param>
internal sealed record Fault(string Name, Func<ClusterProcesses, Random, Func<Task>, Task> BreakAsync)
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("chat is killed", (cluster, random, _) => KillAsync(Any(cluster.Chat, random))),
        new("processing is killed", (cluster, random, _) => KillAsync(Any(cluster.Processing, random))),
        new("both processing nodes are killed", (cluster, _, _) => Task.WhenAll(cluster.Processing.Select(KillAsync))),
        new("the gateway is killed", (cluster, _, _) => KillAsync(cluster.Gateway)),
        new("the user service is killed", (cluster, _, _) => KillAsync(cluster.User)),
        new("chat is stopped", (cluster, random, _) => StopAsync(Any(cluster.Chat, random))),
        new("processing is stopped", (cluster, random, _) => StopAsync(Any(cluster.Processing, random))),
        new("chat is held up", (cluster, random, _) => HoldAsync(Any(cluster.Chat, random), random, 20_000)),
        new("processing is held up", (cluster, random, _) => HoldAsync(Any(cluster.Processing, random), random, 10_000)),
        // When it goes on it still believes that it is the one: it must neither append nor reject.
        new("processing is held up until another took over", (cluster, random, others) => TakeOverAsync(Any(cluster.Processing, random), others)),
        new("processing gets a third node, which leaves again", (cluster, _, others) => JoinAndLeaveAsync(cluster, others)),
        new("the gateway is held up", (cluster, random, _) => HoldAsync(cluster.Gateway, random, 5_000)),
        new("RabbitMQ is killed", (cluster, _, _) => KillAsync(cluster, "rabbitmq")),
        new("Redis is killed", (cluster, _, _) => KillAsync(cluster, "redis")),
        new("RabbitMQ is held up", (cluster, random, _) => HoldAsync(cluster, "rabbitmq", random)),
        new("Redis is held up", (cluster, random, _) => HoldAsync(cluster, "redis", random)),
        new("MongoDB is held up", (cluster, random, _) => HoldAsync(cluster, "mongodb", random)),
        new("Redis is emptied", (cluster, _, _) => cluster.EmptyRedisAsync()),
    ];

    /// <summary>Only where COOLCHAT_CLUSTER_FAULT asks for it, until it has held for many rounds: the stand-in for MongoDB has to be safe against kills itself.</summary>
    public static Fault MongoKilled { get; } = new("MongoDB is killed", (cluster, _, _) => KillAsync(cluster, "mongodb"));

    private static ServiceProgram Any(IReadOnlyList<ServiceProgram> nodes, Random random) => nodes[random.Next(nodes.Count)];

    private static async Task KillAsync(ServiceProgram node)
    {
        node.Kill();
        await node.StartAgainAsync();
    }

    private static async Task StopAsync(ServiceProgram node)
    {
        await StopInTimeAsync(node);
        await node.StartAgainAsync();
    }

    /// <summary>In an orderly way, and before Kubernetes would lose patience.</summary>
    private static async Task StopInTimeAsync(ServiceProgram node)
    {
        await node.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, node.ExitCode);
    }

    private static async Task JoinAndLeaveAsync(ClusterProcesses cluster, Func<Task> others)
    {
        await using ServiceProgram third = await cluster.AddProcessingAsync();
        // It gets its share once the others have looked, which they do every two seconds.
        await Task.Delay(TimeSpan.FromSeconds(5));
        await others();
        await StopInTimeAsync(third);
    }

    private static async Task HoldAsync(ServiceProgram node, Random random, int most)
    {
        node.Pause();
        await Task.Delay(random.Next(200, most));
        node.Resume();
    }

    private static async Task TakeOverAsync(ServiceProgram node, Func<Task> others)
    {
        node.Pause();
        // Whatever was on its way to it; then what only another can have done.
        await others();
        await others();
        node.Resume();
    }

    private static async Task KillAsync(ClusterProcesses cluster, string engine)
    {
        await cluster.Engines.StopAsync(engine, kill: true);
        await cluster.Engines.StartAsync(engine);
    }

    private static async Task HoldAsync(ClusterProcesses cluster, string engine, Random random)
    {
        await cluster.Engines.PauseAsync(engine);
        await Task.Delay(random.Next(200, 8_000));
        await cluster.Engines.ResumeAsync(engine);
    }
}
