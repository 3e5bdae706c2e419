using System.Collections.Concurrent;
using CoolChat.Contracts;

namespace CoolChat.Client;

/// <summary>
/// Follows every conversation of one person: brings its events in order, each once, from whatever arrives, and fetches what is missing. Called by
/// <see cref="EventPump"/>'s one task alone; only looking at the states is for everybody.
/// </summary>
internal sealed class ConversationFollowing(RestClient rest, Guid viewer, long history, EventReaders readers, CancellationToken cancellationToken)
{
    private const int PageSize = 200;
    private readonly ConcurrentDictionary<Guid, Follower> _followers = new();
    private string? _since;

    public Action<ConversationState>? Changed { get; set; }

    public IEnumerable<ConversationState> States => _followers.Values.Select(follower => follower.State);

    public ConversationState? Find(Guid id) => _followers.GetValueOrDefault(id)?.State;

    /// <summary>Takes in what changed since the last time that this was done.</summary>
    public async Task SynchroniseAsync()
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
            page = await rest.PostAsync<SyncPage>("chat/sync", new SyncRequest { Since = since }, cancellationToken);
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

    /// <summary>Takes in an event that came live.</summary>
    public async Task TakeAsync(ChatEvent e)
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

    /// <summary>Takes in a summary that came live.</summary>
    public Task TakeAsync(ConversationView view) => TakeAsync(view, first: false);

    private async Task TakeAsync(ConversationView view, bool first)
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
            await TakeAsync(await rest.GetAsync<ConversationView>($"chat/conversations/{conversationId}", cancellationToken));
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
        long back = first ? history : Math.Max(history, PageSize);
        Follower follower = new(view, viewer, Math.Max(view.FirstSeq, view.LastSeq - back + 1));
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
            page = await rest.GetAsync<EventPage>($"chat/conversations/{follower.Id}/events?after={follower.LastSeq}&limit={PageSize}", cancellationToken);
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
                await RebuildAsync(follower, await rest.GetAsync<ConversationView>($"chat/conversations/{follower.Id}", cancellationToken));
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
        await readers.DeliverAsync(e, cancellationToken);
        Changed?.Invoke(follower.State);
    }

    private void Break(Follower follower, long seq, string reason)
    {
        follower.Broken = new BrokenChainException(follower.Id, seq, reason);
        readers.Fail(follower.Broken);
    }
}
