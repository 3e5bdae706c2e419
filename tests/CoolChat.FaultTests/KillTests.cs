using System.Globalization;
using CoolChat.Client;
using CoolChat.Contracts;
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
                await VerifyAsync(conversation, writers, fresh);
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

    private static async Task VerifyAsync(Guid conversation, Writer[] writers, TestPerson fresh)
    {
        List<ChatEvent> log = await ReadLogAsync(fresh.Client, conversation);
        // Without holes, and the chain whole.
        Assert.Equal(Enumerable.Range(1, log.Count).Select(seq => (long)seq), log.Select(e => e.Seq));
        byte[] expected = HashChain.Genesis.ToArray();
        foreach (ChatEvent e in log)
        {
            Assert.Equal(System.Buffers.Text.Base64Url.EncodeToString(expected), e.PrevHash);
            Assert.True(HashChain.BodyMatches(e));
            expected = HashChain.HashHeader(e);
        }
        // Each command once, and where it was acknowledged to be.
        Dictionary<Guid, long> bySeq = log.ToDictionary(e => e.CommandId, e => e.Seq);
        foreach (Acknowledged acknowledged in writers.SelectMany(writer => writer.Acknowledged).Where(one => one.ConversationId == conversation))
            Assert.Equal(acknowledged.Seq, bySeq.GetValueOrDefault(acknowledged.CommandId));
        foreach (Writer writer in writers)
            await VerifyClientAsync(conversation, writer, log, fresh);
    }

    private static async Task VerifyClientAsync(Guid conversation, Writer writer, List<ChatEvent> log, TestPerson fresh)
    {
        CoolChatClient client = writer.Person.Client;
        await client.SyncAsync().WaitAsync(Settle);
        await Eventually.TrueAsync(() => client.Find(conversation)?.LastSeq >= log.Count, "every client has the whole log", Settle);
        ConversationState state = client.Find(conversation)!;
        // One order for everyone: what this client saw is the tail of the log, each event once.
        IReadOnlyList<ChatEvent> received = writer.Received(conversation);
        Assert.Equal(log.TakeLast(received.Count).Select(e => (e.Seq, e.CommandId)), received.Select(e => (e.Seq, e.CommandId)));
        Assert.True(received.Count > 0);
        ConversationState whole = fresh.Client.Find(conversation)!;
        Assert.Equal(whole.Messages.Select(Essence), state.Messages.Select(Essence));
        Assert.Equal(whole.Members, state.Members);
        // Unread is what the log says.
        ConversationView view = await client.Chat.GetAsync(conversation);
        long recount = state.Messages.Count(message => message.Seq > view.ReadSeq && message.Deleted is null);
        Assert.Equal((recount, recount), (view.Unread, state.Unread));
    }

    // Without what differs by viewer (which reactions are one's own).
    private static string Essence(MessageView message) => string.Join(
        '|',
        message.Seq,
        message.MessageId,
        message.Content?.Text,
        message.Deleted,
        message.Edits,
        string.Join(',', (message.Reactions ?? []).Select(reaction => $"{reaction.Key}{reaction.Count}").Order(StringComparer.Ordinal)));

    private static async Task<List<ChatEvent>> ReadLogAsync(CoolChatClient client, Guid conversation)
    {
        List<ChatEvent> log = [];
        EventPage page;
        do
        {
            page = await client.Chat.EventsAsync(conversation, after: log.Count, limit: 200);
            log.AddRange(page.Events);
        }
        while (page.HasMore);
        return log;
    }
}
