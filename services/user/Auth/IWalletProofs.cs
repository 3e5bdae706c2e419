using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;

namespace CoolChat.User.Auth;

/// <summary>Whether a signed message proves a wallet, here and now; the nonce is used up in any case.</summary>
internal interface IWalletProofs
{
    /// <summary>A nonce for one message; with <paramref name="requestId"/> the message must have that Request ID.</summary>
    NonceView IssueNonce(ProofContext context, string? requestId);

    Task<Result<WalletId>> VerifyAsync(WalletProof proof, ProofContext context, CancellationToken cancellationToken);
}

/// <summary>What a wallet is proven for: a message that was signed for one thing must not do for another.</summary>
/// <param name="Account">The account that links it; null: to sign in.</param>
internal readonly record struct ProofContext(Guid? Account)
{
    public static ProofContext SignIn => default;

    public static ProofContext Link(Guid account) => new(account);
}
