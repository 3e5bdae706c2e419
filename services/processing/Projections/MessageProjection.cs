using CoolChat.Contracts;
using CoolChat.Conversations;
using CoolChat.Engines.Sqlite;
using Microsoft.Extensions.Logging;

namespace CoolChat.Processing.Projections;

/// <summary>A projection of messages: which events bring one, change one, or take one or many away.</summary>
internal abstract class MessageProjection(SqliteDatabase database, ILogFeed feed, TimeProvider time, ILogger logger)
    : LogProjection(database, feed, time, logger)
{
    protected sealed override void Apply(SqliteUnit unit, ChatEvent appended)
    {
        switch (appended.Type)
        {
            case EventTypes.MessageSent:
                Add(unit, appended);
                break;
            case EventTypes.MessageEdited:
                Replace(unit, appended);
                break;
            case EventTypes.MessageDeleted when appended.MessageId is { } message:
                Remove(unit, appended.ConversationId, message);
                break;
            case EventTypes.MemberErased:
                RemoveAllOf(unit, appended.ConversationId, appended.Sender, appended.Seq);
                break;
        }
    }

    protected abstract void Add(SqliteUnit unit, ChatEvent sent);

    protected abstract void Replace(SqliteUnit unit, ChatEvent edited);

    protected abstract void Remove(SqliteUnit unit, Guid conversation, Guid message);

    /// <summary>Everything that the sender wrote before that seq.</summary>
    protected abstract void RemoveAllOf(SqliteUnit unit, Guid conversation, Guid sender, long before);
}
