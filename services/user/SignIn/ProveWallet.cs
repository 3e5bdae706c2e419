using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;
using CoolChat.User.Auth;

namespace CoolChat.User.SignIn;

/// <summary>
/// Proves that somebody holds a wallet: the nonce is consumed first, so that a message is judged once whatever comes of it; then the message is
/// held against where and when we are; then the signature.
/// </summary>
internal sealed class ProveWallet(SignInNonces nonces, SignInPolicy policy, ContractWalletVerifier contracts) : IWalletProofs
{
    public NonceView IssueNonce(ProofContext context, string? requestId) => nonces.Issue(context, requestId);

    public async Task<Result<WalletId>> VerifyAsync(WalletProof proof, ProofContext context, CancellationToken cancellationToken)
    {
        Result<SiweMessage> parsed = SiweMessage.Parse(proof.Message);
        if (!parsed.Ok)
            return parsed.Refusal;
        SiweMessage message = parsed.Value;
        if (await nonces.ConsumeAsync(message.Nonce, context, message.RequestId, cancellationToken) is { } nonceRefusal)
            return nonceRefusal;
        if (policy.Check(message) is { } policyRefusal)
            return policyRefusal;
        Result<byte[]> signature = EthereumSignature.ParseHex(proof.Signature);
        return signature.Ok ? await VerifySignatureAsync(message, proof.Message, signature.Value, cancellationToken) : signature.Refusal;
    }

    /// <summary>
    /// An ordinary wallet is recognized without asking anybody: what recovers to the address was signed by the address's own key. (ERC-6492 wants contracts
    /// asked first because a contract's signature can also recover to another address; that one we don't accept.)
    /// </summary>
    private async ValueTask<Result<WalletId>> VerifySignatureAsync(SiweMessage message, string text, byte[] signature, CancellationToken cancellationToken)
    {
        byte[] hash = EthereumSignature.HashPersonalMessage(text);
        Result<EthereumAddress> signer = EthereumSignature.Recover(hash, signature);
        if (signer.Ok && signer.Value == message.Address)
            return new WalletId(message.Address.ToString());
        if (signature.Length <= EthereumSignature.Size && !contracts.Knows(message.ChainId))
            return signer.Refusal ?? SignInErrors.OtherSigner(signer.Value, message.Address, message.ChainId);
        Refusal? refusal = await contracts.VerifyAsync(message.ChainId, message.Address, hash, signature, cancellationToken);
        return refusal is not null ? refusal : WalletIds.OfContract(message.Address, message.ChainId);
    }
}
