using System.Threading.Channels;
using CoolChat.Contracts;

namespace CoolChat.Client;

/// <summary>Those who read events: each gets every event, in order. One that is full holds the others up; it loses nothing.</summary>
internal sealed class EventReaders(int buffer)
{
    private readonly Lock _lock = new();
    private readonly List<Channel<ChatEvent>> _readers = [];
    private Exception? _ended;

    public Channel<ChatEvent> Subscribe()
    {
        Channel<ChatEvent> reader = Channel.CreateBounded<ChatEvent>(buffer);
        lock (_lock)
        {
            if (_ended is not null)
                reader.Writer.TryComplete(_ended);
            _readers.Add(reader);
        }
        return reader;
    }

    public void Unsubscribe(Channel<ChatEvent> reader)
    {
        lock (_lock)
            _readers.Remove(reader);
        reader.Writer.TryComplete();
        // Whoever delivers may wait for room in it.
        while (reader.Reader.TryRead(out _))
        {
        }
    }

    public async ValueTask DeliverAsync(ChatEvent e, CancellationToken cancellationToken)
    {
        foreach (Channel<ChatEvent> reader in Snapshot())
        {
            try
            {
                await reader.Writer.WriteAsync(e, cancellationToken);
            }
            catch (ChannelClosedException)
            {
                // That reader has gone.
            }
        }
    }

    /// <summary>Ends those who read now with a failure; others may begin.</summary>
    public void Fail(Exception failure)
    {
        foreach (Channel<ChatEvent> reader in Snapshot())
            reader.Writer.TryComplete(failure);
    }

    /// <summary>Ends all for good; <paramref name="reason"/> is null when that was wanted.</summary>
    public void End(Exception? reason)
    {
        lock (_lock)
        {
            _ended = reason ?? new OperationCanceledException("The client was closed.");
            foreach (Channel<ChatEvent> reader in _readers)
                reader.Writer.TryComplete(reason);
        }
    }

    private Channel<ChatEvent>[] Snapshot()
    {
        lock (_lock)
            return [.. _readers];
    }
}
