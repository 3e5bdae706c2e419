using System.Collections.Concurrent;
using System.Threading.Channels;
using CoolChat.Contracts;

namespace CoolChat.Client;

/// <summary>
/// Brings every conversation's events in order, each once, whatever arrives: live events, duplicates, gaps, reconnects. One task does all
/// of it, so there is nothing to race. What live delivery drops, a jump in seq or the next sync fetches.
/// </summary>
internal sealed class EventPump(RestClient rest, Guid viewer, CoolChatClientOptions options) : IAsyncDisposable
{
    private const int PageSize = 200;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<Action<Work>> _inbox = Channel.CreateBounded<Action<Work>>(new BoundedChannelOptions(4096) { SingleReader = true });
    private readonly ConcurrentDictionary<Guid, Follower> _followers = new();
    private readonly Lock _lock = new();
    private readonly List<Channel<ChatEvent>> _readers = [];
    private List<TaskCompletionSource> _waiters = [];
    private string? _since;
    private int _syncWanted;
    private Task? _loop;
    private Exception? _ended;

    public Action<ConversationState>? Changed { get; set; }

    public IEnumerable<ConversationState> States => _followers.Values.Select(follower => follower.State);

    public ConversationState? Find(Guid id) => _followers.GetValueOrDefault(id)?.State;

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

    public Channel<ChatEvent> Subscribe()
    {
        Channel<ChatEvent> reader = Channel.CreateBounded<ChatEvent>(options.EventBuffer);
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
        // The pump may wait for room in it.
        while (reader.Reader.TryRead(out _))
        {
        }
    }

    /// <summary>Ends all readers.</summary>
    public void End(Exception? reason)
    {
        lock (_lock)
        {
            _ended = reason ?? new OperationCanceledException("The client was closed.");
            foreach (Channel<ChatEvent> reader in _readers)
                reader.Writer.TryComplete(reason);
            foreach (TaskCompletionSource waiter in _waiters)
                waiter.TrySetException(_ended);
            _waiters.Clear();
        }
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
                    catch (Exception exception) when (exception is not OperationCanceledException && !_stop.IsCancellationRequested)
                    {
                        // The server is away or busy. Nothing is lost: the sync begins again from the last one that was done.
                        await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(5000, 100 << Math.Min(failures++, 6))), options.TimeProvider, _stop.Token);
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
            await TakeAsync(e);
        foreach (ConversationView view in work.Views)
            await TakeAsync(view);
    }

    private async Task SynchroniseAsync()
    {
        List<TaskCompletionSource> waiters;
        lock (_lock)
            (waiters, _waiters) = (_waiters, []);
        try
        {
            await PullChangesAsync();
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

    private async Task PullChangesAsync()
    {
        HashSet<Guid> seen = [];
        bool restored = await PullPagesAsync(_since, seen);
        if (!restored)
            return;
        // The server went back to a backup. What began after that is told by no change, only by its absence from the whole.
        seen.Clear();
        await PullPagesAsync(null, seen);
        foreach (Follower gone in _followers.Values.Where(follower => !seen.Contains(follower.Id)).ToArray())
        {
            gone.Left = true;
            Forget(gone);
        }
    }

    /// <summary>Takes in what changed since then, and tells whether one of the conversations has another epoch than it had.</summary>
    private async Task<bool> PullPagesAsync(string? since, HashSet<Guid> seen)
    {
        bool first = _since is null;
        bool restored = false;
        SyncPage page;
        do
        {
            page = await rest.PostAsync<SyncPage>("chat/sync", new SyncRequest { Since = since }, _stop.Token);
            foreach (ConversationView view in page.Conversations)
            {
                if (view.Removed != true)
                    seen.Add(view.Id);
                restored |= view.Removed != true && _followers.TryGetValue(view.Id, out Follower? known) && HasNewEpoch(known, view);
                await TakeAsync(view, first);
            }
            since = page.Since;
        }
        while (page.HasMore);
        _since = since;
        return restored;
    }

    private static bool HasNewEpoch(Follower follower, ConversationView view) =>
        view.Epoch != follower.Epoch && view.Epoch != follower.State.Summary?.Epoch;

    private async Task TakeAsync(ChatEvent e)
    {
        // Before the first sync nothing is known, and it will find this too.
        if (_since is null)
            return;
        if (!_followers.TryGetValue(e.ConversationId, out Follower? follower))
        {
            await MeetAsync(e.ConversationId);
            return;
        }
        if (follower.Broken is not null)
            return;
        if (e.Seq == follower.LastSeq + 1)
        {
            await ApplyAsync(follower, e);
            Forget(follower);
        }
        else if (e.Seq > follower.LastSeq)
        {
            await TryPullAsync(follower);
            Forget(follower);
        }
        else if (e.Epoch != follower.Epoch && e.Epoch != follower.State.Summary?.Epoch)
            await MeetAsync(e.ConversationId);
    }

    private async Task TakeAsync(ConversationView view, bool first = false)
    {
        if (view.Removed == true)
        {
            // The event that removed one comes live or in the pages that one may still read; the local state ends here.
            if (_followers.TryGetValue(view.Id, out Follower? left))
                await TryPullAsync(left);
            _followers.TryRemove(view.Id, out _);
            return;
        }
        if (!_followers.TryGetValue(view.Id, out Follower? follower))
        {
            await BeginAsync(view, first);
            return;
        }
        if (HasNewEpoch(follower, view))
        {
            await RebuildAsync(follower, view);
            return;
        }
        if (view.LastSeq > follower.LastSeq && follower.Broken is null)
            await TryPullAsync(follower);
        Forget(follower);
        follower.State.Update(view);
        Changed?.Invoke(follower.State);
    }

    /// <summary>Drops the local state of a conversation that one has left or was removed from. Joining again begins anew.</summary>
    private void Forget(Follower follower)
    {
        if (!follower.Left)
            return;
        ((ICollection<KeyValuePair<Guid, Follower>>)_followers).Remove(new(follower.Id, follower));
        Changed?.Invoke(follower.State);
    }

    private async Task MeetAsync(Guid conversationId)
    {
        try
        {
            await TakeAsync(await rest.GetAsync<ConversationView>($"chat/conversations/{conversationId}", _stop.Token));
        }
        catch (CoolChatException refusal) when (refusal.Code == ErrorCodes.NotFound)
        {
            // Removed again meanwhile.
        }
    }

    private async Task BeginAsync(ConversationView view, bool first)
    {
        if (view.Role is null)
            return;
        // One that appears later is read back to the event that made one a member; at the first sync the caller chose.
        long history = first ? options.History : Math.Max(options.History, PageSize);
        Follower follower = new(view, viewer, Math.Max(view.FirstSeq, view.LastSeq - history + 1));
        _followers[view.Id] = follower;
        if (first)
            await PullAsync(follower);
        else
            await PullFromJoiningAsync(follower);
        follower.State.Update(view);
        Changed?.Invoke(follower.State);
    }

    private async Task PullFromJoiningAsync(Follower follower)
    {
        List<ChatEvent> held = [];
        try
        {
            await PullAsync(follower, e =>
            {
                if (MakesMember(e))
                    held.Clear();
                held.Add(e);
                return ValueTask.CompletedTask;
            });
        }
        catch (Exception)
        {
            // Nothing was delivered yet: the next attempt begins anew.
            _followers.TryRemove(follower.Id, out _);
            throw;
        }
        foreach (ChatEvent e in held)
            await DeliverAsync(follower, e);
    }

    private bool MakesMember(ChatEvent e) => Follower.MakesMember(e, viewer);

    private async Task RebuildAsync(Follower old, ConversationView view)
    {
        Follower fresh = new(view, viewer, Math.Max(view.FirstSeq, Math.Min(old.FirstSeq, view.LastSeq + 1)))
        {
            DeliveredSeq = Math.Max(old.LastSeq, old.DeliveredSeq),
            RedeliveredEpoch = view.Epoch,
        };
        _followers[view.Id] = fresh;
        await PullAsync(fresh);
        fresh.State.Update(view);
        Changed?.Invoke(fresh.State);
    }

    private async Task TryPullAsync(Follower follower)
    {
        try
        {
            await PullAsync(follower);
        }
        catch (CoolChatException refusal) when (refusal.Code == ErrorCodes.NotFound)
        {
            // No longer a member: what one may not read is not there.
            follower.Left = true;
        }
    }

    private async Task PullAsync(Follower follower, Func<ChatEvent, ValueTask>? hold = null)
    {
        EventPage page;
        do
        {
            page = await rest.GetAsync<EventPage>($"chat/conversations/{follower.Id}/events?after={follower.LastSeq}&limit={PageSize}", _stop.Token);
            foreach (ChatEvent e in page.Events)
            {
                if (e.Seq != follower.LastSeq + 1)
                    Break(follower, e.Seq, $"expected seq {follower.LastSeq + 1}");
                else
                    await ApplyAsync(follower, e, hold);
                if (follower.Broken is not null || !ReferenceEquals(_followers.GetValueOrDefault(follower.Id), follower))
                    return;
            }
        }
        while (page.HasMore && page.Events.Count > 0);
    }

    private async Task ApplyAsync(Follower follower, ChatEvent e, Func<ChatEvent, ValueTask>? hold = null)
    {
        Guid known = follower.Epoch;
        if (follower.TryApply(e) is { } reason)
        {
            if (e.Epoch != known && follower.RedeliveredEpoch != e.Epoch)
                await RebuildAsync(follower, await rest.GetAsync<ConversationView>($"chat/conversations/{follower.Id}", _stop.Token));
            else
                Break(follower, e.Seq, reason);
            return;
        }
        if (hold is not null)
            await hold(e);
        else
            await DeliverAsync(follower, e);
    }

    private async ValueTask DeliverAsync(Follower follower, ChatEvent e)
    {
        if (!follower.IsNew(e))
            return;
        Channel<ChatEvent>[] readers;
        lock (_lock)
            readers = [.. _readers];
        foreach (Channel<ChatEvent> reader in readers)
        {
            try
            {
                await reader.Writer.WriteAsync(e, _stop.Token);
            }
            catch (ChannelClosedException)
            {
                // That reader has gone.
            }
        }
        Changed?.Invoke(follower.State);
    }

    private void Break(Follower follower, long seq, string reason)
    {
        follower.Broken = new BrokenChainException(follower.Id, seq, reason);
        Channel<ChatEvent>[] readers;
        lock (_lock)
            readers = [.. _readers];
        foreach (Channel<ChatEvent> reader in readers)
            reader.Writer.TryComplete(follower.Broken);
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
