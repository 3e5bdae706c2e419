using Microsoft.Extensions.Options;

namespace CoolChat.Chat.Messages;

/// <summary>
/// The submissions that are waited for, oldest first. One coarse clock looks at the oldest few times a wait: a timer for each command would
/// cost more than the rest of its way through this service.
/// </summary>
internal sealed class OutcomeDeadlines : IDisposable
{
    private const int LooksAWait = 8;

    private readonly TimeProvider _time;
    private readonly TimeSpan _wait;
    private readonly ITimer _clock;
    private readonly Lock _gate = new();
    private Submission? _oldest;
    private Submission? _newest;

    public OutcomeDeadlines(TimeProvider time, IOptions<ChatOptions> options)
    {
        _time = time;
        _wait = options.Value.OutcomeWait;
        _clock = time.CreateTimer(static self => ((OutcomeDeadlines)self!).Look(), this, _wait / LooksAWait, _wait / LooksAWait);
    }

    public void Add(Submission submission)
    {
        lock (_gate)
        {
            submission.StartedAt = _time.GetTimestamp();
            submission.Queued = true;
            submission.Before = _newest;
            if (_newest is null)
                _oldest = submission;
            else
                _newest.After = submission;
            _newest = submission;
        }
    }

    public void Remove(Submission submission)
    {
        lock (_gate)
            Unlink(submission);
    }

    public void Dispose() => _clock.Dispose();

    private void Look()
    {
        while (TakeOverdue() is { } overdue)
            overdue.Expire();
    }

    private Submission? TakeOverdue()
    {
        lock (_gate)
        {
            if (_oldest is not { } oldest || _time.GetElapsedTime(oldest.StartedAt) < _wait)
                return null;
            Unlink(oldest);
            return oldest;
        }
    }

    private void Unlink(Submission submission)
    {
        if (!submission.Queued)
            return;
        submission.Queued = false;
        if (submission.Before is null)
            _oldest = submission.After;
        else
            submission.Before.After = submission.After;
        if (submission.After is null)
            _newest = submission.Before;
        else
            submission.After.Before = submission.Before;
        submission.Before = submission.After = null;
    }
}
