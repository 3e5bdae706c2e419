using CoolChat.Contracts;

namespace CoolChat.Client;

/// <summary>
/// A conversation as its log's events make it: a local fold that equals what the server shows. Complete only when it began at the first
/// event; otherwise messages from before its beginning are not in it. Safe to read while the client goes on applying events.
/// </summary>
public sealed class ConversationState
{
    private readonly Lock _lock = new();
    private readonly Guid _viewer;
    private readonly List<MessageFold> _messages = [];
    private readonly Dictionary<Guid, MessageFold> _byId = [];
    private readonly SortedDictionary<Guid, string> _members = [];
    private readonly List<Guid> _pins = [];
    private ConversationChanges _settings = new();
    private string _kind = "";
    private long _lastSeq;
    private long _lastOrdinal;
    private long _toldRead;
    private long _toldAt;
    private long _ownAct;
    private ConversationView? _summary;

    /// <summary>An empty state before the event <paramref name="firstSeq"/>.</summary>
    /// <param name="conversationId">The conversation.</param>
    /// <param name="viewer">userId of who looks: unread, mentions and one's own reactions hang on it.</param>
    /// <param name="firstSeq">Seq of the first event that will be applied.</param>
    public ConversationState(Guid conversationId, Guid viewer, long firstSeq = 1)
    {
        Id = conversationId;
        _viewer = viewer;
        FirstSeq = firstSeq;
        _lastSeq = firstSeq - 1;
    }

    /// <summary>The conversation.</summary>
    public Guid Id { get; }

    /// <summary>Where this state begins.</summary>
    public long FirstSeq { get; }

    /// <summary>Seq of the last event applied.</summary>
    public long LastSeq => Read(() => _lastSeq);

    /// <summary>Countable messages in the conversation so far.</summary>
    public long LastOrdinal => Read(() => _lastOrdinal);

    /// <summary>One's own read mark.</summary>
    public long ReadSeq => Read(Mark);

    /// <summary>What the server last told about the conversation besides its events: preferences, receipts, member count.</summary>
    public ConversationView? Summary => Read(() => _summary);

    /// <summary>One of <see cref="ConversationKinds"/>.</summary>
    public string Kind => Read(() => _kind);

    /// <summary>Title.</summary>
    public string? Title => Read(() => NullIfEmpty(_settings.Title));

    /// <summary>Topic.</summary>
    public string? Topic => Read(() => NullIfEmpty(_settings.Topic));

    /// <summary>Title, topic, picture and settings together.</summary>
    public ConversationChanges Settings => Read(() => _settings);

    /// <summary>userId to role.</summary>
    public IReadOnlyDictionary<Guid, string> Members => Read(() => new Dictionary<Guid, string>(_members));

    /// <summary>Messages ascending by seq, tombstones included.</summary>
    public IReadOnlyList<MessageView> Messages => Read(() => (IReadOnlyList<MessageView>)[.. _messages.Select(message => message.ToView(_viewer))]);

    /// <summary>messageIds of pinned messages, in the order they were pinned.</summary>
    public IReadOnlyList<Guid> Pins => Read(() => (IReadOnlyList<Guid>)[.. _pins]);

    /// <summary>Living messages after the read mark.</summary>
    public long Unread => Read(() => (long)After(Mark()).Count(message => message.Deleted is null));

    /// <summary>Living messages after the read mark that call the viewer.</summary>
    public int Mentions => Read(() => After(Mark()).Count(message => message.Sender != _viewer && message.Mentions(_viewer)));

    /// <summary>One message, or null.</summary>
    public MessageView? Find(Guid messageId) => Read(() => _byId.GetValueOrDefault(messageId)?.ToView(_viewer));

    /// <summary>Applies the next event.</summary>
    /// <exception cref="ArgumentException">It is not the next one.</exception>
    public void Apply(ChatEvent chatEvent)
    {
        ArgumentNullException.ThrowIfNull(chatEvent);
        lock (_lock)
        {
            if (chatEvent.Seq != _lastSeq + 1 || chatEvent.ConversationId != Id)
                throw new ArgumentException($"Expected event {_lastSeq + 1} of {Id}, not {chatEvent.Seq} of {chatEvent.ConversationId}.", nameof(chatEvent));
            _lastSeq = chatEvent.Seq;
            Fold(chatEvent);
        }
    }

    /// <summary>Moves the read mark forward, as the server does.</summary>
    public void MarkRead(long seq)
    {
        lock (_lock)
            _toldRead = Math.Max(_toldRead, seq);
    }

    internal void Update(ConversationView view)
    {
        lock (_lock)
        {
            // Views come by several ways and not in their order. Within an epoch marks and the log only advance: what is behind is older.
            if (_summary?.Epoch != view.Epoch || (view.LastSeq >= _summary.LastSeq && view.ReadSeq >= _summary.ReadSeq))
                _summary = view;
            _toldRead = Math.Max(_toldRead, view.ReadSeq);
            _toldAt = Math.Max(_toldAt, view.LastSeq);
            _lastOrdinal = Math.Max(_lastOrdinal, view.LastOrdinal);
            if (_kind.Length == 0)
                _kind = view.Kind;
            if (FirstSeq == 1)
                return;
            foreach (MemberEntry member in view.Members ?? [])
                _members[member.UserId] = member.Role;
            _settings = _settings with { Title = _settings.Title ?? view.Title, Topic = _settings.Topic ?? view.Topic, Picture = _settings.Picture ?? view.Picture };
        }
    }

    private void Fold(ChatEvent e)
    {
        switch (e.Type)
        {
            case EventTypes.MessageSent: Sent(e); break;
            case EventTypes.MessageEdited: Message(e)?.Edit(e.Body?.As<MessageBody>(), e.At); break;
            case EventTypes.MessageDeleted: Removed(e); break;
            case EventTypes.MessagePinned: Pin(e, true); break;
            case EventTypes.MessageUnpinned: Pin(e, false); break;
            case EventTypes.ReactionAdded or EventTypes.ReactionRemoved when e.Body?.As<ReactionBody>() is { } reaction:
                _byId.GetValueOrDefault(reaction.MessageId)?.React(reaction.Key, e.Sender, e.Type == EventTypes.ReactionAdded);
                break;
            case EventTypes.PollVoted when e.Body?.As<PollVoteBody>() is { } vote:
                _byId.GetValueOrDefault(vote.MessageId)?.Vote(e.Sender, vote.Options);
                break;
            case EventTypes.PollClosed: Message(e)?.ClosePoll(); break;
            case EventTypes.MemberErased: Erase(e); break;
            default: FoldMembership(e); break;
        }
    }

    private void FoldMembership(ChatEvent e)
    {
        switch (e.Type)
        {
            case EventTypes.ConversationCreated when e.Body?.As<ConversationCreatedBody>() is { } created:
                _kind = created.Kind;
                _settings = new ConversationChanges { Title = created.Title, HistoryVisibility = created.HistoryVisibility, Listed = created.Listed };
                foreach (MemberEntry member in created.Members)
                    _members[member.UserId] = member.Role;
                break;
            case EventTypes.ConversationChanged when e.Body?.As<ConversationChanges>() is { } changes:
                _settings = Merge(_settings, changes);
                break;
            case EventTypes.MemberAdded when e.Body?.As<MembersAddedBody>() is { } added:
                foreach (MemberEntry member in added.Members)
                    _members[member.UserId] = member.Role;
                // Joining sets the mark.
                if (added.Members.Any(member => member.UserId == _viewer))
                    _ownAct = e.Seq;
                break;
            case EventTypes.MemberRemoved when e.Body?.As<MemberRefBody>() is { } removed:
                _members.Remove(removed.UserId);
                break;
            case EventTypes.MemberRoleChanged when e.Body?.As<MemberRefBody>() is { Role: { } role } changed:
                if (role == Roles.Owner && _members.FirstOrDefault(member => member.Value == Roles.Owner).Key is var owner && owner != Guid.Empty)
                    _members[owner] = Roles.Admin;
                _members[changed.UserId] = role;
                break;
        }
    }

    private void Sent(ChatEvent e)
    {
        MessageFold message = new(e, e.MessageId ?? e.CommandId);
        message.SetBody(e.Body?.As<MessageBody>());
        _messages.Add(message);
        _byId[message.MessageId] = message;
        _lastOrdinal = e.Ordinal ?? _lastOrdinal;
        if (message.Thread is { } root)
            _byId.GetValueOrDefault(root)?.AddReply(message, e.At);
        if (e.Sender == _viewer)
            _ownAct = e.Seq;
    }

    /// <summary>
    /// What the server told of the mark is the authority for the log up to where it told it: not every own message moves the mark (scheduled ones
    /// don't). What one did after that counts here until the server tells again.
    /// </summary>
    private long Mark() => _ownAct > _toldAt ? Math.Max(_ownAct, _toldRead) : _toldRead;

    private void Removed(ChatEvent e)
    {
        if (Message(e) is not { } message)
            return;
        if (message.Thread is { } root)
            _byId.GetValueOrDefault(root)?.RemoveReply(message.MessageId);
        message.Delete(e.Body?.As<MessageRefBody>().Reason);
        _pins.Remove(message.MessageId);
    }

    /// <summary>Everything that the sender wrote up to here is gone; tombstones of before keep their reason.</summary>
    private void Erase(ChatEvent e)
    {
        foreach (MessageFold message in _messages.Where(message => message.Sender == e.Sender && message.Deleted is null))
        {
            message.Delete("erased");
            _pins.Remove(message.MessageId);
        }
    }

    private void Pin(ChatEvent e, bool pinned)
    {
        if (Message(e) is not { } message)
            return;
        message.Pinned = pinned;
        _pins.Remove(message.MessageId);
        if (pinned)
            _pins.Add(message.MessageId);
    }

    private MessageFold? Message(ChatEvent e) =>
        (e.MessageId ?? e.Body?.As<MessageRefBody>().MessageId) is { } id ? _byId.GetValueOrDefault(id) : null;

    private IEnumerable<MessageFold> After(long seq)
    {
        for (int i = _messages.Count - 1; i >= 0 && _messages[i].Seq > seq; i--)
            yield return _messages[i];
    }

    private static ConversationChanges Merge(ConversationChanges old, ConversationChanges changes) => new()
    {
        Title = changes.Title ?? old.Title,
        Topic = changes.Topic ?? old.Topic,
        Picture = changes.Picture ?? old.Picture,
        HistoryVisibility = changes.HistoryVisibility ?? old.HistoryVisibility,
        Listed = changes.Listed ?? old.Listed,
        ExpiresAfter = changes.ExpiresAfter ?? old.ExpiresAfter,
        SlowMode = changes.SlowMode ?? old.SlowMode,
    };

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private T Read<T>(Func<T> read)
    {
        lock (_lock)
            return read();
    }
}
