using CoolChat.Contracts.Internal;
using CoolChat.Conversations;

namespace CoolChat.Chat.Presence;

/// <summary>A right to see somebody's presence.</summary>
/// <param name="UserId">Whose.</param>
/// <param name="Through">The conversation that it comes from, for as long as both are in it; null: oneself, or a contact of one's own.</param>
internal readonly record struct Watch(Guid UserId, Guid? Through);

/// <summary>
/// Who may see whose presence: one's own, that of contacts, and that of people one shares a conversation with. Asked when watching begins and again
/// before anything is told, which the memory of memberships makes cheap: somebody who was removed learns nothing more, whether or not this
/// node heard of the removal. Blocks are another matter: see <see cref="PresenceTracker"/>.
/// </summary>
internal sealed class PresenceRights(IConversationReader conversations, IUserDirectory people)
{
    /// <summary>The right that <paramref name="watcher"/> has now, or null.</summary>
    public async ValueTask<Watch?> FindAsync(Guid watcher, Guid other, CancellationToken cancellationToken)
    {
        if (watcher == other || await people.IsContactAsync(watcher, other, cancellationToken))
            return new Watch(other, null);
        return await conversations.FindSharedConversationAsync(watcher, other, cancellationToken) is { } shared ? new Watch(other, shared) : null;
    }

    /// <summary>The right, or another one in its place, or null when it has ended.</summary>
    public async ValueTask<Watch?> ConfirmAsync(Guid watcher, Watch watch, CancellationToken cancellationToken)
    {
        if (watch.Through is not { } conversation)
            return watch;
        bool both = await conversations.FindMembershipAsync(conversation, watch.UserId, cancellationToken) is not null
            && await conversations.FindMembershipAsync(conversation, watcher, cancellationToken) is not null;
        return both ? watch : await FindAsync(watcher, watch.UserId, cancellationToken);
    }
}
