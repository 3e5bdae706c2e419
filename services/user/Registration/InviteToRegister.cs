using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;

namespace CoolChat.User.Registration;

/// <summary>Makes a code by which new people may register. Only its hash is kept.</summary>
internal sealed class InviteToRegister(IServerStore store, TimeProvider time)
{
    private const int DefaultSeconds = 7 * 24 * 3600;

    public async Task<Result<RegistrationInviteView>> ExecuteAsync(Guid userId, CreateRegistrationInvite request, CancellationToken cancellationToken)
    {
        if (request.ExpiresIn is < 60 or > 31_536_000)
            return Refusal.Invalid("expiresIn", "60 to 31536000 seconds.");
        if (request.MaxUses is < 1 or > 10_000)
            return Refusal.Invalid("maxUses", "1 to 10000.");
        string code = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        DateTimeOffset now = time.GetUtcNow();
        RegistrationInvite invite = new(
            Guid.CreateVersion7(now), userId, now.AddSeconds(request.ExpiresIn ?? DefaultSeconds), request.MaxUses ?? 1, Uses: 0);
        await store.AddInviteAsync(invite, SHA256.HashData(Encoding.UTF8.GetBytes(code)), cancellationToken);
        return View(invite, code);
    }

    public static RegistrationInviteView View(RegistrationInvite invite, string? code) => new()
    {
        Id = invite.Id,
        Code = code,
        CreatedBy = invite.CreatedBy,
        ExpiresAt = invite.ExpiresAt,
        MaxUses = invite.MaxUses,
        Uses = invite.Uses,
    };
}
