using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using CoolChat.User.Registration;

namespace CoolChat.User.Tokens;

/// <summary>
/// Refresh tokens: base64url of sessionId (16 bytes), secret (32) and tag (16). The first secret is random; each successor is an HMAC of its parent
/// under a key of the server, so that a parent that is shown again (two tabs, a lost answer) gives the very same successor although only hashes are
/// stored. The tag tells an old token from a forged one: only a real one may end its session.
/// </summary>
internal sealed class RefreshTokens(IServerStore store)
{
    private const int IdBytes = 16;
    private const int SecretBytes = 32;
    private const int TagBytes = 16;
    private const int Length = IdBytes + SecretBytes + TagBytes;

    private byte[]? _key;

    private byte[] Key => _key ?? throw new InvalidOperationException("Refresh tokens were asked for before their key was loaded.");

    public async Task LoadAsync(CancellationToken cancellationToken) =>
        _key = await store.SecretAsync(SecretNames.RefreshTokens, RandomNumberGenerator.GetBytes(32), cancellationToken);

    public static RefreshToken First(Guid sessionId) => new(sessionId, RandomNumberGenerator.GetBytes(SecretBytes));

    public RefreshToken Successor(RefreshToken parent) => new(parent.SessionId, Mac("next"u8, parent));

    public string Write(RefreshToken token)
    {
        Span<byte> bytes = stackalloc byte[Length];
        token.SessionId.TryWriteBytes(bytes, bigEndian: true, out _);
        token.Secret.CopyTo(bytes[IdBytes..]);
        Mac("tag"u8, token).AsSpan(0, TagBytes).CopyTo(bytes[(IdBytes + SecretBytes)..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null when this server never made it.</summary>
    public RefreshToken? Read(string? text)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (text is null || text.Length > 100 || Base64Url.DecodeFromChars(text, bytes, out _, out int written) != OperationStatus.Done || written != Length)
            return null;
        RefreshToken token = new(new Guid(bytes[..IdBytes], bigEndian: true), bytes.Slice(IdBytes, SecretBytes).ToArray());
        return CryptographicOperations.FixedTimeEquals(Mac("tag"u8, token).AsSpan(0, TagBytes), bytes[(IdBytes + SecretBytes)..]) ? token : null;
    }

    private byte[] Mac(ReadOnlySpan<byte> purpose, RefreshToken token)
    {
        Span<byte> input = stackalloc byte[4 + IdBytes + SecretBytes];
        input.Clear();
        purpose.CopyTo(input);
        token.SessionId.TryWriteBytes(input[4..], bigEndian: true, out _);
        token.Secret.CopyTo(input[(4 + IdBytes)..]);
        return HMACSHA256.HashData(Key, input);
    }
}

/// <summary>A refresh token taken apart.</summary>
internal sealed record RefreshToken(Guid SessionId, byte[] Secret)
{
    /// <summary>When the session began: its id is a UUIDv7 (RFC 9562), which begins with the time.</summary>
    public DateTimeOffset SessionBegan =>
        DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(SessionId.ToByteArray(bigEndian: true)) >>> 16);

    /// <summary>What is stored of it.</summary>
    public byte[] Hash => SHA256.HashData(Secret);
}
