using CoolChat.Conversations.Log;

namespace CoolChat.Processing.Adapters.Mongo;

/// <summary>The events of a commit, in order of their decisions; also found by seq and by command.</summary>
internal sealed class AppendedEvents
{
    private readonly List<StoredEvent> _all = [];
    private readonly Dictionary<(Guid Conversation, long Seq), int> _bySeq = [];
    private readonly Dictionary<(Guid Conversation, Guid Command), int> _byCommand = [];

    public IReadOnlyList<StoredEvent> All => _all;

    public void Append(StoredEvent stored)
    {
        _bySeq[(stored.Header.ConversationId, stored.Header.Seq)] = _all.Count;
        _byCommand[(stored.Header.ConversationId, stored.Header.CommandId)] = _all.Count;
        _all.Add(stored);
    }

    public StoredEvent? Find(Guid conversation, long seq) => _bySeq.TryGetValue((conversation, seq), out int at) ? _all[at] : null;

    public StoredEvent? Find(Guid conversation, Guid command) => _byCommand.TryGetValue((conversation, command), out int at) ? _all[at] : null;

    /// <summary>False when the event is not of this commit.</summary>
    public bool TryReplace(StoredEvent stored)
    {
        if (!_bySeq.TryGetValue((stored.Header.ConversationId, stored.Header.Seq), out int at))
            return false;
        _all[at] = stored;
        return true;
    }

    /// <summary>Ordinal of the last message of this commit up to <paramref name="seq"/>, or null.</summary>
    public long? OrdinalAt(Guid conversation, long seq) => _all.FindLast(stored =>
        stored.Header.ConversationId == conversation && stored.Header.Seq <= seq && stored.Ordinal is not null)?.Ordinal;

    /// <summary>Runs of seqs that follow one another, of the conversations that <paramref name="wanted"/> names, in order.</summary>
    public IReadOnlyList<(Guid Conversation, long First, long Count)> Runs(Func<Guid, bool> wanted)
    {
        List<(Guid Conversation, long First, long Count)> runs = [];
        foreach (EventPlace place in _all.Select(stored => new EventPlace(stored.Header.ConversationId, stored.Header.Seq)).Where(place => wanted(place.Conversation)))
        {
            if (runs.Count > 0 && runs[^1] is var last && last.Conversation == place.Conversation && last.First + last.Count == place.Seq)
                runs[^1] = last with { Count = last.Count + 1 };
            else
                runs.Add((place.Conversation, place.Seq, 1));
        }
        return runs;
    }

    private readonly record struct EventPlace(Guid Conversation, long Seq);
}
