using CoolChat.Contracts;

namespace CoolChat.Client;

/// <summary>One message while events are applied to it.</summary>
internal sealed class MessageFold(ChatEvent sent, Guid messageId)
{
    private readonly List<(string Key, HashSet<Guid> By)> _reactions = [];
    private readonly Dictionary<Guid, IReadOnlyList<int>> _votes = [];
    private readonly List<(Guid Id, Guid Sender, long Seq, DateTimeOffset At)> _replies = [];
    private MessageBody? _body;
    private DateTimeOffset? _editedAt;
    private int _edits;
    private bool _pollClosed;

    public Guid MessageId => messageId;
    public long Seq => sent.Seq;
    public Guid Sender => sent.Sender;
    public string? Deleted { get; private set; }
    public bool Pinned { get; set; }
    public Guid? Thread => Deleted is null ? _body?.Thread : null;

    public void SetBody(MessageBody? body)
    {
        _body = body;
        if (body is null)
            Deleted = "erased";
    }

    public void Edit(MessageBody? body, DateTimeOffset at)
    {
        if (body is null || _body is null || Deleted is not null)
            return;
        // An edit replaces the content and the mentions; where the message stands does not change.
        _body = _body with { Content = body.Content, Mentions = body.Mentions };
        _editedAt = at;
        _edits++;
    }

    public void Delete(string? reason)
    {
        Deleted = reason ?? "author";
        _body = null;
        _editedAt = null;
        _edits = 0;
        _reactions.Clear();
        _votes.Clear();
        Pinned = false;
    }

    public void React(string key, Guid by, bool add)
    {
        int at = _reactions.FindIndex(reaction => reaction.Key == key);
        if (add && at < 0)
            _reactions.Add((key, [by]));
        else if (add)
            _reactions[at].By.Add(by);
        else if (at >= 0 && _reactions[at].By.Remove(by) && _reactions[at].By.Count == 0)
            _reactions.RemoveAt(at);
    }

    public void Vote(Guid by, IReadOnlyList<int> options)
    {
        if (options.Count == 0)
            _votes.Remove(by);
        else
            _votes[by] = options;
    }

    public void ClosePoll() => _pollClosed = true;

    public void AddReply(MessageFold reply, DateTimeOffset at) => _replies.Add((reply.MessageId, reply.Sender, reply.Seq, at));

    public void RemoveReply(Guid messageId) => _replies.RemoveAll(reply => reply.Id == messageId);

    public bool Mentions(Guid user) => Deleted is null && _body?.Mentions is { } mentions
        && (mentions.Everyone == true || mentions.Users?.Contains(user) == true);

    public MessageView ToView(Guid viewer) => new()
    {
        MessageId = MessageId,
        ConversationId = sent.ConversationId,
        Seq = sent.Seq,
        Ordinal = sent.Ordinal ?? 0,
        Sender = sent.Sender,
        At = sent.At,
        Content = _body?.Content,
        ReplyTo = _body?.ReplyTo,
        Thread = _body?.Thread,
        Mentions = _body?.Mentions,
        ForwardedFrom = _body?.ForwardedFrom,
        ExpiresAt = _body?.ExpiresAt,
        EditedAt = _editedAt,
        Edits = _edits > 0 ? _edits : null,
        Deleted = Deleted,
        Reactions = _reactions.Count == 0 ? null :
        [
            .. _reactions.Select(reaction => new ReactionCount { Key = reaction.Key, Count = reaction.By.Count, Mine = reaction.By.Contains(viewer) })
                .OrderByDescending(reaction => reaction.Count),
        ],
        Pinned = Pinned ? true : null,
        Replies = _replies.Count == 0 ? null : Summarise(),
        Poll = _body?.Content.Poll is { } poll ? Count(poll, viewer) : null,
    };

    private ThreadSummary Summarise() => new()
    {
        Count = _replies.Count,
        LastSeq = _replies[^1].Seq,
        LastAt = _replies[^1].At,
        Participants = [.. _replies.AsEnumerable().Reverse().Select(reply => reply.Sender).Distinct().Take(3)],
    };

    private PollResult Count(Poll poll, Guid viewer)
    {
        int[] counts = new int[poll.Options.Count];
        foreach (int option in _votes.Values.SelectMany(options => options))
        {
            if (option >= 0 && option < counts.Length)
                counts[option]++;
        }
        return new PollResult { Counts = counts, Voters = _votes.Count, Mine = _votes.GetValueOrDefault(viewer), Closed = _pollClosed ? true : null };
    }
}
