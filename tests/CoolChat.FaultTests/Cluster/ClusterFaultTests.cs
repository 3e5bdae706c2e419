using System.Diagnostics;
using System.Globalization;
using CoolChat.Testing;

namespace CoolChat.FaultTests.Cluster;

/// <summary>A cluster and the engines take the whole machine.</summary>
[CollectionDefinition(nameof(WholeMachine), DisableParallelization = true)]
public sealed class WholeMachine;

/// <summary>
/// Parts of a cluster are killed, held up or emptied while people write to it through its gateway. COOLCHAT_CLUSTER_ROUNDS sets how often,
/// COOLCHAT_CLUSTER_SEED repeats the choices of a run, COOLCHAT_CLUSTER_FAULT runs only faults whose name contains it; the moments depend on the machine.
/// </summary>
[Collection(nameof(WholeMachine))]
public sealed class ClusterFaultTests(ITestOutputHelper output)
{
    private const int People = 16;
    private const int Conversations = 4;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(180);

    [Fact]
    public async Task Fault_WhileSixteenWrite_LosesAndRepeatsNothing()
    {
        int rounds = Setting("COOLCHAT_CLUSTER_ROUNDS", 3);
        int seed = Setting("COOLCHAT_CLUSTER_SEED", Random.Shared.Next());
        output.WriteLine($"{rounds} rounds, seed {seed}");
        Random random = new(seed);
        await using ClusterProcesses cluster = await ClusterProcesses.StartAsync();
        Uri server = cluster.Gateway.Url;
        TestPerson[] people = await Task.WhenAll(Enumerable.Range(0, People).Select(_ => TestPerson.ConnectAsync(server)));
        Writer[] writers = [.. people.Select((person, i) => new Writer(person, [], seed + i))];
        Fault[] faults = Environment.GetEnvironmentVariable("COOLCHAT_CLUSTER_FAULT") is { Length: > 0 } chosen
            ? [.. Fault.All.Append(Fault.MongoKilled).Where(fault => fault.Name.Contains(chosen, StringComparison.Ordinal))]
            : [.. Fault.All];
        try
        {
            foreach (Writer writer in writers)
                writer.Listen();
            for (int round = 0; round < rounds; round++)
            {
                // Each in its turn, in an order that the seed gives.
                if (round % faults.Length == 0)
                    random.Shuffle(faults);
                await RunRoundAsync(cluster, writers, faults[round % faults.Length], random);
            }
            await Eventually.TrueAsync(() => DeadLetters.AreNoneAsync(cluster.RabbitMqManagement), "no command was set aside");
        }
        catch (Exception)
        {
            cluster.WriteOutput(output.WriteLine);
            throw;
        }
        finally
        {
            foreach (Writer writer in writers)
                await writer.DisposeAsync();
        }
    }

    private async Task RunRoundAsync(ClusterProcesses cluster, Writer[] writers, Fault fault, Random random)
    {
        long started = Stopwatch.GetTimestamp();
        // Who has never been there when it is verified.
        await using TestPerson fresh = await TestPerson.SignInAsync(cluster.Gateway.Url);
        List<Guid> conversations = await OpenConversationsAsync(writers, fresh);
        int acknowledged = writers.Sum(writer => writer.Count);
        foreach (Writer writer in writers)
            writer.Continue(conversations);
        await ProgressAsync(writers, "people write");
        await Task.Delay(random.Next(0, 500));
        output.WriteLine(fault.Name);
        long broken = Stopwatch.GetTimestamp();
        await fault.BreakAsync(cluster, random, () => ProgressAsync(writers, "people write although a part is held up"));
        TimeSpan mended = Stopwatch.GetElapsedTime(broken);
        await ProgressAsync(writers, "people write again");
        TimeSpan again = Stopwatch.GetElapsedTime(broken);
        await Task.WhenAll(writers.Select(writer => writer.FinishAsync())).WaitAsync(Settle);
        await cluster.AnswersAsync();
        await fresh.Client.ConnectAsync().WaitAsync(Settle);
        foreach (Guid conversation in conversations)
            await History.VerifyAsync(conversation, writers, fresh);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {writers.Sum(writer => writer.Count) - acknowledged} acknowledged; mended after {mended.TotalSeconds:0.0} s, everybody gets through after {again.TotalSeconds:0.0} s; round {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s"));
    }

    private static async Task<List<Guid>> OpenConversationsAsync(Writer[] writers, TestPerson fresh)
    {
        List<Guid> conversations = [];
        string[] others = [.. writers.Skip(1).Select(writer => writer.Person.Id.ToString()), fresh.Id.ToString()];
        for (int i = 0; i < Conversations; i++)
            conversations.Add((await writers[0].Person.Client.Chat.CreateGroupAsync($"Group {i}", others)).Id);
        return conversations;
    }

    /// <summary>Completes when each of them got something through that was not yet when this was called.</summary>
    private static async Task ProgressAsync(Writer[] writers, string what)
    {
        int[] before = [.. writers.Select(writer => writer.Count)];
        await Eventually.TrueAsync(() => writers.Zip(before).All(pair => pair.First.Count > pair.Second), what, Settle);
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
