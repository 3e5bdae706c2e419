using System.Buffers;
using System.Buffers.Text;
using System.Text;
using CoolChat.Contracts.Internal;
using CoolChat.User.Accounts;

namespace CoolChat.User.Profiles;

/// <summary>Where the next page begins: opaque to clients, checked when it comes back.</summary>
internal static class Cursors
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;
    private const int MaxChars = 1_000;

    public static readonly Refusal BadLimit = Refusal.Invalid("limit", "1 to 200.");

    private static readonly Refusal Malformed = Refusal.Invalid("next", "It must be the next of the page before.");

    /// <summary>Null when out of bounds.</summary>
    public static int? Limit(int? limit) => limit is null ? DefaultLimit : limit is >= 1 and <= MaxLimit ? limit : null;

    public static string Write(Guid id) => Base64Url.EncodeToString(id.ToByteArray(bigEndian: true));

    public static Result<Guid?> ReadId(string? next)
    {
        if (string.IsNullOrEmpty(next))
            return (Guid?)null;
        return Decode(next) is { Length: 16 } bytes ? new Guid(bytes, bigEndian: true) : Malformed;
    }

    public static string Write(AccountCursor at) => Base64Url.EncodeToString([.. at.Id.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(at.Key)]);

    public static Result<AccountCursor?> ReadMatch(string? next)
    {
        if (string.IsNullOrEmpty(next))
            return (AccountCursor?)null;
        return Decode(next) is { Length: > 16 } bytes
            ? new AccountCursor(Encoding.UTF8.GetString(bytes, 16, bytes.Length - 16), new Guid(bytes.AsSpan(0, 16), bigEndian: true))
            : Malformed;
    }

    private static byte[]? Decode(string text)
    {
        // TryDecode throws for what is not base64url; it is false only for want of room.
        if (text.Length > MaxChars || !Base64Url.IsValid(text))
            return null;
        byte[] bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.DecodeFromChars(text, bytes, out _, out int written) == OperationStatus.Done ? bytes[..written] : null;
    }
}
