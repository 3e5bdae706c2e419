using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace CoolChat.EndToEndTests.Journeys;

/// <summary>Random commands of three people against a plain model in memory: what the server shows, what clients fold and what the model says are the same.</summary>
public sealed class ModelTests(Server server)
{
    private const int Sequences = 12;

    /// <summary>What is done: by whom, what, to which of the messages so far.</summary>
    internal sealed record Move(int Person, int Kind, int Target, int Value);

    private static readonly Gen<Move> Moves =
        from person in Gen.Choose(0, 2)
        from kind in Gen.Choose(0, 13)
        from target in Gen.Choose(0, 1000)
        from value in Gen.Choose(0, 2)
        select new Move(person, kind, target, value);

    [Fact]
    public void AnyCommands_LeaveServerClientsAndModelEqual() =>
        Prop.ForAll(Moves.ListOf(30).Select(moves => moves.ToArray()).ToArbitrary(), moves => PlayAsync(moves).GetAwaiter().GetResult())
            .Check(Properties.Of(Sequences));

    /// <summary>Two people neither send nor read: their marks stay where joining set them.</summary>
    [Fact]
    public Task OneWhoOnlyListens_LeavesServerClientsAndModelEqual() => PlayAsync([new Move(Person: 0, Kind: 0, Target: 1, Value: 0)]);

    private async Task PlayAsync(Move[] moves)
    {
        TestPerson[] people = await server.PeopleAsync(3);
        try
        {
            Guid group = await Steps.GroupAsync(people[0], people[1], people[2]);
            Model model = new([.. people.Select(person => person.Id)]);
            foreach (Move move in moves)
            {
                TestPerson actor = people[move.Person];
                if (move.Kind == 9)
                {
                    long seq = Math.Min(1 + (move.Target % 40), model.LastSeq);
                    await actor.Client.MarkReadAsync(group, seq);
                    model.Read(actor.Id, seq);
                    continue;
                }
                Command command = model.Command(group, actor.Id, move);
                bool allowed = model.Apply(actor.Id, command);
                CoolChatException? refusal = await TryAsync(() => actor.Client.SendAsync(command));
                Assert.True(allowed == (refusal is null), $"{move} {command.Type}: the model {(allowed ? "allows" : "refuses")} it, the server {refusal?.Message ?? "took it"}");
            }
            foreach (TestPerson person in people)
                await EqualAsync(person, group, model);
        }
        finally
        {
            foreach (TestPerson person in people)
                await person.DisposeAsync();
        }
    }

    private static async Task<CoolChatException?> TryAsync(Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (CoolChatException refusal)
        {
            return refusal;
        }
    }

    private async Task EqualAsync(TestPerson person, Guid group, Model model)
    {
        ConversationState live = await person.SeesAsync(group, state => state.LastSeq >= model.LastSeq, "every event arrives");
        Assert.Equal(model.LastSeq, live.LastSeq);
        await using TestPerson fresh = await TestPerson.ConnectAsync(server.Url, person.Key);
        ConversationState again = fresh.Client.Find(group)!;
        Assert.Equivalent(again.Messages, live.Messages, strict: true);
        MessagePage page = await person.Client.Chat.MessagesAsync(group, limit: 200);
        string[] expected = [.. model.Messages.Select(message => message.Show(person.Id))];
        Assert.Equal(expected, live.Messages.Select(Model.Show));
        Assert.Equal(expected, page.Items.Select(Model.Show));
        AssertWhole((await person.Client.Chat.EventsAsync(group, limit: 200)).Events);
        ConversationView view = await person.Client.Chat.GetAsync(group);
        long unread = model.Unread(person.Id);
        await person.SeesAsync(group, state => state.ReadSeq == model.ReadSeq(person.Id), "the own mark arrives");
        Assert.Equal((unread, unread, unread), (view.Unread, live.Unread, again.Unread));
    }

    private static void AssertWhole(IReadOnlyList<ChatEvent> log)
    {
        byte[] expected = HashChain.Genesis.ToArray();
        foreach ((int i, ChatEvent e) in log.Index())
        {
            Assert.Equal(i + 1, e.Seq);
            Assert.Equal(System.Buffers.Text.Base64Url.EncodeToString(expected), e.PrevHash);
            Assert.True(HashChain.BodyMatches(e));
            expected = HashChain.HashHeader(e);
        }
    }
}

/// <summary>The rules in their plainest form.</summary>
internal sealed class Model(Guid[] people)
{
    private static readonly string[] Keys = ["👍", "🎉", "❤️"];
    // The owner is people[0]; the group's creation is event 1, and joining by it sets everybody's mark there.
    private readonly Dictionary<Guid, long> _read = people.ToDictionary(person => person, _ => 1L);

    public long LastSeq { get; private set; } = 1;

    public List<Entry> Messages { get; } = [];

    public long ReadSeq(Guid person) => _read[person];

    public void Read(Guid person, long seq) => _read[person] = Math.Max(_read[person], seq);

    public long Unread(Guid person) => Messages.Count(message => message.Seq > _read[person] && message.Deleted is null);

    public Command Command(Guid group, Guid actor, ModelTests.Move move)
    {
        Command command = Steps.Text(group, $"text {move.Target}");
        if (move.Kind == 13)
            return command with { Content = new Content { Type = ContentTypes.Poll, Poll = new Poll { Question = $"poll {move.Target}", Options = ["a", "b", "c"], Multiple = true } } };
        if (Messages.Count == 0 || move.Kind < 4)
            return command;
        command = command with { MessageId = Messages[move.Target % Messages.Count].Id };
        return move.Kind switch
        {
            4 => command with { Type = CommandTypes.MessageEdit, Content = new Content { Type = ContentTypes.Text, Text = $"edit {move.Target}" } },
            5 => command with { Type = CommandTypes.MessageDelete, Content = null },
            6 or 7 => command with { Type = CommandTypes.ReactionAdd, Content = null, Key = Keys[move.Value] },
            10 => command with { Type = CommandTypes.MessagePin, Content = null },
            11 => command with { Type = CommandTypes.MessageUnpin, Content = null },
            12 => command with { Type = CommandTypes.PollVote, Content = null, Options = move.Value == 2 ? [0, 2] : [move.Value] },
            _ => command with { Type = CommandTypes.ReactionRemove, Content = null, Key = Keys[move.Value] },
        };
    }

    /// <summary>Applies a command, or says that it is not allowed.</summary>
    public bool Apply(Guid actor, Command command)
    {
        if (command.Type == CommandTypes.MessageSend)
        {
            Messages.Add(new Entry(command.CommandId, ++LastSeq, actor) { Text = command.Content!.Text, Votes = command.Content.Poll is null ? null : [] });
            _read[actor] = LastSeq;
            return true;
        }
        Entry message = Messages.Single(entry => entry.Id == command.MessageId);
        bool allowed = message.Deleted is null && command.Type switch
        {
            CommandTypes.MessageEdit => message.Sender == actor && message.Votes is null,
            CommandTypes.MessageDelete => message.Sender == actor || actor == people[0],
            CommandTypes.ReactionAdd => message.Reactions.Add((command.Key!, actor)),
            CommandTypes.MessagePin => actor == people[0] && message.Pin(true),
            CommandTypes.MessageUnpin => actor == people[0] && message.Pin(false),
            CommandTypes.PollVote => message.Vote(actor, command.Options!),
            _ => message.Reactions.Remove((command.Key!, actor)),
        };
        if (!allowed)
            return false;
        LastSeq++;
        if (command.Type == CommandTypes.MessageEdit)
            (message.Text, message.Edits) = (command.Content!.Text, message.Edits + 1);
        if (command.Type == CommandTypes.MessageDelete)
            message.Delete(message.Sender == actor ? "author" : "moderator");
        return true;
    }

    public static string Show(MessageView message) => Show(
        message.Seq,
        message.Content?.Text,
        message.Deleted,
        message.Edits ?? 0,
        message.Pinned == true,
        message.Poll?.Counts,
        (message.Reactions ?? []).Select(reaction => $"{reaction.Key} {reaction.Count} {reaction.Mine}"));

    private static string Show(long seq, string? text, string? deleted, int edits, bool pinned, IEnumerable<int>? votes, IEnumerable<string> reactions) =>
        $"{seq} '{text}' deleted: {deleted} edits: {edits} pinned: {pinned} votes: {string.Join(' ', votes ?? [])} {string.Join(',', reactions.Order(StringComparer.Ordinal))}";

    internal sealed record Entry(Guid Id, long Seq, Guid Sender)
    {
        public string? Text { get; set; }

        public int Edits { get; set; }

        public string? Deleted { get; private set; }

        public bool Pinned { get; private set; }

        /// <summary>Of a poll with three options.</summary>
        public Dictionary<Guid, IReadOnlyList<int>>? Votes { get; set; }

        public HashSet<(string Key, Guid By)> Reactions { get; } = [];

        public bool Pin(bool pinned)
        {
            bool changes = Pinned != pinned;
            Pinned = pinned;
            return changes;
        }

        public bool Vote(Guid by, IReadOnlyList<int> options)
        {
            if (Votes is null)
                return false;
            Votes[by] = options;
            return true;
        }

        public void Delete(string why)
        {
            (Deleted, Text, Edits, Pinned, Votes) = (why, null, 0, false, null);
            Reactions.Clear();
        }

        public string Show(Guid viewer) => Model.Show(
            Seq,
            Text,
            Deleted,
            Edits,
            Pinned,
            Votes is null ? null : Enumerable.Range(0, 3).Select(option => Votes.Values.Count(options => options.Contains(option))),
            Reactions.GroupBy(reaction => reaction.Key).Select(group => $"{group.Key} {group.Count()} {group.Any(reaction => reaction.By == viewer)}"));
    }
}
