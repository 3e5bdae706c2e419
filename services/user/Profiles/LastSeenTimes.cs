using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;

namespace CoolChat.User.Profiles;

/// <summary>When people were last here, beside their accounts.</summary>
internal sealed class LastSeenTimes(IAccountStore accounts) : ILastSeen
{
    public ValueTask NoteAsync(IReadOnlyCollection<KeyValuePair<Guid, DateTimeOffset>> seen, CancellationToken cancellationToken) =>
        accounts.NoteSeenAsync(seen, cancellationToken);

    public ValueTask<IReadOnlyDictionary<Guid, DateTimeOffset>> FindAsync(IReadOnlyCollection<Guid> userIds, CancellationToken cancellationToken) =>
        accounts.SeenAsync(userIds, cancellationToken);
}
