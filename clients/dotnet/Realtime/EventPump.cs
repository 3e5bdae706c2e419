using System.Threading.Channels;
using CoolChat.Contracts;

namespace CoolChat.Client;

/// <summary>
/// One task takes in, one after the other, what arrives live and what syncs fetch, so there is nothing to race. What live delivery drops, a jump in seq or
/// the next sync fetches: see <see cref="ConversationFollowing"/>.
/// </summary>
internal sealed class EventPump : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<Action<Work>> _inbox = Channel.CreateBounded<Action<Work>>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly EventReaders _readers;
    private readonly ConversationFollowing _following;
    private List<TaskCompletionSource> _waiters = [];
    private int _syncWanted;
    private Task? _loop;
    private Exception? _ended;

    public EventPump(RestClient rest, Guid viewer, CoolChatClientOptions options)
    {
        _time = options.TimeProvider;
        _readers = new EventReaders(options.EventBuffer);
        _following = new ConversationFollowing(rest, viewer, options.History, _readers, _stop.Token);
    }

    public Action<ConversationState>? Changed
    {
        get => _following.Changed;
        set => _following.Changed = value;
    }

    public IEnumerable<ConversationState> States => _following.States;

    public ConversationState? Find(Guid id) => _following.Find(id);

    public void Start()
    {
        lock (_lock)
            _loop ??= Task.Run(RunAsync);
    }

    /// <summary>Completes when a sync that began after this call is done.</summary>
    public Task SyncAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_ended is not null)
                return Task.FromException(_ended);
            _waiters.Add(done);
        }
        RequestSync();
        return done.Task.WaitAsync(cancellationToken);
    }

    public void RequestSync()
    {
        Interlocked.Exchange(ref _syncWanted, 1);
        _inbox.Writer.TryWrite(static _ => { });
    }

    public void OnAppended(ChatEvent[] events) => Post(work => work.Events = events);

    public void OnChanged(ConversationView[] views) => Post(work => work.Views = views);

    private void Post(Action<Work> item)
    {
        // A full inbox drops, because SignalR's reader must not wait: the sync then finds what was dropped.
        if (!_inbox.Writer.TryWrite(item))
            Interlocked.Exchange(ref _syncWanted, 1);
    }

    public Channel<ChatEvent> Subscribe() => _readers.Subscribe();

    public void Unsubscribe(Channel<ChatEvent> reader) => _readers.Unsubscribe(reader);

    /// <summary>Ends all readers.</summary>
    public void End(Exception? reason)
    {
        lock (_lock)
        {
            _ended = reason ?? new OperationCanceledException("The client was closed.");
            foreach (TaskCompletionSource waiter in _waiters)
                waiter.TrySetException(_ended);
            _waiters.Clear();
        }
        _readers.End(reason);
        _inbox.Writer.TryComplete();
    }

    private async Task RunAsync()
    {
        int failures = 0;
        try
        {
            while (await _inbox.Reader.WaitToReadAsync(_stop.Token))
            {
                while (_inbox.Reader.TryRead(out Action<Work>? fill))
                {
                    Work work = new();
                    fill(work);
                    try
                    {
                        await ProcessAsync(work);
                        failures = 0;
                    }
                    catch (Exception) when (!_stop.IsCancellationRequested)
                    {
                        // The server is away, busy or too slow (a time-out is a cancellation, too). Nothing is lost: the sync begins again from the last
                        // one that was done.
                        await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(5000, 100 << Math.Min(failures++, 6))), _time, _stop.Token);
                        RequestSync();
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private async Task ProcessAsync(Work work)
    {
        if (Interlocked.Exchange(ref _syncWanted, 0) == 1)
            await SynchroniseAsync();
        foreach (ChatEvent e in work.Events)
            await _following.TakeAsync(e);
        foreach (ConversationView view in work.Views)
            await _following.TakeAsync(view);
    }

    private async Task SynchroniseAsync()
    {
        List<TaskCompletionSource> waiters;
        lock (_lock)
            (waiters, _waiters) = (_waiters, []);
        try
        {
            await _following.SynchroniseAsync();
        }
        catch (Exception)
        {
            // Those who wait are served by the next attempt.
            lock (_lock)
                _waiters.AddRange(waiters);
            throw;
        }
        foreach (TaskCompletionSource waiter in waiters)
            waiter.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        End(null);
        await _stop.CancelAsync();
        if (_loop is not null)
            await _loop;
        _stop.Dispose();
    }

    private sealed class Work
    {
        public ChatEvent[] Events { get; set; } = [];
        public ConversationView[] Views { get; set; } = [];
    }
}
