using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.Media.Signing;
using Microsoft.Extensions.Options;

namespace CoolChat.Media.Objects;

/// <summary>Gives a short-lived address to those who may read the object: an img or video element sends no token.</summary>
internal sealed class CreateAddress(MediaAccess access, SignedAddresses addresses, IOptions<MediaOptions> options, TimeProvider time)
{
    public async ValueTask<Result<MediaUrlView>> ExecuteAsync(Guid viewer, Guid mediaId, CancellationToken cancellationToken)
    {
        Result<MediaRecord> found = await access.FindAsync(viewer, mediaId, cancellationToken);
        if (!found.Ok)
            return found.Refusal;
        // Whole seconds, as the address carries them.
        DateTimeOffset expiresAt = DateTimeOffset.FromUnixTimeSeconds((time.GetUtcNow() + options.Value.AddressLifetime).ToUnixTimeSeconds());
        return new MediaUrlView { Url = addresses.Object(mediaId, viewer, expiresAt), ExpiresAt = expiresAt };
    }
}
