using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;
using CoolChat.User.Auth;

namespace CoolChat.User.Registration;

/// <summary>The one-time token by which the first owner is made. A server that lost its owner gets a new one at the next start.</summary>
internal sealed class OwnerClaim(IServerStore store, IAccountStore accounts, PublicOrigins origins) : IOwnerClaim
{
    private volatile string? _token;

    /// <summary>In the fragment, which browsers send to nobody.</summary>
    public string? PendingLink => _token is { } token && origins.Known is [Origin first, ..] ? $"{first}/claim#{token}" : null;

    public bool IsPending => _token is not null;

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (await accounts.HasOwnerAsync(cancellationToken))
            return;
        byte[] fresh = Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
        _token = Encoding.ASCII.GetString(await store.SecretAsync(SecretNames.OwnerClaim, fresh, cancellationToken));
    }

    /// <summary>Whether it is the token that still waits.</summary>
    public bool Matches(string? token) =>
        _token is { } pending && token is { Length: <= 200 }
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), SHA256.HashData(Encoding.UTF8.GetBytes(pending)));

    /// <summary>Makes the account the owner.</summary>
    public async Task<Result<bool>> ClaimAsync(Guid userId, string token, CancellationToken cancellationToken)
    {
        if (!Matches(token))
            return new Refusal("claim_invalid", "This claim link is not valid, or was used.", "token", Status: 403);
        if (!await accounts.TryMakeFirstOwnerAsync(userId, cancellationToken))
            return Refusal.Conflict("The server has an owner.");
        _token = null;
        await store.DropSecretAsync(SecretNames.OwnerClaim, cancellationToken);
        return true;
    }
}
