using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;
using CoolChat.User.Auth;

namespace CoolChat.User.Registration;

/// <summary>
/// The one-time token by which the first owner is made. A server whose owner deleted their account gets a new one at the next start; one whose
/// owner can't come in any more, when its operator asks for it.
/// </summary>
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
        _token = Encoding.ASCII.GetString(await store.SecretAsync(SecretNames.OwnerClaim, Encoding.ASCII.GetBytes(NewToken()), cancellationToken));
    }

    public string? Renew()
    {
        _token ??= NewToken();
        return PendingLink;
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
        // Taken before it is used: of two who come at once, one finds it.
        if (Interlocked.Exchange(ref _token, null) is not { } taken)
            return Refusal.Conflict("This claim link was used meanwhile.");
        try
        {
            if (!await accounts.TryMakeFirstOwnerAsync(userId, cancellationToken)
                && await accounts.SetStandingAsync(userId, ServerRoles.Owner, suspended: false, cancellationToken) != RoleOutcome.Done)
            {
                _token = taken;
                return Refusal.NotFound();
            }
            await store.DropSecretAsync(SecretNames.OwnerClaim, cancellationToken);
            return true;
        }
        catch
        {
            _token = taken;
            throw;
        }
    }

    private static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
