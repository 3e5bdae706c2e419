using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Conversations;
using Microsoft.Extensions.Logging;

namespace CoolChat.Chat.Realtime;

/// <summary>
/// Tells a person's connections that one of their conversations looks different to them: a mark moved on another device, settings, a draft, a
/// conversation that they are now in.
/// </summary>
internal sealed class PrivateChanges(Audiences audiences, IConversationReader conversations, TimeProvider time, ILogger<PrivateChanges> logger)
    : Coalescer(TimeSpan.FromMilliseconds(100), time, logger)
{
    private const int MostViewsAFrame = 50;

    private readonly Lock _gate = new();
    private Dictionary<Guid, HashSet<Guid>> _dirty = [];

    public void Mark(Guid userId, Guid conversationId)
    {
        // Bounded by who is here: nobody else is told.
        if (!audiences.IsHere(userId))
            return;
        lock (_gate)
        {
            if (!_dirty.TryGetValue(userId, out HashSet<Guid>? ids))
                _dirty[userId] = ids = [];
            ids.Add(conversationId);
        }
        Signal();
    }

    protected override async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        Dictionary<Guid, HashSet<Guid>> dirty;
        lock (_gate)
        {
            dirty = _dirty;
            _dirty = [];
        }
        foreach ((Guid user, HashSet<Guid> ids) in dirty)
        {
            foreach (Guid[] some in ids.Chunk(MostViewsAFrame))
                await TellAsync(user, some, cancellationToken);
        }
    }

    private async ValueTask TellAsync(Guid user, Guid[] ids, CancellationToken cancellationToken)
    {
        List<ConversationView> views = new(ids.Length);
        foreach (Guid id in ids)
        {
            Result<ConversationView> view = await conversations.GetAsync(user, id, cancellationToken);
            // Not theirs any more (a listed channel still shows): the event that removed them said so.
            if (view is { Ok: true, Value.Role: not null })
                views.Add(view.Value);
        }
        if (views.Count > 0)
            audiences.SendTo(user, Frames.Make(HubMethods.ConversationsChanged, views));
    }
}
