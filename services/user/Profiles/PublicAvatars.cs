using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;

namespace CoolChat.User.Profiles;

/// <summary>Pictures of living profiles: everybody who is signed in may see them.</summary>
internal sealed class PublicAvatars(IAccountStore accounts) : IPublicMedia
{
    public ValueTask<bool> IsPublicAsync(Guid mediaId, CancellationToken cancellationToken) => accounts.IsAvatarAsync(mediaId, cancellationToken);
}
