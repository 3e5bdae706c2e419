namespace CoolChat.Chat.Presence;

/// <summary>Where nodes tell one another who is with them. Answers from memory; a hint that may be some seconds old.</summary>
internal interface IPresenceBoard
{
    /// <summary>Somebody is with this node, or no longer since <paramref name="at"/>. Returns at once.</summary>
    void Set(Guid userId, bool here, DateTimeOffset at);

    /// <summary>Whether somebody is with another node.</summary>
    bool IsElsewhere(Guid userId);

    /// <summary>Registers who is told when somebody came to the other nodes or left them, and when: not before it is registered.</summary>
    void OnChange(Action<Guid, DateTimeOffset> changed);
}

/// <summary>The only node there is.</summary>
internal sealed class SingleNodePresence : IPresenceBoard
{
    public void Set(Guid userId, bool here, DateTimeOffset at)
    {
        // Nobody to tell.
    }

    public bool IsElsewhere(Guid userId) => false;

    public void OnChange(Action<Guid, DateTimeOffset> changed)
    {
        // Nothing changes elsewhere.
    }
}
