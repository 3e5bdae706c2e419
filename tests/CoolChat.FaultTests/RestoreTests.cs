using System.Collections.Concurrent;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.FaultTests;

/// <summary>A server that goes back to a backup made while it ran, under people who stay connected and write on.</summary>
public sealed class RestoreTests : IAsyncLifetime
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(90);
    private readonly string _backup = Path.Combine(Path.GetTempPath(), "coolchat-restore-" + Guid.NewGuid().ToString("N"));
    private StandaloneProcess _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await StandaloneProcess.StartAsync(new StandaloneSettings { Configuration = KillTests.Unlimited }, Token);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        foreach (string folder in new[] { _backup, _server.DataFolder + ".before" }.Where(Directory.Exists))
            Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Restore_UnderConnectedClients_TheyRecoverAndResendWhatWaited()
    {
        TestPerson[] people = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TestPerson.ConnectAsync(_server.Url)));
        Guid group = (await people[0].Client.Chat.CreateGroupAsync("Restored", [.. people.Skip(1).Select(person => person.Id.ToString())], Token)).Id;
        Guid epoch = (await people[0].Client.Chat.GetAsync(group, Token)).Epoch;
        Talker[] talkers = [.. people.Select(person => new Talker(person, group))];
        await Eventually.TrueAsync(() => talkers.All(talker => talker.Acknowledged.Count > 20), "everybody has written", Settle);

        Guid[] before = [.. talkers.SelectMany(talker => talker.Acknowledged)];
        await ProgramRun.SucceedAsync("backup", "--data", _server.DataFolder, "--to", _backup);
        int during = talkers.Sum(talker => talker.Acknowledged.Count);
        Guid late = (await people[0].Client.Chat.CreateGroupAsync("After the backup", [people[1].Id.ToString()], Token)).Id;
        await Eventually.TrueAsync(() => talkers.Sum(talker => talker.Acknowledged.Count) > during + 40, "people write on after the backup", Settle);

        _server.Kill();
        // Nobody is answered now: what is under way waits in the outboxes.
        foreach (Talker talker in talkers)
            talker.Stop();
        Guid[] waiting = [.. talkers.SelectMany(talker => talker.UnderWay)];
        Assert.NotEmpty(waiting);
        Directory.Move(_server.DataFolder, _server.DataFolder + ".before");
        await ProgramRun.SucceedAsync("restore", "--from", _backup, "--data", _server.DataFolder);
        await _server.StartAgainAsync(Token);

        await Task.WhenAll(talkers.Select(talker => talker.Finished)).WaitAsync(Settle, Token);
        CommandResult last = await people[1].Client.SendTextAsync(group, "and on it goes", cancellationToken: Token);
        Assert.NotEqual(epoch, (await people[0].Client.Chat.GetAsync(group, Token)).Epoch);
        await using TestPerson fresh = await TestPerson.ConnectAsync(_server.Url, people[0].Key, cancellationToken: Token);
        ConversationState whole = fresh.Client.Find(group)!;
        Guid[] log = [.. whole.Messages.Select(message => message.MessageId)];
        Assert.Empty(before.Except(log));
        Assert.Empty(waiting.Except(log));
        Assert.Equal(log.Length, log.Distinct().Count());
        foreach (TestPerson person in people)
        {
            await Eventually.TrueAsync(
                () => person.Client.Find(group) is { } state && state.LastSeq == last.Seq && state.Messages.Select(message => message.MessageId).SequenceEqual(log),
                "every client shows what the restored server has", Settle);
        }
        // What began after the backup is not there, for nobody.
        await Assert.ThrowsAsync<CoolChatException>(() => people[0].Client.Chat.GetAsync(late, Token));
        await Eventually.TrueAsync(() => people.All(person => person.Client.Find(late) is null), "nobody shows what is gone", Settle);
        foreach (TestPerson person in people)
            await person.DisposeAsync();
    }

    /// <summary>Writes without pause until stopped; what was begun is never given up.</summary>
    private sealed class Talker
    {
        private readonly ConcurrentDictionary<Guid, bool> _underWay = new();
        private volatile bool _stopped;

        public Talker(TestPerson person, Guid group) => Finished = Task.Run(() => WriteAsync(person, group), Token);

        public ConcurrentQueue<Guid> Acknowledged { get; } = [];

        public IReadOnlyCollection<Guid> UnderWay => [.. _underWay.Keys];

        /// <summary>Completes when the last command's outcome is known.</summary>
        public Task Finished { get; }

        public void Stop() => _stopped = true;

        private async Task WriteAsync(TestPerson person, Guid group)
        {
            while (!_stopped)
            {
                Command command = new()
                {
                    CommandId = Guid.CreateVersion7(),
                    ConversationId = group,
                    Type = CommandTypes.MessageSend,
                    Content = new Content { Type = ContentTypes.Text, Text = "on and on" },
                };
                _underWay[command.CommandId] = true;
                await person.Client.SendAsync(command, CancellationToken.None);
                _underWay.TryRemove(command.CommandId, out _);
                Acknowledged.Enqueue(command.CommandId);
            }
        }
    }
}
