using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;
using Microsoft.Extensions.Logging;

namespace CoolChat.User.Data;

/// <summary>
/// Deletes an account: a tombstone first, durably, together with the note that the rest is to be done; then every service erases its part. What a
/// crash interrupts is finished at the next start.
/// </summary>
internal sealed partial class DeleteAccount(
    IAccountStore accounts, UserPersonalData own, IEnumerable<IPersonalData> sections, IIntegrationEvents events, ILogger<DeleteAccount> logger)
{
    public async Task<Result<bool>> ExecuteAsync(Guid userId, DeleteAccountRequest request, CancellationToken cancellationToken)
    {
        if (await accounts.FindAsync(userId, cancellationToken) is not { Wallet: { } wallet })
            return Refusal.NotFound();
        if (!string.Equals(request.Confirm, wallet.Address, StringComparison.OrdinalIgnoreCase))
            return Refusal.Invalid("confirm", "Repeat your own address to confirm.");
        // From here on nothing is cancelled: half an erasure is worse than a late answer.
        await own.EraseAsync(userId, request.EraseMessages, CancellationToken.None);
        await FinishAsync(new Erasure(userId, request.EraseMessages), CancellationToken.None);
        return true;
    }

    /// <summary>Finishes what earlier runs left.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (Erasure erasure in await accounts.ErasuresAsync(cancellationToken))
            await FinishAsync(erasure, cancellationToken);
    }

    private async Task FinishAsync(Erasure erasure, CancellationToken cancellationToken)
    {
        foreach (IPersonalData section in sections)
            await section.EraseAsync(erasure.UserId, erasure.EraseMessages, cancellationToken);
        await events.PublishAsync(new AccountDeleted(erasure.UserId), cancellationToken);
        await accounts.ErasedAsync(erasure.UserId, cancellationToken);
        LogDeleted(logger, erasure.UserId);
    }

    [LoggerMessage(230, LogLevel.Information, "Account {UserId} was deleted")]
    private static partial void LogDeleted(ILogger logger, Guid userId);
}
