using System.Buffers.Binary;
using System.Security.Cryptography;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;
using CoolChat.User.Registration;
using CoolChat.User.SignIn;

namespace CoolChat.User.Auth;

/// <summary>Proofs by ordinary wallets: an EIP-4361 message for this server, with a nonce of ours, signed by the address that it names.</summary>
internal sealed class WalletProofs(IServerStore store, PublicOrigins origins, Microsoft.Extensions.Options.IOptions<AuthOptions> options, TimeProvider time) : IWalletProofs
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);
    private byte[]? _key;

    public async Task LoadAsync(CancellationToken cancellationToken) =>
        _key = await store.SecretAsync("nonces", RandomNumberGenerator.GetBytes(32), cancellationToken);

    public NonceView IssueNonce()
    {
        DateTimeOffset expiresAt = DateTimeOffset.FromUnixTimeSeconds((time.GetUtcNow() + Lifetime).ToUnixTimeSeconds());
        Span<byte> nonce = stackalloc byte[28];
        BinaryPrimitives.WriteUInt32BigEndian(nonce, (uint)expiresAt.ToUnixTimeSeconds());
        RandomNumberGenerator.Fill(nonce[4..16]);
        HMACSHA256.HashData(_key!, nonce[..16]).AsSpan(0, 12).CopyTo(nonce[16..]);
        return new NonceView { Nonce = Convert.ToHexStringLower(nonce), ExpiresAt = expiresAt };
    }

    public async Task<Result<WalletId>> VerifyAsync(WalletProof proof, CancellationToken cancellationToken)
    {
        Result<SiweMessage> parsed = SiweMessage.Parse(proof.Message);
        if (!parsed.Ok)
            return parsed.Refusal;
        SiweMessage message = parsed.Value;
        if (ExpiryOf(message.Nonce) is not { } expiresAt || expiresAt <= time.GetUtcNow() || !await store.TryUseNonceAsync(message.Nonce, expiresAt, cancellationToken))
            return new Refusal("siwe_nonce_invalid", "The nonce is not one of this server, has expired or was used. Ask for a new one.", "message.nonce", Status: 401);
        if (Refuse(message) is { } refusal)
            return refusal;
        Result<byte[]> signature = EthereumSignature.ParseHex(proof.Signature);
        if (!signature.Ok)
            return signature.Refusal;
        Result<EthereumAddress> signer = EthereumSignature.RecoverPersonalMessage(proof.Message, signature.Value);
        if (!signer.Ok)
            return signer.Refusal;
        return signer.Value == message.Address ? new WalletId(message.Address.ToString()) : SignInErrors.Signature("Another wallet signed this message.");
    }

    private Refusal? Refuse(SiweMessage message)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (!origins.AllowsAuthority(message.Scheme, message.Domain))
            return SignInErrors.Message("siwe_domain_unknown", "domain", $"The message is for {message.Domain}, which is not this server. {PublicOrigins.Advice}");
        if (!Uri.TryCreate(message.Uri, UriKind.Absolute, out Uri? uri) || !origins.Allows(Origin.Of(uri)))
            return SignInErrors.Message("siwe_uri_unknown", "uri", $"The message's URI is not of this server. {PublicOrigins.Advice}");
        if (!options.Value.Chains.Contains((long)message.ChainId))
            return SignInErrors.Message("siwe_chain_unknown", "chainId", "This server does not accept that chain.");
        if (message.IssuedAt.Instant > now + Skew)
            return SignInErrors.Message(SignInErrors.IssuedAtInvalid, "issuedAt", "The message is from the future: check the clock.");
        if (message.ExpirationTime is { } end && end.Instant <= now)
            return SignInErrors.Message(SignInErrors.ExpirationTimeInvalid, "expirationTime", "The message has expired.");
        return message.NotBefore is { } start && start.Instant > now + Skew
            ? SignInErrors.Message(SignInErrors.NotBeforeInvalid, "notBefore", "The message is not valid yet.")
            : null;
    }

    private DateTimeOffset? ExpiryOf(string nonce)
    {
        Span<byte> bytes = stackalloc byte[28];
        if (nonce.Length != 56 || Convert.FromHexString(nonce, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
            return null;
        return CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(_key!, bytes[..16]).AsSpan(0, 12), bytes[16..])
            ? DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : null;
    }
}
