using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.User.Auth;
using CoolChat.User.Registration;
using Microsoft.Extensions.Options;

namespace CoolChat.User.SignIn;

/// <summary>
/// Nonces that need no memory until they are used: 50 bytes as 80 letters and digits, in which stand when it expires (5 bytes, seconds), what it is for (1
/// byte), 12 random bytes, and the first 16 bytes each of an HMAC-SHA256 over those together with whom they are for (the account that links a wallet, the
/// Request ID that is expected) and of one over all before. Asking for nonces therefore costs the server nothing, and nobody can fill the set of used ones
/// with inventions. Each has exactly one spelling, so that the set can't be evaded.
/// </summary>
internal sealed class SignInNonces(IServerStore store, IOptions<AuthOptions> options, TimeProvider time)
{
    private const int ExpirySize = 5;
    private const int UseAt = ExpirySize;
    private const int PayloadSize = ExpirySize + 1 + 12;
    private const int TagSize = 16;
    private const int BoundSize = PayloadSize + TagSize;
    private const int Size = BoundSize + TagSize;
    private const int TextLength = Size * 8 / 5;
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    [Flags]
    private enum Use : byte
    {
        SignIn = 0,
        Link = 1,
        WithRequestId = 2,
    }

    private byte[]? _key;

    /// <summary>Reads the key, which outlives restarts as the set of used nonces does.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken) =>
        _key = await store.SecretAsync(SecretNames.Nonces, RandomNumberGenerator.GetBytes(32), cancellationToken);

    public NonceView Issue(ProofContext context = default, string? requestId = null)
    {
        long expires = (time.GetUtcNow() + options.Value.NonceLifetime).ToUnixTimeSeconds();
        byte[] bytes = new byte[Size];
        Span<byte> wide = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(wide, expires);
        wide[^ExpirySize..].CopyTo(bytes);
        bytes[UseAt] = (byte)((context.Account is null ? Use.SignIn : Use.Link) | (requestId is null ? 0 : Use.WithRequestId));
        RandomNumberGenerator.Fill(bytes.AsSpan(UseAt + 1, PayloadSize - UseAt - 1));
        Bind(bytes.AsSpan(0, PayloadSize), context, requestId).CopyTo(bytes.AsSpan(PayloadSize));
        Tag(bytes.AsSpan(0, BoundSize)).CopyTo(bytes.AsSpan(BoundSize));
        return new NonceView { Nonce = Encode(bytes), ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(expires) };
    }

    /// <summary>
    /// Uses the nonce up, for what its message is presented. Refused: <c>nonce_unknown</c> (not made here), <c>nonce_expired</c>, <c>nonce_used</c>,
    /// <c>nonce_other_purpose</c>, <c>siwe_request_id_not_expected</c>. Null: it was good, and is no more.
    /// </summary>
    public async ValueTask<Refusal?> ConsumeAsync(string nonce, ProofContext context, string? requestId, CancellationToken cancellationToken)
    {
        if (Decode(nonce) is not { } bytes || !CryptographicOperations.FixedTimeEquals(Tag(bytes.AsSpan(0, BoundSize)), bytes.AsSpan(BoundSize)))
            return SignInErrors.Proof(SignInErrors.NonceUnknown, "nonce", "This server did not issue this nonce; ask for a new one.");
        DateTimeOffset expiresAt = ExpiryOf(bytes);
        if (time.GetUtcNow() >= expiresAt)
            return SignInErrors.Proof(SignInErrors.NonceExpired, "nonce", "The nonce has expired; ask for a new one.");
        return await store.TryUseNonceAsync(nonce, expiresAt, cancellationToken)
            ? CheckUse(bytes, context, requestId)
            : SignInErrors.Proof(SignInErrors.NonceUsed, "nonce", "The nonce was used before; ask for a new one.");
    }

    private Refusal? CheckUse(byte[] bytes, ProofContext context, string? requestId)
    {
        Use use = (Use)bytes[UseAt];
        bool link = use.HasFlag(Use.Link);
        bool withRequestId = use.HasFlag(Use.WithRequestId);
        if (link != context.Account is not null)
            return SignInErrors.Proof(SignInErrors.NonceOtherPurpose, "nonce", $"The nonce was issued to {(link ? "link a wallet" : "sign in")}; ask for another one.");
        if (CryptographicOperations.FixedTimeEquals(Bind(bytes.AsSpan(0, PayloadSize), context, withRequestId ? requestId ?? "" : null), bytes.AsSpan(PayloadSize, TagSize))
            && (!withRequestId || requestId is not null))
        {
            return null;
        }
        return withRequestId
            ? SignInErrors.Proof(SignInErrors.RequestIdNotExpected, "requestId", "The nonce was issued for another Request ID.")
            : SignInErrors.Proof(SignInErrors.NonceOtherPurpose, "nonce", "The nonce was issued to another account; ask for one of your own.");
    }

    private static DateTimeOffset ExpiryOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> wide = stackalloc byte[sizeof(long)];
        bytes[..ExpirySize].CopyTo(wide[^ExpirySize..]);
        return DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(wide));
    }

    private byte[] Key => _key ?? throw new InvalidOperationException("The key was not loaded.");

    private ReadOnlySpan<byte> Tag(ReadOnlySpan<byte> bound) => HMACSHA256.HashData(Key, bound).AsSpan(0, TagSize);

    /// <summary>Over the payload, the account (16 bytes, zeros for none) and the Request ID: of another length than what <see cref="Tag"/> covers.</summary>
    private ReadOnlySpan<byte> Bind(ReadOnlySpan<byte> payload, ProofContext context, string? requestId)
    {
        byte[] whom = (context.Account ?? Guid.Empty).ToByteArray(bigEndian: true);
        byte[] bound = [.. payload, .. whom, .. SHA256.HashData(Encoding.UTF8.GetBytes(requestId ?? ""))];
        return HMACSHA256.HashData(Key, bound).AsSpan(0, TagSize);
    }

    /// <summary>Base 32 (RFC 4648) in small letters; 50 bytes are 80 digits without a rest.</summary>
    private static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[TextLength];
        for (int i = 0; i < TextLength; i++)
        {
            int bit = i * 5;
            int pair = (bytes[bit / 8] << 8) | (bit / 8 + 1 < Size ? bytes[(bit / 8) + 1] : 0);
            text[i] = Alphabet[(pair >> (11 - (bit % 8))) & 31];
        }
        return new string(text);
    }

    private static byte[]? Decode(string text)
    {
        if (text.Length != TextLength)
            return null;
        byte[] bytes = new byte[Size];
        int buffer = 0;
        int bits = 0;
        int at = 0;
        foreach (char c in text)
        {
            int digit = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (digit < 0)
                return null;
            buffer = ((buffer << 5) | digit) & 0xfff;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[at++] = (byte)(buffer >> bits);
            }
        }
        return bytes;
    }
}
