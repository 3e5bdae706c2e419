namespace CoolChat.Chat.Presence;

/// <summary>Tells other nodes that somebody types. A hint that may be lost.</summary>
internal interface ITypingRelay
{
    /// <summary>Returns at once.</summary>
    void Tell(Guid conversationId, Guid userId);

    /// <summary>Registers who is told (conversation, person) when somebody types on another node; it must not wait.</summary>
    void OnTyping(Action<Guid, Guid> typing);
}

/// <summary>The only node there is.</summary>
internal sealed class SingleNodeTyping : ITypingRelay
{
    public void Tell(Guid conversationId, Guid userId)
    {
        // Nobody to tell.
    }

    public void OnTyping(Action<Guid, Guid> typing)
    {
        // Nobody types elsewhere.
    }
}
