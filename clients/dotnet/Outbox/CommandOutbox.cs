using CoolChat.Contracts;

namespace CoolChat.Client;

/// <summary>
/// Sends commands until their outcome is known. A command whose answer was lost is sent again under the same commandId, which the server
/// treats as the same command. Commands of one conversation go one after the other, so that their order holds through reconnects.
/// </summary>
internal sealed class CommandOutbox(HubLink link, RestClient rest, CoolChatClientOptions options) : IAsyncDisposable
{
    private static readonly TimeSpan NoticeWait = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _stop = new();
    private readonly IOutboxStore _store = options.OutboxStore ?? new MemoryOutboxStore();
    private readonly SemaphoreSlim _storing = new(1, 1);
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Entry> _entries = [];
    private readonly Dictionary<Guid, Lane> _lanes = [];

    public int Count
    {
        get
        {
            lock (_lock)
                return _entries.Count;
        }
    }

    /// <summary>Takes up what an earlier process left.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (Command command in await _store.LoadAsync(cancellationToken))
            Enqueue(command);
    }

    /// <summary>Cancelling stops the waiting, not the command.</summary>
    public async Task<CommandResult> SendAsync(Command command, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_entries.Count >= options.OutboxCapacity)
                throw new CoolChatException(ErrorCodes.Busy, "The outbox is full.");
        }
        await StoreAsync(store => store.AddAsync(command, cancellationToken), cancellationToken);
        return await Enqueue(command).Outcome.Task.WaitAsync(cancellationToken);
    }

    /// <summary>The hub told the outcome of an accepted command.</summary>
    public void Settle(Guid commandId, CommandResult outcome)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(commandId, out Entry? entry))
                entry.Notice.TrySetResult(outcome);
        }
    }

    private Entry Enqueue(Command command)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(command.CommandId, out Entry? known))
                return known;
            Entry entry = new(command);
            _entries[command.CommandId] = entry;
            if (!_lanes.TryGetValue(command.ConversationId, out Lane? lane))
                _lanes[command.ConversationId] = lane = new Lane();
            lane.Waiting.Enqueue(entry);
            if (!lane.Running)
            {
                lane.Running = true;
                lane.Work = Task.Run(() => RunLaneAsync(command.ConversationId, lane));
            }
            return entry;
        }
    }

    private async Task RunLaneAsync(Guid conversationId, Lane lane)
    {
        while (true)
        {
            Entry? entry;
            lock (_lock)
            {
                if (!lane.Waiting.TryDequeue(out entry))
                {
                    lane.Running = false;
                    _lanes.Remove(conversationId);
                    return;
                }
            }
            try
            {
                CommandResult outcome = await SettleAsync(entry);
                await StoreAsync(store => store.RemoveAsync(entry.Command.CommandId, CancellationToken.None), CancellationToken.None);
                Finish(entry, () => entry.Outcome.TrySetResult(outcome));
            }
            catch (Exception exception)
            {
                // The link ended or the store failed: this command's sender is told, and it stays in the store.
                Finish(entry, () => entry.Outcome.TrySetException(exception));
                _ = entry.Outcome.Task.Exception;
            }
        }
    }

    private void Finish(Entry entry, Action settle)
    {
        lock (_lock)
            _entries.Remove(entry.Command.CommandId);
        settle();
    }

    private async Task<CommandResult> SettleAsync(Entry entry)
    {
        for (int attempt = 0; ; attempt++)
        {
            TimeSpan wait = TimeSpan.FromMilliseconds(Math.Min(5000, 100 << Math.Min(attempt, 6)));
            try
            {
                CommandResult result = await link.InvokeAsync<CommandResult>(HubMethods.Submit, [entry.Command], _stop.Token);
                if (result.Ok && result.Status == CommandResult.Accepted)
                    result = await OutcomeOfAcceptedAsync(entry) ?? result;
                if (result.Ok && result.Status != CommandResult.Accepted)
                    return result;
                if (result.Error is { Code: not (ErrorCodes.Busy or ErrorCodes.Unavailable or ErrorCodes.RateLimited) })
                    return result;
                if (result.Error?.RetryAfter is { } seconds)
                    wait = TimeSpan.FromSeconds(seconds);
            }
            catch (Exception exception) when (exception is not CoolChatException && !_stop.IsCancellationRequested)
            {
                // The connection broke before the answer came: whether it was appended is unknown, so it is sent again.
            }
            await Task.Delay(wait * (0.75 + Random.Shared.NextDouble() / 2), options.TimeProvider, _stop.Token);
        }
    }

    private async Task<CommandResult?> OutcomeOfAcceptedAsync(Entry entry)
    {
        try
        {
            return await entry.Notice.Task.WaitAsync(NoticeWait, options.TimeProvider, _stop.Token);
        }
        catch (TimeoutException)
        {
            // No notice came: ask below.
        }
        try
        {
            Command command = entry.Command;
            return await rest.GetAsync<CommandResult>($"chat/conversations/{command.ConversationId}/commands/{command.CommandId}", _stop.Token);
        }
        catch (CoolChatException refusal) when (refusal.Status is not null)
        {
            // Not known yet: it is sent again, which is answered with the first outcome.
            return null;
        }
    }

    private async Task StoreAsync(Func<IOutboxStore, ValueTask> call, CancellationToken cancellationToken)
    {
        await _storing.WaitAsync(cancellationToken);
        try
        {
            await call(_store);
        }
        finally
        {
            _storing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] work;
        lock (_lock)
            work = [.. _lanes.Values.Select(lane => lane.Work)];
        await Task.WhenAll(work);
        _stop.Dispose();
        _storing.Dispose();
    }

    private sealed class Lane
    {
        public Queue<Entry> Waiting { get; } = new();
        public bool Running { get; set; }
        public Task Work { get; set; } = Task.CompletedTask;
    }

    private sealed record Entry(Command Command)
    {
        public TaskCompletionSource<CommandResult> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource<CommandResult> Notice { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
