using System.Globalization;
using CoolChat.Testing;

namespace CoolChat.FaultTests;

/// <summary>
/// The server is killed (SIGKILL) at random moments while people write without pause. COOLCHAT_KILL_ROUNDS sets how often, COOLCHAT_KILL_SEED
/// repeats the choices of a run; the moments themselves depend on the machine.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int People = 8;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(120);

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    [Fact]
    public async Task Kill_WhileEightWrite_LosesAndRepeatsNothing()
    {
        int rounds = Setting("COOLCHAT_KILL_ROUNDS", 5);
        int seed = Setting("COOLCHAT_KILL_SEED", Random.Shared.Next());
        output.WriteLine($"{rounds} rounds, seed {seed}");
        Random random = new(seed);
        await using StandaloneProcess server = await StandaloneProcess.StartAsync(new StandaloneSettings { Configuration = Unlimited });
        TestPerson[] people = await Task.WhenAll(Enumerable.Range(0, People).Select(_ => TestPerson.ConnectAsync(server.Url)));
        List<Guid> conversations = await OpenConversationsAsync(people);
        Writer[] writers = [.. people.Select((person, i) => new Writer(person, conversations, seed + i))];
        try
        {
            foreach (Writer writer in writers)
                writer.Start();
            for (int round = 0; round < rounds; round++)
            {
                // Only while people get through is there something to lose: a slow machine would else be killed before anybody is back.
                int before = writers.Sum(writer => writer.Count);
                await Eventually.TrueAsync(() => writers.Sum(writer => writer.Count) >= before + People, "people write again", Settle);
                await Task.Delay(random.Next(0, 1000));
                server.Kill();
                await server.StartAgainAsync();
            }
            await Task.WhenAll(writers.Select(writer => writer.FinishAsync())).WaitAsync(Settle);
            output.WriteLine($"{writers.Sum(writer => writer.Acknowledged.Count)} acknowledged, {writers.Sum(writer => writer.Refused)} refused");
            Assert.All(writers, writer => Assert.NotEmpty(writer.Acknowledged));
            await using TestPerson fresh = await TestPerson.ConnectAsync(server.Url, people[0].Key);
            foreach (Guid conversation in conversations)
                await History.VerifyAsync(conversation, writers, fresh);
        }
        finally
        {
            foreach (Writer writer in writers)
                await writer.DisposeAsync();
        }
    }

    internal static IReadOnlyDictionary<string, string> Unlimited { get; } = new Dictionary<string, string>
    {
        ["RateLimits:Http:Enabled"] = "false",
        ["RateLimits:Chat:Enabled"] = "false",
    };

    private static async Task<List<Guid>> OpenConversationsAsync(TestPerson[] people)
    {
        List<Guid> conversations = [];
        string[] others = [.. people.Skip(1).Select(person => person.Id.ToString())];
        for (int i = 0; i < 3; i++)
            conversations.Add((await people[0].Client.Chat.CreateGroupAsync($"Group {i}", others)).Id);
        return conversations;
    }
}
