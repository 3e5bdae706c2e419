using System.Collections.Concurrent;
using CoolChat.Client;
using CoolChat.Contracts;
using CoolChat.Testing;

namespace CoolChat.FaultTests;

/// <summary>An outcome that the server acknowledged.</summary>
internal sealed record Acknowledged(Guid ConversationId, Guid CommandId, long Seq);

/// <summary>A person who writes without pause, whatever happens to the server, and notes what was acknowledged and what arrived.</summary>
internal sealed class Writer(TestPerson person, IReadOnlyList<Guid> conversations, int seed) : IAsyncDisposable
{
    private readonly Random _random = new(seed);
    private IReadOnlyList<Guid> _conversations = conversations;
    private CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _deaf = new();
    private readonly ConcurrentDictionary<Guid, List<ChatEvent>> _events = new();
    private readonly List<(Guid Conversation, Guid Message)> _own = [];
    private int _count;
    private Task _writing = Task.CompletedTask;
    private Task _reading = Task.CompletedTask;

    public TestPerson Person => person;

    public List<Acknowledged> Acknowledged { get; } = [];

    /// <summary>How many, readable while it writes.</summary>
    public int Count => Volatile.Read(ref _count);

    public int Refused => RefusedCommands.Count;

    /// <summary>Commands whose sender heard that they were refused.</summary>
    public List<Guid> RefusedCommands { get; } = [];

    /// <summary>What has arrived so far.</summary>
    public IReadOnlyList<ChatEvent> Received(Guid conversation)
    {
        if (!_events.TryGetValue(conversation, out List<ChatEvent>? list))
            return [];
        lock (list)
            return [.. list];
    }

    public void Start()
    {
        Listen();
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Notes what arrives; <see cref="Continue"/> then begins to write.</summary>
    public void Listen() => _reading = Task.Run(ReadAsync);

    /// <summary>Completes when the last command's outcome is known.</summary>
    public async Task FinishAsync()
    {
        await _stop.CancelAsync();
        await _writing;
    }

    /// <summary>Writes again, after <see cref="FinishAsync"/>, and to other conversations.</summary>
    public void Continue(IReadOnlyList<Guid> conversations)
    {
        _conversations = conversations;
        _own.Clear();
        _stop.Dispose();
        _stop = new CancellationTokenSource();
        _writing = Task.Run(WriteAsync);
    }

    private async Task ReadAsync()
    {
        try
        {
            await foreach (ChatEvent e in person.Client.EventsAsync(_deaf.Token))
            {
                List<ChatEvent> list = _events.GetOrAdd(e.ConversationId, _ => []);
                lock (list)
                    list.Add(e);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task WriteAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Command command = Next();
            try
            {
                // Not cancelled: what was begun gets its outcome, else it would not be known whether it counts.
                CommandResult result = await person.Client.SendAsync(command);
                Acknowledged.Add(new Acknowledged(command.ConversationId, command.CommandId, result.Seq!.Value));
                Interlocked.Increment(ref _count);
                if (command.Type == CommandTypes.MessageSend)
                    _own.Add((command.ConversationId, command.CommandId));
            }
            catch (CoolChatException refusal) when (refusal.Code == ErrorCodes.Conflict)
            {
                // Reacting twice, editing what was deleted: refusals are outcomes too.
                RefusedCommands.Add(command.CommandId);
            }
        }
    }

    private Command Next()
    {
        Guid conversation = _conversations[_random.Next(_conversations.Count)];
        Command command = new() { CommandId = Guid.CreateVersion7(), ConversationId = conversation, Type = CommandTypes.MessageSend, Content = Text($"{person.Id} {_random.Next()}") };
        if (_own.Count == 0 || _random.Next(10) < 7)
            return command;
        (Guid where, Guid message) = _own[_random.Next(_own.Count)];
        command = command with { ConversationId = where, MessageId = message };
        return _random.Next(4) switch
        {
            0 => command with { Type = CommandTypes.MessageEdit, Content = Text($"edited {_random.Next()}") },
            1 => command with { Type = CommandTypes.MessageDelete, Content = null },
            _ => command with { Type = CommandTypes.ReactionAdd, Content = null, Key = _random.Next(2) == 0 ? "👍" : "🎉" },
        };
    }

    private static Content Text(string text) => new() { Type = ContentTypes.Text, Text = text };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _deaf.CancelAsync();
        await person.DisposeAsync();
        await _reading;
    }
}
