using System.Buffers.Binary;
using System.Security.Cryptography;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.User.Registration;
using Microsoft.Extensions.Options;

namespace CoolChat.User.SignIn;

/// <summary>
/// Nonces that need no memory until they are used: 35 bytes as 56 letters and digits, in which stand when it expires (5 bytes, seconds), 14 random
/// bytes, and the first 16 bytes of HMAC-SHA256 over those. Asking for nonces therefore costs the server nothing, and nobody can fill the set of used
/// ones with inventions. Each has exactly one spelling, so that the set can't be evaded.
/// </summary>
internal sealed class SignInNonces(IServerStore store, IOptions<AuthOptions> options, TimeProvider time)
{
    private const int ExpirySize = 5;
    private const int PayloadSize = ExpirySize + 14;
    private const int Size = PayloadSize + 16;
    private const int TextLength = Size * 8 / 5;
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    private byte[]? _key;

    /// <summary>Reads the key, which outlives restarts as the set of used nonces does.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken) =>
        _key = await store.SecretAsync(SecretNames.Nonces, RandomNumberGenerator.GetBytes(32), cancellationToken);

    public NonceView Issue()
    {
        long expires = (time.GetUtcNow() + options.Value.NonceLifetime).ToUnixTimeSeconds();
        Span<byte> bytes = stackalloc byte[Size];
        Span<byte> wide = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(wide, expires);
        wide[^ExpirySize..].CopyTo(bytes);
        RandomNumberGenerator.Fill(bytes[ExpirySize..PayloadSize]);
        Authenticate(bytes[..PayloadSize]).CopyTo(bytes[PayloadSize..]);
        return new NonceView { Nonce = Encode(bytes), ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(expires) };
    }

    /// <summary>
    /// Uses the nonce up. Refused: <c>nonce_unknown</c> (not made here), <c>nonce_expired</c>, <c>nonce_used</c>. Null: it was good, and is no more.
    /// </summary>
    public async ValueTask<Refusal?> ConsumeAsync(string nonce, CancellationToken cancellationToken)
    {
        if (Decode(nonce) is not { } bytes || !CryptographicOperations.FixedTimeEquals(Authenticate(bytes.AsSpan(0, PayloadSize)), bytes.AsSpan(PayloadSize)))
            return SignInErrors.Proof(SignInErrors.NonceUnknown, "nonce", "This server did not issue this nonce; ask for a new one.");
        DateTimeOffset expiresAt = ExpiryOf(bytes);
        if (time.GetUtcNow() >= expiresAt)
            return SignInErrors.Proof(SignInErrors.NonceExpired, "nonce", "The nonce has expired; ask for a new one.");
        return await store.TryUseNonceAsync(nonce, expiresAt, cancellationToken)
            ? null
            : SignInErrors.Proof(SignInErrors.NonceUsed, "nonce", "The nonce was used before; ask for a new one.");
    }

    private static DateTimeOffset ExpiryOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> wide = stackalloc byte[sizeof(long)];
        bytes[..ExpirySize].CopyTo(wide[^ExpirySize..]);
        return DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(wide));
    }

    private ReadOnlySpan<byte> Authenticate(ReadOnlySpan<byte> payload) =>
        HMACSHA256.HashData(_key ?? throw new InvalidOperationException("The key was not loaded."), payload).AsSpan(0, Size - PayloadSize);

    /// <summary>Base 32 (RFC 4648) in small letters; 35 bytes are 56 digits without a rest.</summary>
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
