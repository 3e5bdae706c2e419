namespace CoolChat.Conversations.Log;

/// <summary>Tells followers of the log feed that there is a new commit, without a task a commit when nobody waits.</summary>
internal sealed class CommitSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _waiter;
    private long _stamp;

    /// <summary>The last commit that was signalled.</summary>
    public long Last
    {
        get
        {
            lock (_gate)
                return _stamp;
        }
    }

    public void Committed(long stamp)
    {
        TaskCompletionSource? waiter;
        lock (_gate)
        {
            _stamp = stamp;
            waiter = _waiter;
            _waiter = null;
        }
        waiter?.SetResult();
    }

    /// <summary>Completes when a commit after <paramref name="stamp"/> has been signalled.</summary>
    public Task WaitAsync(long stamp, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_stamp > stamp)
                return Task.CompletedTask;
            _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiter.Task.WaitAsync(cancellationToken);
        }
    }
}
