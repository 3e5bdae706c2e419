using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;

namespace CoolChat.User.Auth;

/// <summary>Whether a signed message proves a wallet, here and now; the nonce is used up in any case.</summary>
internal interface IWalletProofs
{
    NonceView IssueNonce();

    Task<Result<WalletId>> VerifyAsync(WalletProof proof, CancellationToken cancellationToken);
}
