using System.Text.Json;
using CoolChat.Contracts;

namespace CoolChat.Processing.Projections;

/// <summary>What a projection of messages makes of the log: events bring a message, change it, or take one or many away.</summary>
internal interface IMessageFold
{
    /// <summary>One that is known already is left as it is.</summary>
    void Add(ChatEvent sent, MessageBody body);

    /// <summary>One that is not known, because it was erased, stays unknown.</summary>
    void Replace(ChatEvent edited, Guid message, MessageBody body);

    void Remove(Guid conversation, Guid message);

    /// <summary>Everything that the sender wrote before that seq.</summary>
    void RemoveAllOf(Guid conversation, Guid sender, long before);
}

/// <summary>Reads events for a fold. Bodies that were erased are absent, and those of a shape from the future hold nothing up: both bring nothing.</summary>
internal static class MessageEvents
{
    public static void Apply(this IMessageFold fold, ChatEvent appended)
    {
        switch (appended.Type)
        {
            case EventTypes.MessageSent when Read(appended) is { } body:
                fold.Add(appended, body);
                break;
            case EventTypes.MessageEdited when appended.MessageId is { } message && Read(appended) is { } body:
                fold.Replace(appended, message, body);
                break;
            case EventTypes.MessageDeleted when appended.MessageId is { } message:
                fold.Remove(appended.ConversationId, message);
                break;
            case EventTypes.MemberErased:
                fold.RemoveAllOf(appended.ConversationId, appended.Sender, appended.Seq);
                break;
        }
    }

    private static MessageBody? Read(ChatEvent appended)
    {
        try
        {
            return appended.Body?.As<MessageBody>();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
