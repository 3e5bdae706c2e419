using CoolChat.Contracts.Internal;

namespace CoolChat.User.SignIn;

/// <summary>What a client hands in to prove a wallet.</summary>
/// <param name="Message">Of EIP-4361, exactly as it was signed.</param>
/// <param name="Signature"><c>0x</c> and hexadecimal digits.</param>
/// <param name="Purpose">What the nonce was issued for; see <see cref="SignInNonces.Issue"/>.</param>
/// <param name="RequestId">What Request ID has to be; null = anything.</param>
internal sealed record WalletProof(string Message, string Signature, string Purpose, string? RequestId = null);

/// <summary>A wallet whose owner was here.</summary>
/// <param name="Address">Its address.</param>
/// <param name="ContractChain">The one chain on which this contract wallet is its owner's; null = a key's, the same on all chains.</param>
/// <param name="Message">What was signed.</param>
internal sealed record ProvenWallet(EthereumAddress Address, ulong? ContractChain, SiweMessage Message)
{
    /// <summary>
    /// What to store and look up: the small-letter address of a key's wallet, and CAIP-10 (<c>eip155:1:0x...</c>) for a contract, because the same
    /// address can be somebody else's contract on another chain.
    /// </summary>
    public string Key => ContractChain is { } chain
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"eip155:{chain}:{Address.ToLowerHex()}")
        : Address.ToLowerHex();
}

/// <summary>
/// Proves that somebody holds a wallet: the nonce is consumed first, so that a message is judged once whatever comes of it; then the message is
/// held against where and when we are; then the signature.
/// </summary>
internal sealed class ProveWallet(SignInNonces nonces, SignInPolicy policy, HostOrigins origins, ContractWalletVerifier contracts)
{
    public async ValueTask<Result<ProvenWallet>> VerifyAsync(WalletProof proof, CancellationToken cancellationToken)
    {
        Result<SiweMessage> parsed = SiweMessage.Parse(proof.Message);
        if (!parsed.Ok)
            return parsed.Refusal;
        SiweMessage message = parsed.Value;
        if (await nonces.ConsumeAsync(message.Nonce, proof.Purpose, cancellationToken) is { } nonceRefusal)
            return nonceRefusal;
        if (policy.Check(message, origins.Current, proof.RequestId) is { } policyRefusal)
            return policyRefusal;
        Result<byte[]> signature = EthereumSignature.ParseHex(proof.Signature);
        return signature.Ok ? await VerifySignatureAsync(message, proof.Message, signature.Value, cancellationToken) : signature.Refusal;
    }

    /// <summary>
    /// An ordinary wallet is recognized without asking anybody: what recovers to the address was signed by the address's own key. (ERC-6492 wants contracts
    /// asked first because a contract's signature can also recover to another address; that one we don't accept.)
    /// </summary>
    private async ValueTask<Result<ProvenWallet>> VerifySignatureAsync(
        SiweMessage message, string text, byte[] signature, CancellationToken cancellationToken)
    {
        byte[] hash = EthereumSignature.HashPersonalMessage(text);
        Result<EthereumAddress> signer = EthereumSignature.Recover(hash, signature);
        if (signer.Ok && signer.Value == message.Address)
            return new ProvenWallet(message.Address, null, message);
        if (signature.Length <= EthereumSignature.Size && !contracts.Knows(message.ChainId))
            return signer.Refusal ?? SignInErrors.OtherSigner(signer.Value, message.Address, message.ChainId);
        Refusal? refusal = await contracts.VerifyAsync(message.ChainId, message.Address, hash, signature, cancellationToken);
        return refusal is not null ? refusal : new ProvenWallet(message.Address, message.ChainId, message);
    }
}
