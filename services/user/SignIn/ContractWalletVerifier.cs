using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoolChat.User.SignIn;

/// <summary>
/// Asks a contract wallet on its chain whether it accepts a signature: ERC-1271, and ERC-6492 for one that is not deployed yet. By <c>eth_call</c> only.
/// </summary>
internal sealed partial class ContractWalletVerifier(EthereumRpc rpc, IOptions<EthereumOptions> options, ILogger<ContractWalletVerifier> logger)
{
    public bool Knows(ulong chainId) => options.Value.Knows(chainId);

    /// <summary>Null: the wallet accepts. Else <c>signature_invalid</c>, <c>chain_unsupported</c> or <c>rpc_unavailable</c>.</summary>
    public async ValueTask<Refusal?> VerifyAsync(
        ulong chainId, EthereumAddress wallet, byte[] hash, ReadOnlyMemory<byte> signature, CancellationToken cancellationToken)
    {
        if (!Knows(chainId))
            return SignInErrors.UnsupportedChain(chainId);
        CounterfactualSignature? wrapped = null;
        if (CounterfactualSignature.IsOne(signature.Span) && (wrapped = CounterfactualSignature.Parse(signature)) is null)
            return SignInErrors.Signature("The signature ends as one of ERC-6492, but is not of its form.");
        byte[] program = wrapped is null
            ? SignatureProbe.Build(wallet, hash, signature.Span, null, [])
            : SignatureProbe.Build(wallet, hash, wrapped.Signature.Span, wrapped.Factory, wrapped.FactoryCall.Span);
        if (await rpc.CallAsync(chainId, program, cancellationToken) is not { } bytes)
            return SignInErrors.UnavailableRpc(chainId);
        if (SignatureProbe.ReadAnswer(bytes) is not { } answer || answer.ChainId != chainId)
        {
            LogWrongChain(logger, chainId);
            return SignInErrors.UnavailableRpc(chainId);
        }
        return answer.Verdict switch
        {
            WalletVerdict.Valid => null,
            WalletVerdict.DeploymentFailed => SignInErrors.Signature("The call in the signature that should deploy the wallet fails."),
            WalletVerdict.NoContract => SignInErrors.Signature($"The signature is not made by {wallet}, and there is no contract wallet at that address on chain {chainId}."),
            _ => SignInErrors.Signature($"The contract wallet {wallet} on chain {chainId} does not accept the signature."),
        };
    }

    [LoggerMessage(EventId = 3103, Level = LogLevel.Error, Message = "What Ethereum:Rpc:{ChainId} names is not an endpoint of chain {ChainId}")]
    private static partial void LogWrongChain(ILogger logger, ulong chainId);
}
