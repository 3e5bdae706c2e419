using System.Threading.Channels;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace CoolChat.UnitTests.Client;

/// <summary>Whatever live delivery does, each event comes once and in order, and the state is the one of a fresh client.</summary>
public sealed class EventPumpTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private readonly Guid _me = Guid.NewGuid();
    private readonly Guid _other = Guid.NewGuid();
    private FakeServer _server = null!;
    private HttpClient _http = null!;
    private EventPump _pump = null!;
    private Channel<ChatEvent> _events = null!;

    public ValueTask InitializeAsync()
    {
        Start();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _pump.DisposeAsync();
        _http.Dispose();
    }

    private void Start()
    {
        _server = new FakeServer(_me);
        _http = new HttpClient(_server);
        _pump = new EventPump(new RestClient(_http, new Uri("http://fake/")), _me, new CoolChatClientOptions { History = int.MaxValue, EventBuffer = 100_000 });
        _events = _pump.Subscribe();
        _pump.Start();
    }

    private LogWriter NewConversation()
    {
        LogWriter log = new();
        log.Create(_other, _me);
        _server.Locked(() => _server.Logs[log.ConversationId] = log);
        _server.Changed(log.ConversationId);
        return log;
    }

    private ChatEvent Write(LogWriter log, int kind)
    {
        ChatEvent e = _server.Locked(() =>
        {
            ChatEvent? message = log.Events.LastOrDefault(old => old.Type == EventTypes.MessageSent);
            return kind switch
            {
                1 when message is not null => log.Append(_me, EventTypes.ReactionAdded, new ReactionBody { MessageId = message.MessageId!.Value, Key = "🎉" }, message.MessageId),
                2 when message is not null => log.Append(_other, EventTypes.MessageDeleted, new MessageRefBody { MessageId = message.MessageId!.Value, Reason = "author" }, message.MessageId),
                3 => log.Text(_me, "mine"),
                _ => log.Text(_other, "theirs", new Mentions { Users = [_me] }),
            };
        });
        _server.Changed(log.ConversationId);
        return e;
    }

    private async Task SyncedAsync() => await _pump.SyncAsync(CancellationToken.None).WaitAsync(Deadline);

    private List<ChatEvent> Delivered()
    {
        List<ChatEvent> all = [];
        while (_events.Reader.TryRead(out ChatEvent? e))
            all.Add(e);
        return all;
    }

    /// <summary>An action: append 1 to 4 events and deliver them live completely, twice, in part, backwards or not at all; sync; or fail.</summary>
    private sealed record Step(int Conversation, int Kind, int Count, int Delivery);

    private static readonly Gen<Step> Steps =
        from conversation in Gen.Choose(0, 3)
        from kind in Gen.Choose(0, 4)
        from count in Gen.Choose(1, 4)
        from delivery in Gen.Choose(0, 7)
        select new Step(conversation, kind, count, delivery);

    [Fact]
    public void AnyInterleaving_OfLiveEventsDuplicatesAndSync_EqualsAFreshClient() =>
        Prop.ForAll(Steps.ArrayOf().ToArbitrary(), steps => RunAsync(steps).GetAwaiter().GetResult()).Check(Properties.Of(60));

    private async Task RunAsync(Step[] steps)
    {
        await DisposeAsync();
        Start();
        List<LogWriter> logs = [NewConversation()];
        await SyncedAsync();
        foreach (Step step in steps)
        {
            while (logs.Count <= step.Conversation)
                logs.Add(NewConversation());
            Act(logs[step.Conversation], step);
        }
        await SyncedAsync();
        List<ChatEvent> delivered = Delivered();
        foreach (LogWriter log in logs)
        {
            Assert.Equal(log.Events.Select(e => e.Seq), delivered.Where(e => e.ConversationId == log.ConversationId).Select(e => e.Seq));
            ConversationState fresh = new(log.ConversationId, _me);
            foreach (ChatEvent e in log.Events)
                fresh.Apply(e);
            ConversationState state = _pump.Find(log.ConversationId)!;
            Assert.Equivalent(fresh.Messages, state.Messages, strict: true);
            Assert.Equal((fresh.ReadSeq, fresh.Unread, fresh.Mentions, fresh.LastSeq), (state.ReadSeq, state.Unread, state.Mentions, state.LastSeq));
        }
    }

    private void Act(LogWriter log, Step step)
    {
        ChatEvent[] events = [.. Enumerable.Range(0, step.Count).Select(_ => Write(log, step.Kind))];
        switch (step.Delivery)
        {
            case 0: break;
            case 1: _pump.OnAppended([events[^1]]); break;
            case 2: _pump.OnAppended([.. events, .. events]); break;
            case 3: _pump.OnAppended([.. events.Reverse()]); break;
            case 4: _pump.RequestSync(); break;
            case 5:
                _server.FailNext(1);
                _pump.OnAppended([events[^1]]);
                break;
            case 6: _pump.OnChanged([_server.Locked(() => _server.View(log.ConversationId))]); break;
            default: _pump.OnAppended(events); break;
        }
    }

    [Fact]
    public async Task Pull_ALogThatWasChanged_EndsWithABrokenChain()
    {
        LogWriter log = NewConversation();
        Write(log, 0);
        await SyncedAsync();
        ChatEvent next = Write(log, 0);
        _pump.OnAppended([next with { PrevHash = next.BodyHash }]);
        List<ChatEvent> seen = [];
        BrokenChainException broken = await Assert.ThrowsAsync<BrokenChainException>(async () =>
        {
            await foreach (ChatEvent e in _events.Reader.ReadAllAsync(new CancellationTokenSource(Deadline).Token))
                seen.Add(e);
        });
        Assert.Equal((log.ConversationId, next.Seq), (broken.ConversationId, broken.Seq));
        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public async Task Appended_AnotherBodyThanTheHashNames_EndsWithABrokenChain()
    {
        LogWriter log = NewConversation();
        await SyncedAsync();
        ChatEvent next = Write(log, 0);
        _pump.OnAppended([next with { Body = JsonBody.From(new MessageBody { Content = new Content { Type = ContentTypes.Text, Text = "forged" } }) }]);
        await Assert.ThrowsAsync<BrokenChainException>(async () =>
        {
            await foreach (ChatEvent e in _events.Reader.ReadAllAsync(new CancellationTokenSource(Deadline).Token))
                Assert.Equal(1, e.Seq);
        });
        Assert.Equal(1, _pump.Find(log.ConversationId)!.LastSeq);
    }

    [Fact]
    public async Task Restore_UnderANewEpoch_RebuildsAndDeliversOnlyWhatIsNew()
    {
        LogWriter log = NewConversation();
        for (int i = 0; i < 5; i++)
            Write(log, 0);
        await SyncedAsync();
        Assert.Equal(6, Delivered().Count);

        _server.Locked(() =>
        {
            log.Restore(3);
            return 0;
        });
        ChatEvent first = Write(log, 3);
        ChatEvent second = Write(log, 0);
        _pump.OnAppended([second]);
        await SyncedAsync();

        Assert.Equal([first, second], Delivered());
        Assert.Equal(5, _pump.Find(log.ConversationId)!.LastSeq);
    }

    [Fact]
    public async Task Sync_ARequestThatTimesOut_IsTriedAgain()
    {
        LogWriter log = NewConversation();
        await SyncedAsync();
        ChatEvent message = Write(log, 0);
        _server.TimeOutNext();
        await SyncedAsync();
        Assert.Equal(message.Seq, _pump.Find(log.ConversationId)!.LastSeq);
    }

    [Fact]
    public async Task Changed_AnOlderViewAfterANewerOne_LeavesTheMarkWhereItIs()
    {
        LogWriter log = NewConversation();
        Write(log, 0);
        Write(log, 0);
        await SyncedAsync();
        _server.Read[log.ConversationId] = 2;
        ConversationView older = _server.Locked(() => _server.View(log.ConversationId));
        _server.Read[log.ConversationId] = 3;
        // Told before a reconnect and taken up after its sync, which found the newer mark.
        _server.Changed(log.ConversationId);
        await SyncedAsync();
        _pump.OnChanged([older]);
        await SyncedAsync();
        ConversationState state = _pump.Find(log.ConversationId)!;
        Assert.Equal((3, 3, 0), (state.ReadSeq, state.Summary!.ReadSeq, state.Unread));
    }

    [Fact]
    public async Task NewConversation_AfterTheFirstSync_IsDeliveredFromItsBeginning()
    {
        NewConversation();
        await SyncedAsync();
        Delivered();
        LogWriter later = NewConversation();
        ChatEvent message = Write(later, 0);
        _pump.OnAppended([message]);
        await SyncedAsync();
        Assert.Equal([1L, 2L], Delivered().Select(e => e.Seq));
    }
}
