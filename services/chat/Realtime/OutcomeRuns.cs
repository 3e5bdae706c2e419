using CoolChat.Contracts.Internal;

namespace CoolChat.Chat.Realtime;

/// <summary>The outcomes of a batch by conversation, each told once. Reused: its parts are valid until the next batch is taken.</summary>
internal sealed class OutcomeRuns
{
    private const int None = -1;

    // Chains through the batch: conversation -> its first outcome that is not told yet, and from each one to the next.
    private readonly Dictionary<Guid, int> _first = [];
    private int[] _next = [];
    private IReadOnlyList<LiveOutcome> _outcomes = [];

    public void Take(IReadOnlyList<LiveOutcome> outcomes)
    {
        _outcomes = outcomes;
        _first.Clear();
        if (_next.Length < outcomes.Count)
            _next = new int[outcomes.Count];
        for (int i = outcomes.Count - 1; i >= 0; i--)
        {
            Guid conversation = outcomes[i].ConversationId;
            _next[i] = _first.GetValueOrDefault(conversation, None);
            _first[conversation] = i;
        }
    }

    /// <summary>Tells the conversation's outcomes, in order.</summary>
    public void Tell(Guid conversation)
    {
        if (!_first.Remove(conversation, out int at))
            return;
        for (; at != None; at = _next[at])
            _outcomes[at].Tell();
    }

    /// <summary>Tells those whose conversation had no event.</summary>
    public void TellRest()
    {
        foreach (int first in _first.Values)
        {
            for (int at = first; at != None; at = _next[at])
                _outcomes[at].Tell();
        }
        _first.Clear();
        _outcomes = [];
    }
}
