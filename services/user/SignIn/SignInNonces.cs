using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CoolChat.Contracts.Internal;
using Microsoft.Extensions.Options;

namespace CoolChat.User.SignIn;

/// <summary>A nonce to put into a message, and until when it can be used.</summary>
internal sealed record IssuedNonce(string Nonce, DateTimeOffset ExpiresAt);

/// <summary>
/// Nonces that need no memory until they are used: 35 bytes as 56 letters and digits, in which stand when it expires (5 bytes, seconds), 14 random
/// bytes, and the first 16 bytes of HMAC-SHA256 over those and what the nonce is for. Asking for nonces therefore costs the server nothing.
/// Each has exactly one spelling, so that the set of used ones can't be evaded.
/// </summary>
internal sealed class SignInNonces(INonceKeys keys, IUsedNonces used, IOptions<SignInOptions> options, TimeProvider time)
{
    private const int ExpirySize = 5;
    private const int PayloadSize = ExpirySize + 14;
    private const int Size = PayloadSize + 16;
    private const int TextLength = Size * 8 / 5;
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <param name="purpose">What it may be used for, and by whom if that is known: a nonce for one purpose is none for another.</param>
    public IssuedNonce Issue(string purpose)
    {
        long expires = (time.GetUtcNow() + options.Value.NonceLifetime).ToUnixTimeSeconds();
        Span<byte> bytes = stackalloc byte[Size];
        Span<byte> wide = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(wide, expires);
        wide[^ExpirySize..].CopyTo(bytes);
        RandomNumberGenerator.Fill(bytes[ExpirySize..PayloadSize]);
        Authenticate(keys.Current[0], bytes[..PayloadSize], purpose).AsSpan(0, Size - PayloadSize).CopyTo(bytes[PayloadSize..]);
        return new IssuedNonce(Encode(bytes), DateTimeOffset.FromUnixTimeSeconds(expires));
    }

    /// <summary>
    /// Uses the nonce up. Refused: <c>nonce_unknown</c> (not made here, or for another purpose), <c>nonce_expired</c>, <c>nonce_used</c>,
    /// <c>busy</c>. Null: it was good, and is no more.
    /// </summary>
    public async ValueTask<Refusal?> ConsumeAsync(string nonce, string purpose, CancellationToken cancellationToken)
    {
        if (Decode(nonce) is not { } bytes || !IsAuthentic(bytes, purpose))
            return SignInErrors.Proof(SignInErrors.NonceUnknown, "nonce", "This server did not issue this nonce for this purpose; ask for a new one.");
        DateTimeOffset expiresAt = ExpiryOf(bytes);
        if (time.GetUtcNow() >= expiresAt)
            return SignInErrors.Proof(SignInErrors.NonceExpired, "nonce", "The nonce has expired; ask for a new one.");
        return await used.TryUseAsync(nonce, expiresAt, cancellationToken) switch
        {
            NonceUse.Taken => null,
            NonceUse.UsedBefore => SignInErrors.Proof(SignInErrors.NonceUsed, "nonce", "The nonce was used before; ask for a new one."),
            _ => new Refusal(Contracts.ErrorCodes.Busy, "Too many people are signing in; try again in a moment.", RetryAfter: 30, Status: 503),
        };
    }

    private bool IsAuthentic(ReadOnlySpan<byte> bytes, string purpose)
    {
        bool authentic = false;
        foreach (ReadOnlyMemory<byte> key in keys.Current)
        {
            byte[] mac = Authenticate(key, bytes[..PayloadSize], purpose);
            authentic |= CryptographicOperations.FixedTimeEquals(mac.AsSpan(0, Size - PayloadSize), bytes[PayloadSize..]);
        }
        return authentic;
    }

    private static DateTimeOffset ExpiryOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> wide = stackalloc byte[sizeof(long)];
        bytes[..ExpirySize].CopyTo(wide[^ExpirySize..]);
        return DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64BigEndian(wide));
    }

    private static byte[] Authenticate(ReadOnlyMemory<byte> key, ReadOnlySpan<byte> payload, string purpose) =>
        HMACSHA256.HashData(key.Span, [.. "coolchat nonce\0"u8, .. payload, .. Encoding.UTF8.GetBytes(purpose)]);

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
